//! Runs the app in the terminal: enters it, reads its input, draws on it, and gives it back as it was.

mod alert_command;
mod capped_backend;
mod clipboard;
mod command_template;
mod due_events;
mod editor;
mod event_loop;
mod input;
mod loop_input;
mod path_argument;
mod program_syntax;
mod screen_sequences;
mod script_doubts;
mod shell_script;
#[cfg(unix)]
mod signals;
mod sourced_path;
mod terminal_features;
#[cfg(unix)]
mod terminal_guard;
mod terminal_screen;
mod user_alert;

pub use alert_command::alert_command;
pub use editor::{EditorCommand, editor_command};
pub use event_loop::{TerminalOptions, is_interactive, run_terminal};
pub use terminal_features::detect_colour_depth;
#[cfg(unix)]
pub use terminal_guard::run_guard;

/// No guard is known for this system.
#[cfg(not(unix))]
#[must_use]
pub const fn run_guard() -> Option<std::process::ExitCode> {
    None
}
