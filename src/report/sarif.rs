//! The report as SARIF 2.1.0, the OASIS Static Analysis Results Interchange Format.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::secret::secrets;
use crate::audit::{FileReport, Listed, Suppression};
use crate::finding::Severity;
use crate::fix::{FilePatch, FindingKey};
use crate::rules::{ALL, Rule};
use crate::store::Store;
use crate::text::{Source, Span, diff, printable_json, stable_hash};

/// What the fix of each finding would write.
pub type Patches = BTreeMap<FindingKey, Vec<FilePatch>>;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Paths are relative to the root of the audit, which is the reader's to name.
const ROOT: &str = "SRCROOT";

/// The whole log, with a final newline. A clean repository has an empty list of results.
#[must_use]
pub fn sarif(store: &Store, patches: &Patches) -> String {
    let results: Vec<Value> = store.files().flat_map(|file| results(store, file, patches)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Seaworthy",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": store.files().filter_map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    printable_json(format!("{log:#}\n"))
}

fn descriptor(rule: &Rule) -> Value {
    let page = rule.page();
    json!({
        "id": rule.id,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.section("What it is").unwrap_or(page.summary)},
        "help": {"text": rule.text, "markdown": rule.text},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": ["security", rule.theme.name()],
            "precision": "high",
            "security-severity": score(rule.severity),
        },
    })
}

/// A file that was not audited, or only in part.
fn notification(file: &FileReport) -> Option<Value> {
    let reason = file.status.reason()?;
    Some(json!({
        "level": "note",
        "message": {"text": format!("{}: {reason}", file.status.name())},
        "locations": [{"physicalLocation": {"artifactLocation": artifact(file.path.as_str())}}],
    }))
}

fn results(store: &Store, file: &FileReport, patches: &Patches) -> Vec<Value> {
    let empty = Source::new("");
    let source = file.source.as_ref().unwrap_or(&empty);
    let listed = store.findings_in(&file.path);
    let secrets = secrets(source, &listed);
    let mut alike: HashMap<u64, usize> = HashMap::new();
    let each = listed.iter().map(|(key, listed)| {
        let mut result = result(key, listed, source);
        let print = fingerprint(key, listed, source);
        let nth = alike.entry(print).or_default();
        result["partialFingerprints"] = json!({"seaworthyFinding/v1": format!("{print:016x}:{nth}")});
        *nth += 1;
        if let Some(fix) = patches.get(key).and_then(|patches| fix(patches, &secrets)) {
            result["fixes"] = json!([fix]);
        }
        result
    });
    each.collect()
}

fn result(key: &FindingKey, listed: &Listed, source: &Source) -> Value {
    let finding = &listed.finding;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(key.path.as_str()),
            "region": region(source, finding.span),
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
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": ALL.iter().position(|rule| rule.id == finding.rule),
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [location],
    });
    if let Some(quiet) = &listed.suppressed {
        result["suppressions"] = json!([suppression(quiet)]);
    }
    result
}

fn suppression(quiet: &Suppression) -> Value {
    let external = quiet.is_known() || quiet.by == crate::settings::FILE;
    let reason = quiet.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    json!({
        "kind": if external { "external" } else { "inSource" },
        "status": "accepted",
        "justification": if quiet.is_known() { "known from the baseline".to_owned() } else { format!("allowed by {}{reason}", quiet.by) },
    })
}

/// The changes of a fix; none where they would carry a secret along.
fn fix(patches: &[FilePatch], secrets: &[&str]) -> Option<Value> {
    let mut changes = Vec::new();
    for patch in patches {
        let mut replacements = Vec::new();
        for splice in diff::splices(patch.before.text(), patch.after.text()) {
            if secrets.iter().any(|secret| splice.text.contains(secret)) {
                return None;
            }
            replacements.push(json!({
                "deletedRegion": region(&patch.before, splice.span),
                "insertedContent": {"text": splice.text},
            }));
        }
        changes.push(json!({
            "artifactLocation": artifact(patch.path.as_str()),
            "replacements": replacements,
        }));
    }
    Some(json!({"description": {"text": "Mend this finding"}, "artifactChanges": changes}))
}

/// Tells a finding from others while lines move: its rule, file, object and container, and what stands there.
fn fingerprint(key: &FindingKey, listed: &Listed, source: &Source) -> u64 {
    let content: Vec<&str> = listed.finding.span.of(source.text()).split_whitespace().collect();
    let object = key.subject.object.as_deref().unwrap_or_default();
    let container = key.subject.container.as_deref().unwrap_or_default();
    let parts = [key.rule, key.path.as_str(), object, container, &content.join(" ")];
    stable_hash(parts.join("\0").as_bytes())
}

fn region(source: &Source, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn artifact(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": ROOT})
}

/// A relative path as a URI: all but what RFC 3986 leaves alone is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// What code scanning ranks by, on the scale of CVSS.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}
