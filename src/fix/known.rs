//! What the baseline knows can be mended and allowed like anything else, when a person asks for it.

use std::collections::BTreeSet;

use super::{Answers, Plan, allow, plan_while};
use crate::audit::Engine;
use crate::finding::FindingKey;
use crate::repo::FilePatch;
use crate::repo::RelPath;

/// The plan that mends these findings, those that the baseline knows among them, as long as it is `wanted`.
///
/// # Errors
/// As [`plan_while`].
pub fn plan_known(
    engine: &mut Engine,
    keys: &[FindingKey],
    answers: &Answers,
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Plan, String> {
    let files = known(engine, keys);
    engine.reopened(&files, |engine| plan_while(engine, keys, answers, wanted))
}

/// The file with a comment that allows the finding, be it in the baseline or not.
///
/// # Errors
/// As [`allow`].
pub fn allow_known(engine: &mut Engine, key: &FindingKey, reason: &str) -> Result<FilePatch, String> {
    let files = known(engine, std::slice::from_ref(key));
    engine.reopened(&files, |engine| allow(engine, key, reason))
}

/// The files of those findings that the baseline knows.
fn known(engine: &Engine, keys: &[FindingKey]) -> BTreeSet<RelPath> {
    if engine.baseline().is_empty() {
        return BTreeSet::new();
    }
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    let files: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let is_asked = |path: &&RelPath| {
        engine.quiet_in(path).iter().any(|(key, quiet)| quiet.is_known() && asked.contains(key))
    };
    files.into_iter().filter(is_asked).cloned().collect()
}
