//! Writes a finding as SARIF has it: its place, suppression, fixes and fingerprint.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::sarif_rule::severity_level;
use super::{ArtifactPaths, PatchesByFinding, run_item, sarif_fix, span_region};
use crate::audit::{FileReport, ListedFinding};
use crate::finding::Suppression;
use crate::fix::{FixOffer, FixOffers};
use crate::report::secret_values::secret_values;
use crate::rules::ALL_RULES;
use crate::settings::SETTINGS_FILE;
use crate::store::Store;
use crate::text::{SourceText, stable_hash};

/// The findings of a file, each as it is written.
pub(super) fn file_results(
    store: &Store,
    file: &FileReport,
    (patches, offers): (&PatchesByFinding, &FixOffers),
    place: ArtifactPaths<'_>,
) -> Vec<String> {
    let empty = SourceText::new("");
    let source = file.source.as_ref().unwrap_or(&empty);
    let listed = store.findings_in(&file.path);
    let secrets = secret_values(source, listed);
    let mut alike: HashMap<u64, usize> = HashMap::new();
    let each = listed.iter().map(|listed| {
        let mut result = result_json(listed, source, place);
        let print = finding_fingerprint(listed, source);
        let nth = alike.entry(print).or_default();
        result["partialFingerprints"] = json!({"seaworthyFinding/v1": format!("{print:016x}:{nth}")});
        *nth += 1;
        let title = listed.finding.available_fix().map_or("Fix this finding", |fix| fix.title.as_ref());
        if let Some(fix) =
            patches.get(&listed.key).and_then(|patches| sarif_fix::sarif_fix(patches, title, &secrets, place))
        {
            result["fixes"] = json!([fix]);
        }
        if let Some(FixOffer::Fix { risk, .. }) = offers.get(&listed.key) {
            sarif_fix::add_risk(&mut result, risk, place);
        }
        run_item(&result)
    });
    each.collect()
}

fn result_json(listed: &ListedFinding, source: &SourceText, place: ArtifactPaths<'_>) -> Value {
    let (key, finding) = (&listed.key, &listed.finding);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": place.artifact_location(key.path.as_str()),
            "region": span_region(source, finding.span),
        },
    });
    if let Some(object) = &key.subject.object {
        let mut names = vec![json!({"fullyQualifiedName": &**object, "kind": "object"})];
        let within = |container| format!("{object}/{container}");
        names.extend(
            key.subject
                .container
                .as_ref()
                .map(|container| json!({"fullyQualifiedName": within(container), "kind": "object"})),
        );
        location["logicalLocations"] = names.into();
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": ALL_RULES.iter().position(|rule| rule.id == finding.rule),
        "level": severity_level(finding.severity),
        "message": {"text": finding.message},
        "locations": [location],
        // Where one result has suppressions, all do.
        "suppressions": listed.suppression.iter().map(|quiet| suppression_json(quiet)).collect::<Vec<_>>(),
    })
}

fn suppression_json(quiet: &Suppression) -> Value {
    let external = quiet.is_baselined() || quiet.source == SETTINGS_FILE;
    json!({
        "kind": if external { "external" } else { "inSource" },
        "status": "accepted",
        "justification": quiet.to_string(),
    })
}

/// Tells a finding from others while lines move: its rule, file, object and container, and what stands there.
fn finding_fingerprint(listed: &ListedFinding, source: &SourceText) -> u64 {
    let key = &listed.key;
    let content: Vec<&str> = listed.finding.span.slice(source.text()).split_whitespace().collect();
    let object = key.subject.object.as_deref().unwrap_or_default();
    let container = key.subject.container.as_deref().unwrap_or_default();
    let parts = [key.rule, key.path.as_str(), object, container, &content.join(" ")];
    stable_hash(parts.join("\0").as_bytes())
}
