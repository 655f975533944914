//! Writes a fix as SARIF has it: for each file, the text taken out and the text put in its place.

use serde_json::{Value, json};

use super::{ArtifactPaths, span_region};
use crate::repo::FilePatch;
use crate::text::diff;

/// The changes of a fix; none where they would carry a secret along.
pub(super) fn sarif_fix(
    patches: &[FilePatch],
    title: &str,
    secrets: &[&str],
    place: ArtifactPaths<'_>,
) -> Option<Value> {
    let mut changes = Vec::new();
    for patch in patches {
        let mut replacements = Vec::new();
        for splice in diff::minimal_splices(patch.before.text(), patch.after.text()) {
            if secrets.iter().any(|secret| splice.text.contains(secret)) {
                return None;
            }
            replacements.push(json!({
                "deletedRegion": span_region(&patch.before, splice.span),
                "insertedContent": {"text": splice.text},
            }));
        }
        changes.push(json!({
            "artifactLocation": place.artifact_location(patch.path.as_str()),
            "replacements": replacements,
        }));
    }
    (!changes.is_empty()).then(|| json!({"description": {"text": title}, "artifactChanges": changes}))
}
