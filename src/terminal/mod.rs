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

pub use ability::depth;
pub use config::{path as config_path, read as read_config};
pub use editor::{Launch, launch};
pub use run::{Options, run, usable};
pub use worker::Remote;
