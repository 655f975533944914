//! Saves what came of a walk as Markdown, for the app.

use std::path::PathBuf;

use anyhow::Context;

use crate::repo;

/// Where what came of a walk is saved, in the current folder.
const EXPORT_FILE: &str = "seaworthy-walk.md";

/// Saves what came of a walk, over nothing that is there.
pub(crate) fn save_export(text: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_dir()?.join(EXPORT_FILE);
    repo::create_file(&path, text)
        .with_context(|| format!("{} is not written over: move it away first", path.display()))?;
    Ok(path)
}
