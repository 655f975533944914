//! Fixes and suppresses baselined findings like all others, when a person asks for it.

use std::collections::BTreeSet;

use super::{FixPlan, RegistryAnswers, plan_cancellable, suppress_by_comment};
use crate::audit::AuditEngine;
use crate::finding::FindingKey;
use crate::repo::FilePatch;
use crate::repo::RelPath;

/// The plan that fixes these findings, baselined ones among them, as long as it is `wanted`.
///
/// # Errors
/// As [`plan_cancellable`].
pub fn plan_with_baselined(
    engine: &mut AuditEngine,
    keys: &[FindingKey],
    answers: &RegistryAnswers,
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<FixPlan, String> {
    let files = baselined_files(engine, keys);
    engine.with_baselined_open(&files, |engine| plan_cancellable(engine, keys, answers, wanted))
}

/// The file with a comment that suppresses the finding, be it in the baseline or not.
///
/// # Errors
/// As [`suppress_by_comment`].
pub fn suppress_with_baselined(
    engine: &mut AuditEngine,
    key: &FindingKey,
    reason: &str,
) -> Result<FilePatch, String> {
    let files = baselined_files(engine, std::slice::from_ref(key));
    engine.with_baselined_open(&files, |engine| suppress_by_comment(engine, key, reason))
}

/// The files of the baselined ones among those findings.
fn baselined_files(engine: &AuditEngine, keys: &[FindingKey]) -> BTreeSet<RelPath> {
    if engine.baseline().is_empty() {
        return BTreeSet::new();
    }
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    let files: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let is_asked = |path: &&RelPath| {
        engine
            .suppressed_findings(path)
            .iter()
            .any(|(key, quiet)| quiet.is_baselined() && asked.contains(key))
    };
    files.into_iter().filter(is_asked).cloned().collect()
}
