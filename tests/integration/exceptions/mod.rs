//! Exceptions in files: what each placement reaches, and how a comment is written and taken out again.

mod decisions;
mod dockerfile;
mod manifest;
mod others;
mod write;

use std::path::Path;

use seaworthy::audit::ListedFinding;

use crate::support::{audit, repository, store};

/// What a file allows, one finding a line: `rule:line by`, or `rule:line by (reason)`.
fn allowed(path: &str, text: &str) -> Vec<String> {
    let root = repository(&[(path, text)]);
    of(root.path(), |listed| listed.suppression.is_some())
}

/// The findings of a folder that are chosen.
fn of(root: &Path, chosen: impl Fn(&ListedFinding) -> bool) -> Vec<String> {
    let store = store(&audit(root));
    let mut lines = Vec::new();
    for listed in store.findings().filter(|listed| chosen(listed)) {
        let key = &listed.key;
        let source = store.file(&key.path).and_then(|file| file.source.clone()).unwrap();
        let place = format!("{}:{}", key.rule, source.line_number_at(listed.finding.span.start));
        lines.push(match &listed.suppression {
            Some(quiet) => match &quiet.reason {
                Some(reason) => format!("{place} {} ({reason})", quiet.source),
                None => format!("{place} {}", quiet.source),
            },
            None => place,
        });
    }
    lines.sort();
    lines
}

/// Holds each row of a table: what it shows, the text, what it allows.
fn hold(path: &str, rows: &[(&str, &str, &[&str])]) {
    let mut wrong = Vec::new();
    for (shows, text, expected) in rows {
        for (ending, text) in [("LF", (*text).to_owned()), ("CRLF", text.replace('\n', "\r\n"))] {
            let found = allowed(path, &text);
            if found != *expected {
                wrong.push(format!("{shows} ({ending}): {found:?} and not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
