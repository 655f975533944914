//! Views: pure functions of the app's state.
