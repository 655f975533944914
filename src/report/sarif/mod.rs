//! The report as SARIF 2.1.0, the OASIS Static Analysis Results Interchange Format.

mod fix;
mod result;
mod rule;

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use super::list::{self, List};
use crate::audit::{FileReport, FileStatus};
use crate::base::par_map_ordered;
use crate::finding::FindingKey;
use crate::repo::FilePatch;
use crate::repo::{FileKind, RelPath};
use crate::rules::ALL_RULES;
use crate::store::Store;
use crate::text::{Source, Span, printable_json};

/// What the fix of each finding would write.
pub type Patches = BTreeMap<FindingKey, Vec<FilePatch>>;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Paths are relative to the root of the audit, which is the reader's to name.
const ROOT: &str = "SRCROOT";

/// Writes the whole log, with a final newline. A clean repository has an empty list of results. `patches` says what the
/// fixes of a file's findings would write, `below` is put before each path, and `exit` is what `check` ends with. Results
/// are written while others are made: as a value they would take many times their text.
///
/// # Errors
/// When `out` does not take it.
pub fn sarif(
    store: &Store,
    patches: impl Fn(&RelPath) -> Patches + Sync,
    below: &str,
    exit: u8,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let place = Place { below };
    let files: Vec<&FileReport> = store.files().collect();
    let head = printable_json(format!("{:#}", head(&files, place, exit)));
    out.write_all(head.strip_suffix(END).unwrap_or(&head).as_bytes())?;
    let mut artifacts = List::begin("artifacts", FIELD, out)?;
    files.iter().try_for_each(|file| artifacts.push(&item(&artifact(file, place)), out))?;
    artifacts.end(out)?;
    let mut results = List::begin("results", FIELD, out)?;
    let of_file = |file: &FileReport| result::of_file(store, file, &patches(&file.path), place);
    par_map_ordered(files, of_file, |list| list.iter().try_for_each(|result| results.push(result, out)))?;
    results.end(out)?;
    writeln!(out, "{END}")
}

/// How a log ends after the last list of its run.
const END: &str = "\n    }\n  ]\n}";

/// The log without its long lists, which come last.
fn head(files: &[&FileReport], place: Place<'_>, exit: u8) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Seaworthy",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ALL_RULES.iter().map(|rule| rule::descriptor(rule)).collect::<Vec<_>>(),
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
                    files.iter().filter_map(|file| notification(file, place)).collect::<Vec<_>>(),
            }],
        }],
    })
}

/// How far a field of a run is indented.
const FIELD: &str = "      ";

/// An item of one of a run's lists, as it stands there.
fn item(value: &Value) -> String {
    list::item(value, FIELD)
}

/// A file that was looked at, whatever was found.
fn artifact(file: &FileReport, place: Place<'_>) -> Value {
    json!({
        "location": place.artifact(file.path.as_str()),
        "roles": ["analysisTarget"],
        "properties": {"kind": file.role.name(), "status": file.status.name()},
    })
}

/// A file that was not audited, or only in part. That a template is left alone is as it should be.
fn notification(file: &FileReport, place: Place<'_>) -> Option<Value> {
    let reason = file.status.reason()?;
    let meant = file.kind == FileKind::Template
        || matches!(&file.status, FileStatus::Skipped(why) if why.starts_with("left out"));
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
