//! Finds the folders of the user, by one rule, for whoever keeps something of theirs there.

use std::path::PathBuf;

/// The program's own name in the user's folders.
const PROGRAM: &str = "seaworthy";

/// The user's home. A relative path is none: it would be another folder in each place the program is started from.
#[must_use]
pub(crate) fn home_folder() -> Option<PathBuf> {
    absolute_variable("HOME").or_else(|| absolute_variable("USERPROFILE"))
}

/// The program's folder for settings: in `$XDG_CONFIG_HOME`, else in `~/.config`, on every system.
#[must_use]
pub(crate) fn config_folder() -> Option<PathBuf> {
    user_folder("XDG_CONFIG_HOME", ".config")
}

/// The program's folder for what can be found out again: in `$XDG_CACHE_HOME`, else in `~/.cache`.
#[must_use]
pub(crate) fn cache_folder() -> Option<PathBuf> {
    user_folder("XDG_CACHE_HOME", ".cache")
}

/// The folder below which programs keep their state: `$XDG_STATE_HOME`, else `~/.local/state`, or what a system without
/// that convention has. Where there is none, undo and the like last as long as the system's temporary folder.
#[must_use]
pub(crate) fn state_home() -> PathBuf {
    absolute_variable("XDG_STATE_HOME")
        .or_else(|| if cfg!(windows) { absolute_variable("LOCALAPPDATA") } else { None })
        .or_else(|| home_folder().map(|home| home.join(".local/state")))
        .or_else(|| {
            std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".local/state"))
        })
        .unwrap_or_else(std::env::temp_dir)
}

/// The program's folder for its state.
#[must_use]
pub(crate) fn state_folder() -> PathBuf {
    state_home().join(PROGRAM)
}

fn user_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let home = || home_folder().map(|home| home.join(below_home));
    Some(absolute_variable(variable).or_else(home)?.join(PROGRAM))
}

fn absolute_variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}
