//! Takes a baseline of an audit's findings, and shrinks one to those that remain, for the commands.

use super::{AuditEngine, FileStatus};
use crate::finding::Suppression;
use crate::suppress::Baseline;

/// The baseline of all current findings, new or known. Paths are as the settings name them.
#[must_use]
pub fn take_baseline(engine: &AuditEngine) -> Baseline {
    let mut baseline = Baseline::default();
    for (path, entry) in &engine.files {
        let path = engine.settings().path_in_repository(path.as_str());
        for listed in entry.finding_list().iter() {
            if listed.suppression.as_deref().is_none_or(Suppression::is_baselined) {
                baseline.record_finding(&path, &listed.finding, entry.text());
            }
        }
    }
    baseline
}

/// A baseline without the findings that are gone: from files that were audited whole, and from missing files.
/// `is_there` is true for a path where a file lies.
#[must_use]
pub fn shrink_baseline(
    baseline: &Baseline,
    engine: &AuditEngine,
    is_there: impl Fn(&str) -> bool,
) -> Baseline {
    let settings = engine.settings();
    let is_whole = |path: &str| {
        let path = path.strip_prefix(settings.root_prefix.as_str())?;
        let entry = engine.files.get(&path.into()).filter(|entry| !entry.is_context)?;
        Some(entry.last_valid.is_none() && entry.reported_status() == FileStatus::Audited)
    };
    baseline.shrink(&take_baseline(engine), |path, rule, held, standing| match is_whole(path) {
        // Nothing is known of the findings of a rule that is off.
        Some(true) if !settings.is_rule_off(rule) => held.min(standing),
        None if !is_there(path) => 0,
        _ => held,
    })
}
