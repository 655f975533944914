//! Runs the app in the terminal: enters it, reads its input, draws on it, and gives it back as it was.

mod clipboard;
mod editor;
mod event_loop;
mod input;
mod loop_input;
#[cfg(unix)]
mod signals;
mod terminal_features;
mod terminal_screen;

pub use editor::{EditorCommand, editor_command};
pub use event_loop::{TerminalOptions, is_interactive, run_terminal};
pub use terminal_features::detect_colour_depth;
