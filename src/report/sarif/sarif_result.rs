//! Writes a finding as SARIF has it: its place, suppression, fixes and fingerprint.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::sarif_rule::severity_level;
use super::{ArtifactPaths, PatchesByFinding, run_item, sarif_fix, span_region};
use crate::audit::{FileReport, ListedFinding};
use crate::base::par_map;
use crate::finding::Suppression;
use crate::fix::{FixOffer, FixOffers};
use crate::report::secret_values::secret_values;
use crate::rules::ALL_RULES;
use crate::settings::SETTINGS_FILE;
use crate::store::Store;
use crate::text::{SourceText, stable_hash};

/// The findings of a file as results: as text, or where that would take much memory, all that it is made of.
pub(super) enum FileResults<'a> {
    Text(Vec<String>),
    Many(ResultWriter<'a>),
}

/// More findings of a file than these are made to text while they are written, so many at a time.
const MANY_RESULTS: usize = 1024;

/// What the results of a file are made with.
pub(super) struct ResultWriter<'a> {
    source: Option<&'a SourceText>,
    listed: &'a [Arc<ListedFinding>],
    /// For each of them, the number that tells it from others while lines move.
    prints: Vec<String>,
    secrets: Vec<&'a str>,
    patches: PatchesByFinding,
    offers: &'a FixOffers,
    place: ArtifactPaths<'a>,
}

impl<'a> FileResults<'a> {
    pub(super) fn of_file(
        store: &'a Store,
        file: &'a FileReport,
        (patches, offers): (PatchesByFinding, &'a FixOffers),
        place: ArtifactPaths<'a>,
    ) -> Self {
        let (source, listed) = (file.source.as_ref(), store.findings_in(&file.path));
        let secrets = source.map(|source| secret_values(source, listed)).unwrap_or_default();
        let mut alike: HashMap<u64, usize> = HashMap::new();
        let prints = listed.iter().map(|listed| {
            let print = finding_fingerprint(listed, source.map_or("", SourceText::text));
            let nth = alike.entry(print).or_default();
            *nth += 1;
            format!("{print:016x}:{}", *nth - 1)
        });
        let prints = prints.collect();
        let writer = ResultWriter { source, listed, prints, secrets, patches, offers, place };
        if listed.len() > MANY_RESULTS {
            return Self::Many(writer);
        }
        Self::Text((0..listed.len()).map(|nth| writer.make_result(nth)).collect())
    }

    /// Hands each result to `push`, in their order.
    pub(super) fn push_results(&self, mut push: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Text(results) => results.iter().try_for_each(|result| push(result)),
            Self::Many(writer) => {
                let all: Vec<usize> = (0..writer.listed.len()).collect();
                all.chunks(MANY_RESULTS).try_for_each(|some| {
                    let made = par_map(some.to_vec(), |nth| writer.make_result(nth));
                    made.iter().try_for_each(|result| push(result))
                })
            }
        }
    }
}

impl ResultWriter<'_> {
    fn make_result(&self, nth: usize) -> String {
        let listed = &self.listed[nth];
        let empty = SourceText::new("");
        let mut result = result_json(listed, self.source.unwrap_or(&empty), self.place);
        result["partialFingerprints"] = json!({"seaworthyFinding/v1": self.prints[nth]});
        let title = listed.finding.available_fix().map_or("Fix this finding", |fix| fix.title.as_ref());
        let patches = self.patches.get(&listed.key);
        if let Some(fix) =
            patches.and_then(|patches| sarif_fix::sarif_fix(patches, title, &self.secrets, self.place))
        {
            result["fixes"] = json!([fix]);
        }
        if let Some(FixOffer::Fix { risk, .. }) = self.offers.get(&listed.key) {
            sarif_fix::add_risk(&mut result, risk, self.place);
        }
        run_item(&result)
    }
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
fn finding_fingerprint(listed: &ListedFinding, text: &str) -> u64 {
    let key = &listed.key;
    let content: Vec<&str> = listed.finding.span.slice(text).split_whitespace().collect();
    let object = key.subject.object.as_deref().unwrap_or_default();
    let container = key.subject.container.as_deref().unwrap_or_default();
    let parts = [key.rule, key.path.as_str(), object, container, &content.join(" ")];
    stable_hash(parts.join("\0").as_bytes())
}
