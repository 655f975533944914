//! The report as SARIF 2.1.0, the OASIS Static Analysis Results Interchange Format.

mod fix;
mod result;
mod rule;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::audit::{FileReport, Status};
use crate::fix::{FilePatch, FindingKey};
use crate::repo::FileKind;
use crate::rules::ALL;
use crate::store::Store;
use crate::text::{Source, Span, printable_json};

/// What the fix of each finding would write.
pub type Patches = BTreeMap<FindingKey, Vec<FilePatch>>;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Paths are relative to the root of the audit, which is the reader's to name.
const ROOT: &str = "SRCROOT";

/// The whole log, with a final newline. A clean repository has an empty list of results. `below` is put before each
/// path, and `exit` is what `check` ends with.
#[must_use]
pub fn sarif(store: &Store, patches: &Patches, below: &str, exit: u8) -> String {
    let place = Place { below };
    let results: Vec<Value> =
        store.files().flat_map(|file| result::of_file(store, file, patches, place)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Seaworthy",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ALL.iter().map(|rule| rule::descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                (ROOT): {"description": {"text": "The folder that was audited; in a GitHub workflow, its workspace."}},
            },
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": exit,
                "exitCodeDescription": if exit == 0 {
                    "nothing stands at or above the severity from which on the check fails"
                } else {
                    "something stands at or above the severity from which on the check fails"
                },
                "toolExecutionNotifications":
                    store.files().filter_map(|file| notification(file, place)).collect::<Vec<_>>(),
            }],
            "artifacts": store.files().map(|file| artifact(file, place)).collect::<Vec<_>>(),
            "results": results,
        }],
    });
    printable_json(format!("{log:#}\n"))
}

/// A file that was looked at, whatever was found.
fn artifact(file: &FileReport, place: Place<'_>) -> Value {
    json!({
        "location": place.artifact(file.path.as_str()),
        "roles": ["analysisTarget"],
        "properties": {"kind": file.kind.name(), "status": file.status.name()},
    })
}

/// A file that was not audited, or only in part. That a template is left alone is as it should be.
fn notification(file: &FileReport, place: Place<'_>) -> Option<Value> {
    let reason = file.status.reason()?;
    let meant = file.kind == FileKind::Template
        || matches!(&file.status, Status::Skipped(why) if why.starts_with("left out"));
    Some(json!({
        "level": if meant { "note" } else { "warning" },
        "message": {"text": format!("{}: {reason}", file.status.name())},
        "locations": [{"physicalLocation": {"artifactLocation": place.artifact(file.path.as_str())}}],
    }))
}

/// How a log names places.
#[derive(Clone, Copy)]
struct Place<'a> {
    below: &'a str,
}

impl Place<'_> {
    fn artifact(self, path: &str) -> Value {
        json!({"uri": uri(&format!("{}{path}", self.below)), "uriBaseId": ROOT})
    }
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
