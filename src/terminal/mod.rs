//! The terminal: entered, left, suspended, and always given back.
