//! `walk`: the app, opened on the guided hardening.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::args::Look;
use super::interactive;
use crate::app::Walking;
use crate::repo;
use crate::terminal;

/// Where what came of a walk is saved, in the current folder.
const FILE: &str = "seaworthy-walk.md";

pub(super) fn run(path: &Path, look: &Look) -> anyhow::Result<u8> {
    if !terminal::usable() {
        bail!("the walk needs a terminal; `seaworthy fix --review --diff` prints what it would write");
    }
    interactive::open(path, look, |state| state.walk = Some(Walking::default()))
}

/// Saves what came of a walk, over nothing that is there.
pub(super) fn save(text: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_dir()?.join(FILE);
    repo::create_file(&path, text)
        .with_context(|| format!("{} is not written over: move it away first", path.display()))?;
    Ok(path)
}
