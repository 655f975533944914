//! The report as a compiler's: the line, the caret under the exact span, why, the fix, and the counts.

use std::fmt::Write;
use std::io;

use super::paint::{BOLD, FAINT, severity_code};
use super::snippet::{Marked, gutter, snippet};
use super::{Counts, Paint};
use crate::audit::{FactorCounts, FileReport, ListedFinding};
use crate::finding::FindingKey;
use crate::finding::{Finding, Safety, Severity};
use crate::fix::{FixOffer, FixOffers};
use crate::repo::RelPath;
use crate::rules;
use crate::rules::is_secret_rule;
use crate::store::Store;
use crate::text::{Source, Span, printable};

/// A file's findings with their keys.
type Found<'s> = [(FindingKey, &'s ListedFinding)];

/// A part of the report: that of some of the files.
#[derive(Default)]
pub struct Text {
    findings: String,
    skipped: String,
    allowed: String,
    pub counts: Counts,
}

impl Text {
    /// The part of the files that the store holds; `offers` says what would mend each finding of one.
    #[must_use]
    pub fn of(store: &Store, offers: impl Fn(&RelPath) -> FixOffers, paint: Paint) -> Self {
        let mut part = Self::default();
        for file in store.files() {
            let found = store.findings_in(&file.path);
            let offers = &offers(&file.path);
            findings(&mut part.findings, &found, file, offers, paint);
            skipped(&mut part.skipped, file, paint);
            allowed(&mut part.allowed, &found, file, paint);
            part.counts.count(file, &found, offers);
        }
        part
    }

    /// Writes the findings of the next part, and keeps what stands below them all.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn take(&mut self, next: &Self, out: &mut dyn io::Write) -> io::Result<()> {
        // What was found counts even where nobody reads on.
        self.counts = std::mem::take(&mut self.counts).plus(&next.counts);
        self.skipped.push_str(&next.skipped);
        self.allowed.push_str(&next.allowed);
        out.write_all(next.findings.as_bytes())
    }

    /// Writes what stands below the findings. `ignored` candidates are hidden by ignore files.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn close(
        &self,
        score: Option<u8>,
        factors: FactorCounts,
        ignored: usize,
        paint: Paint,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        for list in [&self.skipped, &self.allowed].into_iter().filter(|list| !list.is_empty()) {
            out.write_all(list.as_bytes())?;
            out.write_all(b"\n")?;
        }
        let mut end = String::new();
        closing(&mut end, &self.counts, paint);
        io::Write::write_fmt(out, format_args!("{end}{}\n", read(&self.counts, score, factors, ignored)))
    }
}

fn findings(out: &mut String, listed: &Found<'_>, file: &FileReport, offers: &FixOffers, paint: Paint) {
    if listed.is_empty() {
        return;
    }
    let empty = Source::new("");
    let source = file.source.as_ref().unwrap_or(&empty);
    let path = printable(file.path.as_str());
    let masked: Vec<Span> =
        listed.iter().filter(|(key, _)| is_secret_rule(key.rule)).map(|(_, l)| l.finding.span).collect();
    for (key, listed) in listed.iter().filter(|(_, l)| l.suppression.is_none()) {
        let finding = &listed.finding;
        headline(out, finding, paint);
        let at = source.position(finding.span.start);
        let line = at.line.to_string();
        let margin = line.len();
        gutter(out, margin, "-->", paint);
        out.extend([" ", &path, ":", &line, ":", &at.column.to_string()]);
        subject(out, key, paint);
        out.push('\n');
        gutter(out, margin + 1, "|", paint);
        out.push('\n');
        snippet(
            out,
            source,
            &Marked { span: finding.span, line: at.line, severity: finding.severity, masked: &masked },
            paint,
        );
        gutter(out, margin + 1, "|", paint);
        out.push('\n');
        notes(out, key, offers.get(key), margin, paint);
        out.push('\n');
    }
}

/// The severity, the rule and the message.
fn headline(out: &mut String, finding: &Finding, paint: Paint) {
    paint.write(out, severity_code(finding.severity), |out| {
        out.extend([finding.severity.name(), "[", finding.rule, "]"]);
    });
    paint.write(out, BOLD, |out| out.extend([": ", &printable(&finding.message)]));
    out.push('\n');
}

fn subject(out: &mut String, key: &FindingKey, paint: Paint) {
    let Some(object) = &key.subject.object else { return };
    paint.write(out, FAINT, |out| {
        out.extend(["  ", &printable(object)]);
        if let Some(container) = &key.subject.container {
            out.extend([", container ", &printable(container)]);
        }
    });
}

fn notes(out: &mut String, key: &FindingKey, offer: Option<&FixOffer>, margin: usize, paint: Paint) {
    let mut note = |words: &[&str]| {
        gutter(out, margin + 1, "=", paint);
        out.push(' ');
        out.extend(words.iter().copied());
        out.push('\n');
    };
    if let Some(rule) = rules::find_rule(key.rule) {
        note(&["why: ", rule.summary()]);
    }
    match offer {
        Some(FixOffer::Fix { title, safety, .. }) => {
            note(&["fix (", what_for(*safety), "): ", &printable(title)]);
        }
        Some(FixOffer::Withheld(reason)) => note(&["no fix here: ", &printable(reason)]),
        Some(FixOffer::None) | None => {}
    }
}

const fn what_for(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Review => "review",
        Safety::Value => "needs a value",
    }
}

fn skipped(out: &mut String, file: &FileReport, paint: Paint) {
    if let Some(reason) = file.status.reason() {
        let path = printable(file.path.as_str());
        let _ = writeln!(out, "{} {path}: {}", paint.bold(file.status.name()), printable(reason));
    }
}

/// What somebody has decided about, and why; what only the baseline knows is counted.
fn allowed(out: &mut String, found: &Found<'_>, file: &FileReport, paint: Paint) {
    let mut by: Vec<(String, usize, Vec<&str>)> = Vec::new();
    for (key, listed) in found {
        let Some(quiet) = listed.suppression.as_ref().filter(|quiet| !quiet.is_baselined()) else { continue };
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
        let _ = writeln!(out, "{} {place}: {}, {}", paint.bold("allowed"), rules.join(", "), printable(by));
    }
}

/// The closing lines: how many of each severity, and what can be mended and how.
fn closing(out: &mut String, counts: &Counts, paint: Paint) {
    let by_severity: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| counts.open(*severity) > 0)
        .map(|severity| {
            paint.severity(severity, &format!("{} {severity}", counts.open(severity))).into_owned()
        })
        .collect();
    let quiet = quiet(counts);
    match Severity::ALL.into_iter().map(|severity| counts.open(severity)).sum() {
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
    let (safe, review) = (counts.fixes(Safety::Safe), counts.fixes(Safety::Review));
    let value = counts.fixes(Safety::Value);
    if safe > 0 {
        let has = if safe == 1 { "has" } else { "have" };
        let _ = writeln!(out, "{safe} {has} a fix that `seaworthy fix` proves and writes");
    }
    if review > 0 {
        let more = if safe > 0 { " more" } else { "" };
        let _ = writeln!(out, "{review}{more} with `seaworthy fix --review` (see them first with `--diff`)");
    }
    if value > 0 {
        let _ = writeln!(
            out,
            "{value} {} a value that is not in these files: an image's digest or tag, or a uid",
            if value == 1 { "needs" } else { "need" }
        );
    }
}

/// How many are kept quiet, in brackets: allowed, and known from the baseline.
fn quiet(counts: &Counts) -> String {
    let mut parts = Vec::new();
    if counts.allowed > 0 {
        parts.push(format!("{} more allowed", counts.allowed));
    }
    if counts.known > 0 {
        parts.push(format!("{} more in the baseline", counts.known));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn read(counts: &Counts, score: Option<u8>, factors: FactorCounts, ignored: usize) -> String {
    let mut parts = vec![format!("{} audited", counted(counts.audited, "file"))];
    if counts.partial > 0 {
        parts.push(format!("{} in part", counts.partial));
    }
    if counts.skipped > 0 {
        parts.push(format!("{} skipped", counts.skipped));
    }
    if ignored > 0 {
        parts.push(format!("{ignored} hidden by ignore files"));
    }
    let score = score.map(|score| format!(" · score {score} of 100{}", held_down(factors)));
    format!("{}{}", parts.join(", "), score.unwrap_or_default())
}

/// Why the score is lower than the share that is met, in words.
fn held_down(factors: FactorCounts) -> String {
    let apps = |count, factor, severity| {
        (count > 0).then(|| format!("{factor} in {} with an open {severity}", counted(count, "app")))
    };
    let parts = [apps(factors.critical, "×0.4", "critical"), apps(factors.high, "×0.7", "high")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
