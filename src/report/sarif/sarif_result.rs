//! Writes a finding as SARIF has it: its place, suppression, fixes and fingerprint.

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::sarif_rule::severity_level;
use super::{ArtifactPaths, LoggedFile, LoggedFixes, run_item, sarif_fix, span_region};
use crate::audit::{FileReport, ListedFinding};
use crate::base::par_map;
use crate::finding::Suppression;
use crate::fix::FixOffer;
use crate::report::finding_pages::findings_at_a_time;
use crate::report::secret_values::secret_values;
use crate::rules::ALL_RULES;
use crate::settings::SETTINGS_FILE;
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
    file: &'a FileReport,
    logged: LoggedFile<'a>,
    /// For each finding, the two numbers that tell it from others while lines move: of what it says, and among its likes.
    prints: Vec<(u64, u32)>,
    place: ArtifactPaths<'a>,
}

impl<'a> FileResults<'a> {
    pub(super) fn of_file(file: &'a FileReport, logged: LoggedFile<'a>, place: ArtifactPaths<'a>) -> Self {
        let source = file.source.as_ref();
        let mut alike: HashMap<u64, u32> = HashMap::new();
        let prints = logged.findings.iter().map(|listed| {
            let print = finding_fingerprint(listed, source.map_or("", SourceText::text));
            let nth = alike.entry(print).or_default();
            *nth += 1;
            (print, *nth - 1)
        });
        let prints: Vec<(u64, u32)> = prints.collect();
        let count = prints.len();
        let writer = ResultWriter { file, logged, prints, place };
        if count > MANY_RESULTS {
            return Self::Many(writer);
        }
        let (secrets, fixes) = (writer.secrets(), (writer.logged.fixes)(&writer.logged.findings));
        Self::Text((0..count).map(|nth| writer.make_result(nth, &fixes, &secrets)).collect())
    }

    /// Hands each result to `push`, in their order.
    pub(super) fn push_results(&self, mut push: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Text(results) => results.iter().try_for_each(|result| push(result)),
            Self::Many(writer) => {
                let (secrets, mut next) = (writer.secrets(), 0);
                for page in findings_at_a_time(writer.file, &writer.logged.findings) {
                    let fixes = (writer.logged.fixes)(page);
                    let all: Vec<usize> = (next..next + page.len()).collect();
                    next += page.len();
                    for some in all.chunks(MANY_RESULTS) {
                        let made = par_map(some.to_vec(), |nth| writer.make_result(nth, &fixes, &secrets));
                        made.iter().try_for_each(|result| push(result))?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl ResultWriter<'_> {
    fn secrets(&self) -> Vec<&str> {
        let source = self.file.source.as_ref();
        source.map(|source| secret_values(source, &self.logged.findings)).unwrap_or_default()
    }

    fn make_result(&self, nth: usize, fixes: &LoggedFixes, secrets: &[&str]) -> String {
        let (listed, (print, among_likes)) = (&self.logged.findings[nth], self.prints[nth]);
        let empty = SourceText::new("");
        let mut result = result_json(listed, self.file.source.as_ref().unwrap_or(&empty), self.place);
        result["partialFingerprints"] = json!({"seaworthyFinding/v1": format!("{print:016x}:{among_likes}")});
        let title = listed.finding.available_fix().map_or("Fix this finding", |fix| fix.title.as_ref());
        let patches = fixes.patches.get(&listed.key);
        if let Some(fix) =
            patches.and_then(|patches| sarif_fix::sarif_fix(patches, title, secrets, self.place))
        {
            result["fixes"] = json!([fix]);
        }
        if let Some(FixOffer::Fix { risk, .. }) = fixes.offers.get(&listed.key) {
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
