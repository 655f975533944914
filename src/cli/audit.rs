//! The audit that `check` and `fix` begin with.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};

use super::{home, murmur};
use crate::audit::AuditEngine;
use crate::repo;

/// A scan that takes longer shows its progress, in milliseconds.
const PATIENCE: u128 = 500;

/// Audits what lies at the paths, whose common folder is the root.
pub(super) fn audit(paths: &[PathBuf]) -> anyhow::Result<AuditEngine> {
    scanned(paths, |engine| engine)
}

/// The same, for a report alone.
pub(super) fn audit_lightly(paths: &[PathBuf]) -> anyhow::Result<AuditEngine> {
    scanned(paths, AuditEngine::for_single_report)
}

fn scanned(paths: &[PathBuf], prepared: fn(AuditEngine) -> AuditEngine) -> anyhow::Result<AuditEngine> {
    let paths = paths.iter().map(|path| resolve(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let root = repo::common_root(&paths);
    let progress = Progress::new();
    let mut engine = prepared(home::engine(root)?);
    engine.scan(&paths, &|done, total| progress.show(done, total));
    progress.clear();
    Ok(engine)
}

/// The path in full; an error that says what to do where nothing is there.
pub(super) fn resolve(path: &Path) -> anyhow::Result<PathBuf> {
    if !path.exists() {
        bail!("{} is not there: name a folder or a file that is", path.display());
    }
    path.canonicalize().with_context(|| format!("{} cannot be reached", path.display()))
}

/// One line on stderr, on a terminal, once it takes long.
struct Progress {
    began: Instant,
    terminal: bool,
}

impl Progress {
    fn new() -> Self {
        Self { began: Instant::now(), terminal: std::io::stderr().is_terminal() }
    }

    fn show(&self, done: usize, total: usize) {
        if self.terminal && self.began.elapsed().as_millis() > PATIENCE {
            murmur(&format!("scanning {done} of {total}"));
        }
    }

    fn clear(&self) {
        if self.terminal && self.began.elapsed().as_millis() > PATIENCE {
            murmur("");
        }
    }
}
