//! Runs `baseline`: records today's findings, so that `check` and the app can tell the new ones.

use std::path::Path;

use anyhow::Context;

use super::{EXIT_CLEAN, print_note, print_stdout, run_audit};
use crate::audit::{AuditEngine, shrink_baseline, take_baseline};
use crate::repo;
use crate::service::workspace;
use crate::suppress::BASELINE_FILE;
use crate::text::make_printable;

pub(super) fn run(path: &Path, shrink: bool) -> anyhow::Result<u8> {
    let target = run_audit::resolve_path(path)?;
    let engine = run_audit::run_audit(std::slice::from_ref(&target))?;
    let before = workspace::load_baseline(engine.root())?;
    let home = workspace::settings_folder(engine.root());
    let mut now = take_baseline(&engine);
    if shrink {
        now = shrink_baseline(&before, &engine, |path| home.join(path).exists());
    } else {
        now.merge_unscanned(&before, |known| home.join(known).starts_with(&target));
    }
    let at = home.join(BASELINE_FILE);
    repo::replace_file(&at, &now.to_json()).with_context(|| format!("{} cannot be written", at.display()))?;
    let (was, is) = (before.len(), now.len());
    let findings = if is == 1 { "finding" } else { "findings" };
    print_stdout(&format!(
        "{}: {is} {findings} ({was} before)\n",
        make_printable(&at.display().to_string())
    ))?;
    Ok(EXIT_CLEAN)
}

/// Drops from the baseline the findings that are gone, so that they are new when they come back, and prints a note. On
/// a machine that only checks, nothing is written: there the note says how to.
pub(super) fn drop_gone_findings(engine: &AuditEngine) -> anyhow::Result<()> {
    let before = workspace::load_baseline(engine.root())?;
    if before.is_empty() {
        return Ok(());
    }
    let home = workspace::settings_folder(engine.root());
    let left = shrink_baseline(&before, engine, |path| home.join(path).exists());
    let gone = before.len() - left.len();
    if gone == 0 {
        return Ok(());
    }
    let findings = if gone == 1 { "finding that is" } else { "findings that are" };
    let checks_only = std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"));
    if checks_only || repo::replace_file(&home.join(BASELINE_FILE), &left.to_json()).is_err() {
        print_note(&format!(
            "{BASELINE_FILE} holds {gone} {findings} gone: `seaworthy baseline --shrink` takes {} out",
            if gone == 1 { "it" } else { "them" }
        ));
    } else {
        print_note(&format!("{BASELINE_FILE}: took out {gone} {findings} gone"));
    }
    Ok(())
}
