//! Finds and reads the user's own settings file, for the app and the registries.

use std::path::PathBuf;

use crate::app::UserConfig;
use crate::base::{config_folder, read_bounded_text};

/// The largest file of the user's own settings that is read, in bytes: keys and a theme take some hundred lines.
const MAX_CONFIG_BYTES: u64 = 256 * 1024;

/// `$XDG_CONFIG_HOME/seaworthy/config.toml`, else in `~/.config`, on every system.
#[must_use]
pub fn config_path() -> Option<PathBuf> {
    Some(config_folder()?.join("config.toml"))
}

/// Reads the user's file; the defaults where there is none.
#[must_use]
pub fn read_config() -> UserConfig {
    match config_path().map(|path| read_bounded_text(&path, MAX_CONFIG_BYTES)) {
        Some(Ok(text)) => UserConfig::parse_toml(&text),
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => UserConfig {
            problems: vec![(0, format!("it could not be read: {error}"))],
            ..UserConfig::default()
        },
        _ => UserConfig::default(),
    }
}
