//! The whole program without a terminal: state, actions, and what follows from each.
