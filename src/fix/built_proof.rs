//! Proves a file's patch in all that kustomizations build of the file, for the fixer.

use super::KeyedFinding;
use super::fix_error::FixError;
use crate::audit::AuditEngine;
use crate::project::FactOverrides;
use crate::repo::FilePatch;

/// Builds every overlay that the file is part of with the patch: each is still built, the findings are gone where they
/// stood, and nothing else changes.
pub(super) fn prove_in_overlays(
    engine: &AuditEngine,
    patch: &FilePatch,
    findings: &[KeyedFinding<'_>],
    facts: &FactOverrides,
) -> Result<(), FixError> {
    if !engine.is_part_of_overlay(&patch.path) {
        return Ok(());
    }
    let mended = findings.iter();
    let mended: Vec<_> =
        mended.filter_map(|(key, finding)| Some((key.rule, finding.placements.as_deref()?))).collect();
    engine.prove_in_overlays(patch, &mended, facts).map_err(FixError::without_culprit)
}
