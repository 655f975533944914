//! Annotations that a GitHub workflow shows beside the lines: the workflow commands `error`, `warning` and `notice`.

use std::fmt::Write;

use crate::finding::Severity;
use crate::rules;
use crate::store::Store;
use crate::text::{Source, printable};

/// One line for each finding that is not allowed.
#[must_use]
pub fn github(store: &Store) -> String {
    let mut out = String::new();
    for file in store.files() {
        let empty = Source::new("");
        let source = file.source.as_ref().unwrap_or(&empty);
        for (_, listed) in store.findings_in(&file.path) {
            let finding = &listed.finding;
            if listed.suppressed.is_some() {
                continue;
            }
            let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
            let why = rules::find(finding.rule).map(|rule| rule.page().summary).unwrap_or_default();
            let _ = writeln!(
                out,
                "::{} file={},line={},endLine={}{},title={}::{}",
                command(finding.severity),
                property(file.path.as_str()),
                start.line,
                end.line,
                // Columns are refused where the lines differ.
                if start.line == end.line {
                    format!(",col={},endColumn={}", start.column, end.column)
                } else {
                    String::new()
                },
                property(&format!("{} ({})", finding.rule, finding.severity)),
                message(&format!("{}\n{why}", finding.message)),
            );
        }
    }
    out
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

/// A message on one line, as the runner reads it.
fn message(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| printable(line).replace('%', "%25"))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
