//! Writes a fix as SARIF has it: for each file, the text taken out and the text put in its place; and its risk, with
//! the evidence as related places.

use serde_json::{Value, json};

use super::{ArtifactPaths, span_region};
use crate::finding::RiskAssessment;
use crate::repo::FilePatch;
use crate::text::{diff, to_sentence};

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

/// Adds the risk of its fix to a result: cautions in its message where it will break the program, all of them among its
/// properties, and the evidence as places related to it.
pub(super) fn add_risk(result: &mut Value, assessed: &RiskAssessment, place: ArtifactPaths<'_>) {
    let cautions: Vec<String> = assessed.cautions.iter().map(|caution| to_sentence(&caution.text)).collect();
    if assessed.will_break() {
        let message = result["message"]["text"].as_str().unwrap_or_default();
        let because = assessed.causes().join("; ");
        result["message"]["text"] = json!(format!("{message}. Its fix would break the program: {because}"));
    }
    result["properties"] = json!({"fixRisk": assessed.risk.name(), "fixCautions": cautions});
    let evidence = assessed.evidence.iter().map(|seen| {
        json!({
            "physicalLocation": {
                "artifactLocation": place.artifact_location(seen.path.as_str()),
                "region": {"startLine": seen.line, "startColumn": seen.column},
            },
            "message": {"text": to_sentence(&seen.text)},
        })
    });
    let evidence: Vec<Value> = evidence.collect();
    if !evidence.is_empty() {
        result["relatedLocations"] = evidence.into();
    }
}
