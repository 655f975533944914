//! Where the user's own file lies.

use std::path::PathBuf;

use crate::app::UserConfig;

/// `$XDG_CONFIG_HOME/seaworthy/config.toml`, else in `~/.config`, on every system.
#[must_use]
pub fn config_path() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || named("HOME").or_else(|| named("USERPROFILE")).map(|home| home.join(".config"));
    Some(named("XDG_CONFIG_HOME").or_else(home)?.join("seaworthy").join("config.toml"))
}

/// The user's file, read; the defaults where there is none.
#[must_use]
pub fn read_config() -> UserConfig {
    match config_path().map(std::fs::read_to_string) {
        Some(Ok(text)) => UserConfig::parse_toml(&text),
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => UserConfig {
            problems: vec![(0, format!("it could not be read: {error}"))],
            ..UserConfig::default()
        },
        _ => UserConfig::default(),
    }
}
