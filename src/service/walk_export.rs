//! Saves the result of a walk as Markdown, for the app.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::repo;

/// The file in the current folder where the result of a walk is saved.
const EXPORT_FILE: &str = "seaworthy-walk.md";

/// Saves the result of a walk, and overwrites nothing.
pub(crate) fn save_export(text: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_dir()?.join(EXPORT_FILE);
    match repo::create_file(&path, text) {
        // Short enough for one line of a small terminal.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{EXPORT_FILE} is here already: move it away first")
        }
        written => written.with_context(|| format!("{} cannot be made", path.display()))?,
    }
    Ok(path)
}
