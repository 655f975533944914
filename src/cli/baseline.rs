//! Runs `baseline`: records today's findings, so that `check` and the app can tell the new ones.

use std::path::Path;

use super::check::no_files_message;
use super::named_paths::{PathAccess, resolve_path};
use super::{EXIT_CLEAN, open_history, print_note, print_stdout, run_audit};
use crate::audit::{AuditEngine, shrink_baseline, take_baseline};
use crate::fix::Planner;
use crate::repo::{FilePatch, RelPath};
use crate::service::workspace;
use crate::suppress::BASELINE_FILE;
use crate::text::{SourceText, make_printable};

pub(super) fn run(path: &Path, shrink: bool) -> anyhow::Result<u8> {
    let target = resolve_path(path, PathAccess::Write)?;
    let engine = run_audit::run_audit(std::slice::from_ref(&target), PathAccess::Write)?;
    let source = workspace::read_baseline(engine.root())?;
    if engine.audited_paths().next().is_none() && source.is_absent() {
        print_stdout(&no_files_message(engine.ignored_count()))?;
        return Ok(EXIT_CLEAN);
    }
    let before = workspace::parse_baseline(engine.root(), &source)?;
    let home = workspace::settings_folder(engine.root());
    let mut now = take_baseline(&engine);
    if shrink {
        now = shrink_baseline(&before, &engine, |path| home.join(path).exists());
    } else {
        now.merge_unscanned(&before, |known| home.join(known).starts_with(&target));
    }
    // Where there is none, there is nothing to shrink.
    if !(shrink && source.is_absent()) {
        write_baseline(&home, source, SourceText::new(workspace::baseline_text(&now)?))?;
    }
    let (was, is) = (before.len(), now.len());
    let findings = if is == 1 { "finding" } else { "findings" };
    let at = home.join(BASELINE_FILE);
    print_stdout(&format!(
        "{}: {is} {findings} ({was} before)\n",
        make_printable(&at.display().to_string())
    ))?;
    Ok(EXIT_CLEAN)
}

/// Writes the file as every other is written, so that `undo` takes it back.
fn write_baseline(home: &Path, before: SourceText, after: SourceText) -> anyhow::Result<()> {
    if before == after {
        return Ok(());
    }
    let mut history = open_history(home);
    let path = RelPath::from(BASELINE_FILE);
    Ok(Planner::write_with_title(&mut history, "Baseline", &[FilePatch { path, before, after }])?)
}

/// Prints a note on the findings of the baseline that are gone, and would not be new if they came back. A command that
/// reads writes nothing: they may be back with the next branch.
pub(super) fn print_gone_findings(engine: &AuditEngine) {
    let before = engine.baseline();
    if before.is_empty() {
        return;
    }
    let home = workspace::settings_folder(engine.root());
    let left = shrink_baseline(before, engine, |path| home.join(path).exists());
    let gone = before.len() - left.len();
    if gone > 0 {
        let (findings, them) =
            if gone == 1 { ("finding that is", "it") } else { ("findings that are", "them") };
        print_note(&format!(
            "{BASELINE_FILE} holds {gone} {findings} gone: `seaworthy baseline --shrink` takes {them} out"
        ));
    }
}
