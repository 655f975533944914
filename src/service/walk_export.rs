//! Saves the result of a walk as Markdown, for the app.

use std::path::PathBuf;

use anyhow::Context;

use crate::repo;

/// The file in the current folder where the result of a walk is saved.
const EXPORT_FILE: &str = "seaworthy-walk.md";

/// Saves the result of a walk, and overwrites nothing.
pub(crate) fn save_export(text: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_dir()?.join(EXPORT_FILE);
    repo::create_file(&path, text)
        .with_context(|| format!("{} is not written over: move it away first", path.display()))?;
    Ok(path)
}
