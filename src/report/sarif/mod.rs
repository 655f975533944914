//! Writes the report as SARIF 2.1.0, the OASIS Static Analysis Results Interchange Format.

mod sarif_fix;
mod sarif_result;
mod sarif_rule;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::json_list;
use super::json_list::JsonListWriter;
use super::json_report::bar_json;
use super::text_report::{ReportSurroundings, hidden_line};
use crate::audit::{FileReport, FileStatus, FindingList, ListedFinding};
use crate::base::par_map_ordered;
use crate::finding::FindingKey;
use crate::fix::FixOffers;
use crate::repo::{FileKind, FilePatch};
use crate::rules::ALL_RULES;
use crate::text::{SourceText, Span, make_printable_json};
use sarif_result::FileResults;

/// The patches that the fix of each finding would write.
pub type PatchesByFinding = BTreeMap<FindingKey, Vec<FilePatch>>;

const SARIF_SCHEMA_URI: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Paths are relative to the root of the audit, which is the reader's to name.
const ROOT_URI_ID: &str = "SRCROOT";

/// What the log says of a file's findings.
pub struct LoggedFile<'a> {
    pub findings: FindingList,
    /// Returns what is said of the fixes of some of them, and is called for one part after the other.
    pub fixes: Box<LogFixes<'a>>,
}

/// Says of some findings of a file what the log says of their fixes.
pub type LogFixes<'a> = dyn Fn(&[Arc<ListedFinding>]) -> LoggedFixes + Send + Sync + 'a;

/// What the log says of some fixes.
#[derive(Default)]
pub struct LoggedFixes {
    /// What they would write.
    pub patches: PatchesByFinding,
    /// The risks of those.
    pub offers: FixOffers,
}

/// Writes the whole log, with a final newline. A clean repository has an empty list of results. `logged` returns what is
/// said of a file, `below` is put before each path, and what is around stands with the exit code of `check`.
/// Results are written while others are made, and of few files at a time: all together they would take many times their
/// text.
///
/// # Errors
/// When `out` does not take it.
pub fn write_sarif<'a>(
    files: &'a [FileReport],
    logged: impl Fn(&'a FileReport) -> LoggedFile<'a> + Sync,
    below: &str,
    (around, exit): (ReportSurroundings<'_>, u8),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let place = ArtifactPaths { prefix: below };
    let head = make_printable_json(format!("{:#}", log_head(files, place, exit, around)));
    out.write_all(head.strip_suffix(LOG_END).unwrap_or(&head).as_bytes())?;
    let mut artifacts = JsonListWriter::begin_list("artifacts", RUN_FIELD_INDENT, out)?;
    files.iter().try_for_each(|file| artifacts.push_item(&run_item(&artifact_json(file, place)), out))?;
    artifacts.end_list(out)?;
    let mut results = JsonListWriter::begin_list("results", RUN_FIELD_INDENT, out)?;
    let of_file = |file| FileResults::of_file(file, logged(file), place);
    par_map_ordered(files.iter().collect(), of_file, |made: FileResults<'_>| {
        made.push_results(|result| results.push_item(result, out))
    })?;
    results.end_list(out)?;
    writeln!(out, "{LOG_END}")
}

/// The end of a log after the last list of its run.
const LOG_END: &str = "\n    }\n  ]\n}";

/// The log without its long lists, which come last.
fn log_head(
    files: &[FileReport],
    place: ArtifactPaths<'_>,
    exit: u8,
    around: ReportSurroundings<'_>,
) -> Value {
    json!({
        "$schema": SARIF_SCHEMA_URI,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Seaworthy",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ALL_RULES.iter().map(|rule| sarif_rule::rule_descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "properties": {
                "repositorySettings": bar_json(Some(around.lowered_bar)),
                "hiddenByIgnoreFiles": around.ignored_count,
            },
            "originalUriBaseIds": {
                (ROOT_URI_ID): {"description": {"text": "The folder that was audited; in a GitHub workflow, its workspace."}},
            },
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": exit,
                "exitCodeDescription": if exit == 0 {
                    "nothing stands at or above the severity from which on the check fails"
                } else {
                    "something stands at or above the severity from which on the check fails"
                },
                "toolConfigurationNotifications": setting_notifications(around),
                "toolExecutionNotifications":
                    files.iter().filter_map(|file| notification_json(file, place)).collect::<Vec<_>>(),
            }],
        }],
    })
}

/// What the repository's own settings and ignore files take off the bar.
fn setting_notifications(around: ReportSurroundings<'_>) -> Vec<Value> {
    let bar =
        around.lowered_bar.describe().map(|lowered| format!("The repository lowers the bar: {lowered}"));
    let note = |text| json!({"level": "note", "message": {"text": text}});
    bar.into_iter().chain(hidden_line(around.ignored_count)).map(note).collect()
}

/// The indentation of a run's fields.
const RUN_FIELD_INDENT: &str = "      ";

/// An item of one of a run's lists, as it stands there.
fn run_item(value: &Value) -> String {
    json_list::format_item(value, RUN_FIELD_INDENT)
}

/// A file that was scanned, whatever was found.
fn artifact_json(file: &FileReport, place: ArtifactPaths<'_>) -> Value {
    json!({
        "location": place.artifact_location(file.path.as_str()),
        "roles": ["analysisTarget"],
        "properties": {"kind": file.role.name(), "status": file.status.name()},
    })
}

/// A file that was not audited, or only in part. That a template is left alone is as it should be.
fn notification_json(file: &FileReport, place: ArtifactPaths<'_>) -> Option<Value> {
    let reason = file.status.reason()?;
    let meant = file.kind == FileKind::Template
        || matches!(&file.status, FileStatus::Skipped(why) if why.starts_with("left out"));
    Some(json!({
        "level": if meant { "note" } else { "warning" },
        "message": {"text": format!("{}: {reason}", file.status.name())},
        "locations": [{"physicalLocation": {"artifactLocation": place.artifact_location(file.path.as_str())}}],
    }))
}

/// The way in which a log names places.
#[derive(Clone, Copy)]
struct ArtifactPaths<'a> {
    prefix: &'a str,
}

impl ArtifactPaths<'_> {
    fn artifact_location(self, path: &str) -> Value {
        json!({"uri": encode_uri(&format!("{}{path}", self.prefix)), "uriBaseId": ROOT_URI_ID})
    }
}

fn span_region(source: &SourceText, span: Span) -> Value {
    let (start, end) = (source.position_of(span.start), source.position_of(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A relative path as a URI: all but what RFC 3986 leaves alone is percent-encoded.
fn encode_uri(path: &str) -> String {
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
