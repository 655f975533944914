//! Runs the audit that `check` and `fix` begin with.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::named_paths::{PathAccess, resolve_path};
use super::{print_note, show_progress};
use crate::audit::AuditEngine;
use crate::fix::History;
use crate::repo;
use crate::service::workspace::{self, RepositorySettings};
use crate::trial::apply_kept_trials;

/// The time after which a scan shows its progress, in milliseconds: a quicker one needs none.
const PROGRESS_DELAY_MS: u128 = 500;

/// Audits the files at the paths, whose common folder is the root.
pub(super) fn run_audit(paths: &[PathBuf], access: PathAccess) -> anyhow::Result<AuditEngine> {
    scan_paths(paths, access, RepositorySettings::InEffect, |engine| engine)
}

/// Audits in the same way, for a report alone; with `is_light`, no more is kept than that tells of.
pub(super) fn audit_for_report(
    paths: &[PathBuf],
    settings: RepositorySettings,
    is_light: bool,
) -> anyhow::Result<AuditEngine> {
    let prepare = |engine: AuditEngine| if is_light { engine.for_single_report() } else { engine };
    scan_paths(paths, PathAccess::Read, settings, prepare)
}

fn scan_paths(
    paths: &[PathBuf],
    access: PathAccess,
    settings: RepositorySettings,
    prepare: impl FnOnce(AuditEngine) -> AuditEngine,
) -> anyhow::Result<AuditEngine> {
    let paths = paths.iter().map(|path| resolve_path(path, access)).collect::<anyhow::Result<Vec<_>>>()?;
    let root = repo::common_root(&paths);
    settle_cut_short(&root, access);
    let progress = ProgressLine::new();
    let mut engine = prepare(workspace::open_engine(root, settings)?);
    engine.scan(&paths, &|done, total| progress.show_count(done, total));
    progress.clear_line();
    if settings == RepositorySettings::InEffect {
        apply_kept_trials(&mut engine);
    }
    Ok(engine)
}

/// Rolls back what a killed process has left half written, before it is taken for what a person wrote; a command that
/// only reads says what does so.
fn settle_cut_short(root: &Path, access: PathAccess) {
    match access {
        PathAccess::Write => History::roll_back_around(root).iter().for_each(|message| print_note(message)),
        PathAccess::Read => {
            for at in History::find_cut_short(root) {
                let at = at.display();
                print_note(&format!(
                    "a write in {at} was cut short, and some of its files are still as it left them: seaworthy undo {at} puts them back"
                ));
            }
        }
    }
}

/// The progress, one line on stderr, shown on a terminal once the scan takes long.
struct ProgressLine {
    started_at: Instant,
    is_terminal: bool,
}

impl ProgressLine {
    fn new() -> Self {
        Self { started_at: Instant::now(), is_terminal: std::io::stderr().is_terminal() }
    }

    fn show_count(&self, done: usize, total: usize) {
        if self.is_terminal && self.started_at.elapsed().as_millis() > PROGRESS_DELAY_MS {
            show_progress(&format!("scanning {done} of {total}"));
        }
    }

    fn clear_line(&self) {
        if self.is_terminal && self.started_at.elapsed().as_millis() > PROGRESS_DELAY_MS {
            show_progress("");
        }
    }
}
