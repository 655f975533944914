//! The report as a compiler's: the line, the caret under the exact span, why, the fix, and the counts.

use std::fmt::Write;

use super::Paint;
use super::secret::is_secret;
use super::snippet::snippet;
use crate::audit::{FileReport, Listed, Status, Suppression};
use crate::finding::{Safety, Severity};
use crate::fix::{FindingKey, Offer, Offers};
use crate::rules;
use crate::store::Store;
use crate::text::{Source, Span, printable};

/// The whole report.
#[must_use]
pub fn text(store: &Store, offers: &Offers, paint: Paint) -> String {
    let mut out = String::new();
    for file in store.files() {
        findings(&mut out, store, file, offers, paint);
    }
    skipped(&mut out, store, paint);
    allowed(&mut out, store, paint);
    counts(&mut out, store, offers, paint);
    out
}

fn findings(out: &mut String, store: &Store, file: &FileReport, offers: &Offers, paint: Paint) {
    let empty = Source::new("");
    let source = file.source.as_ref().unwrap_or(&empty);
    let listed = store.findings_in(&file.path);
    let masked: Vec<Span> =
        listed.iter().filter(|(key, _)| is_secret(key.rule)).map(|(_, l)| l.finding.span).collect();
    for (key, listed) in listed.iter().filter(|(_, l)| l.suppressed.is_none()) {
        let finding = &listed.finding;
        let at = source.position(finding.span.start);
        let margin = at.line.to_string().len();
        let gutter = " ".repeat(margin);
        let label = format!("{}[{}]", finding.severity, finding.rule);
        let message = printable(&finding.message);
        let _ = writeln!(
            out,
            "{}{}",
            paint.severity(finding.severity, &label),
            paint.bold(&format!(": {message}"))
        );
        let place = format!("{}:{}:{}", printable(file.path.as_str()), at.line, at.column);
        let _ = writeln!(out, "{gutter}{} {place}{}", paint.frame("-->"), subject(key, paint));
        let _ = writeln!(out, "{gutter} {}", paint.frame("|"));
        for line in snippet(source, finding.span, &masked, finding.severity, margin, paint) {
            let _ = writeln!(out, "{}", line.trim_end());
        }
        let _ = writeln!(out, "{gutter} {}", paint.frame("|"));
        for note in notes(key, offers.get(key)) {
            let _ = writeln!(out, "{gutter} {} {note}", paint.frame("="));
        }
        out.push('\n');
    }
}

fn subject(key: &FindingKey, paint: Paint) -> String {
    let subject = &key.subject;
    match (&subject.object, &subject.container) {
        (Some(object), Some(container)) => {
            paint.faint(&format!("  {}, container {}", printable(object), printable(container)))
        }
        (Some(object), None) => paint.faint(&format!("  {}", printable(object))),
        _ => String::new(),
    }
}

fn notes(key: &FindingKey, offer: Option<&Offer>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(rule) = rules::find(key.rule) {
        notes.push(format!("why: {}", rule.page().summary));
    }
    match offer {
        Some(Offer::Fix { title, safety, .. }) => {
            notes.push(format!("fix ({}): {}", what_for(*safety), printable(title)));
        }
        Some(Offer::Withheld(reason)) => notes.push(format!("no fix here: {}", printable(reason))),
        Some(Offer::None) | None => {}
    }
    notes
}

const fn what_for(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Review => "review",
        Safety::Value => "needs a value",
    }
}

fn skipped(out: &mut String, store: &Store, paint: Paint) {
    for file in store.files() {
        if let Some(reason) = file.status.reason() {
            let path = printable(file.path.as_str());
            let _ = writeln!(out, "{} {path}: {}", paint.bold(file.status.name()), printable(reason));
        }
    }
    if store.files().any(|file| file.status.reason().is_some()) {
        out.push('\n');
    }
}

/// What somebody has decided about, and why; what only the baseline knows is counted.
fn allowed(out: &mut String, store: &Store, paint: Paint) {
    let mut any = false;
    for file in store.files() {
        let mut by: Vec<(String, usize, Vec<&str>)> = Vec::new();
        for (key, listed) in store.findings_in(&file.path) {
            let Some(quiet) = listed.suppressed.as_ref().filter(|quiet| !quiet.is_known()) else { continue };
            let line = file.source.as_ref().map_or(1, |source| source.line_at(listed.finding.span.start));
            match by.iter_mut().find(|(other, ..)| *other == quiet.to_string()) {
                Some((.., rules)) if rules.contains(&key.rule) => {}
                Some((.., rules)) => rules.push(key.rule),
                None => by.push((quiet.to_string(), line, vec![key.rule])),
            }
        }
        for (quiet, line, rules) in by {
            let place = format!("{}:{line}", printable(file.path.as_str()));
            let by = quiet.trim_start_matches("allowed ");
            let _ =
                writeln!(out, "{} {place}: {}, {}", paint.bold("allowed"), rules.join(", "), printable(by));
            any = true;
        }
    }
    if any {
        out.push('\n');
    }
}

/// The closing lines: how many of each severity, what can be mended and how, what was read.
fn counts(out: &mut String, store: &Store, offers: &Offers, paint: Paint) {
    let all: Vec<(FindingKey, &Listed)> = store.findings().collect();
    let open: Vec<_> = all.iter().filter(|(_, l)| l.suppressed.is_none()).collect();
    let by_severity: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| (severity, open.iter().filter(|(_, l)| l.finding.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| paint.severity(severity, &format!("{count} {severity}")))
        .collect();
    let quiet = quiet(all.iter().filter_map(|(_, listed)| listed.suppressed.as_ref()));
    match open.len() {
        0 => {
            let _ = writeln!(out, "{}{quiet}", paint.bold("No findings"));
        }
        count => {
            let _ = writeln!(
                out,
                "{}: {}{quiet}",
                paint.bold(&counted(count, "finding")),
                by_severity.join(", ")
            );
        }
    }
    let fixable = |safety| {
        open.iter()
            .filter(|(key, _)| matches!(offers.get(key), Some(Offer::Fix { safety: s, .. }) if *s == safety))
            .count()
    };
    let (safe, review, value) = (fixable(Safety::Safe), fixable(Safety::Review), fixable(Safety::Value));
    if safe > 0 {
        let _ = writeln!(
            out,
            "{} mended by `seaworthy fix`",
            counted(safe, "finding is").replace("findings is", "findings are")
        );
    }
    if review > 0 {
        let _ = writeln!(out, "{review} more by `seaworthy fix --review` (see them first with `--diff`)");
    }
    if value > 0 {
        let _ = writeln!(
            out,
            "{value} {} a value that is not in these files: an image's digest or tag, or a uid",
            if value == 1 { "needs" } else { "need" }
        );
    }
    let _ = writeln!(out, "{}", read(store));
}

/// How many are kept quiet, in brackets: allowed, and known from the baseline.
fn quiet<'s>(suppressions: impl Iterator<Item = &'s Suppression>) -> String {
    let (known, allowed): (Vec<_>, Vec<_>) = suppressions.partition(|quiet| quiet.is_known());
    let mut parts = Vec::new();
    if !allowed.is_empty() {
        parts.push(format!("{} more allowed", allowed.len()));
    }
    if !known.is_empty() {
        parts.push(format!("{} more in the baseline", known.len()));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn read(store: &Store) -> String {
    let count = |wanted: fn(&Status) -> bool| store.files().filter(|file| wanted(&file.status)).count();
    let mut parts = vec![format!("{} audited", counted(count(|s| matches!(s, Status::Audited)), "file"))];
    let partial = count(|s| matches!(s, Status::Partial(_)));
    let skipped = count(|s| matches!(s, Status::Skipped(_)));
    if partial > 0 {
        parts.push(format!("{partial} in part"));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} skipped"));
    }
    if store.ignored() > 0 {
        parts.push(format!("{} hidden by ignore files", store.ignored()));
    }
    let score = store.score().map(|score| format!(" · score {score} of 100")).unwrap_or_default();
    format!("{}{score}", parts.join(", "))
}

fn counted(count: usize, word: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    match word.split_once(' ') {
        Some((noun, rest)) => format!("{count} {noun}{s} {rest}"),
        None => format!("{count} {word}{s}"),
    }
}
