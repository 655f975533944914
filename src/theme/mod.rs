//! Semantic colours, loaded from themes/.
