//! The terminal: entered, listened to, drawn on, handed over and given back as it was.

mod ability;
mod clipboard;
mod config;
mod editor;
mod input;
mod message;
mod run;
mod screen;
#[cfg(unix)]
mod signals;
mod worker;

pub use ability::detect_colour_depth;
pub use config::{config_path, read_config};
pub use editor::{EditorCommand, editor_command};
pub use run::{TerminalOptions, is_interactive, run_terminal};
pub use worker::ServiceHandle;
