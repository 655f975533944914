//! Fixes and suppresses baselined findings like all others, when a person asks for it.

use std::collections::BTreeSet;

use crate::audit::AuditEngine;
use crate::finding::FindingKey;
use crate::repo::RelPath;

/// A copy of the engine in which the baselined ones among these findings are open; none where none is baselined.
pub(super) fn open_baselined(engine: &AuditEngine, keys: &[FindingKey]) -> Option<AuditEngine> {
    let files = baselined_files(engine, keys);
    (!files.is_empty()).then(|| engine.with_baselined_open(&files))
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
