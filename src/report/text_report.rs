//! Writes the report as a compiler's: the line, the caret under the exact span, the reason, the fix, and the counts.

use std::collections::HashMap;
use std::fmt::Write;
use std::io;
use std::sync::Arc;

use super::link_lines::LinkLines;
use super::secret_values::secret_spans;
use super::snippet::{SnippetMark, merge_overlapping, write_gutter, write_snippet};
use super::text_paint::{BOLD, FAINT, severity_code};
use super::{ReportCounts, TextPaint};
use crate::audit::{FactorCounts, FileReport, ListedFinding, LoweredBar};
use crate::finding::{Finding, FindingKey, Safety, Severity};
use crate::fix::{FixOffer, FixOffers};
use crate::repo::RelPath;
use crate::rules;
use crate::store::Store;
use crate::text::{SourceText, Span, count_of, make_printable};

/// A part of the report: that of some of the files.
#[derive(Default)]
pub struct TextReport {
    findings: Vec<FindingsText>,
    skipped: String,
    suppressed: String,
    links: LinkLines,
    pub counts: ReportCounts,
}

impl TextReport {
    /// The part of the files that the store holds; `offers` returns the fixes of each of a file's findings.
    #[must_use]
    pub fn from_store(
        store: &Store,
        offers: impl Fn(&RelPath, &[Arc<ListedFinding>]) -> FixOffers,
        style: TextStyle,
    ) -> Self {
        let paint = style.paint;
        let mut part = Self::default();
        for file in store.files() {
            let found = store.findings_in(&file.path);
            let offers = offers(&file.path, found);
            write_skipped(&mut part.skipped, file, paint);
            write_suppressed(&mut part.suppressed, found, file, paint);
            part.counts.add_file(file, found, &offers);
            part.findings.push(FindingsText::of_file(file, found, offers, style));
        }
        store.workloads().for_each(|workload| part.links.add_workload(workload));
        part
    }

    /// Writes the findings of the next part, and keeps what stands below them all.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn append_part(&mut self, next: &Self, out: &mut dyn io::Write) -> io::Result<()> {
        // What was found counts even where nobody reads on.
        self.counts = std::mem::take(&mut self.counts).add_counts(&next.counts);
        self.skipped.push_str(&next.skipped);
        self.suppressed.push_str(&next.suppressed);
        self.links.append_lines(&next.links);
        next.findings.iter().try_for_each(|file| file.write_findings(out))
    }

    /// Writes what stands below the findings.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write_summary(
        &self,
        score: Option<u8>,
        factors: FactorCounts,
        around: ReportSurroundings<'_>,
        style: TextStyle,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        for list in [&self.skipped, &self.suppressed].into_iter().filter(|list| !list.is_empty()) {
            out.write_all(list.as_bytes())?;
            out.write_all(b"\n")?;
        }
        out.write_all(self.links.to_text(style.paint).as_bytes())?;
        let mut end = String::new();
        write_totals(&mut end, &self.counts, style);
        let bar = bar_line(around.lowered_bar).unwrap_or_default();
        io::Write::write_fmt(
            out,
            format_args!("{end}{}\n{bar}", summary_line(&self.counts, score, factors, around)),
        )
    }
}

/// How a text says what it says.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    pub paint: TextPaint,
    /// False where the fixes that it names are not proven.
    pub are_fixes_proven: bool,
}

/// What a report says besides the files themselves.
#[derive(Clone, Copy, Debug)]
pub struct ReportSurroundings<'a> {
    /// The candidates that ignore files hide.
    pub ignored_count: usize,
    /// The weaknesses of files that every overlay mends.
    pub mended_count: usize,
    /// What the repository's own settings take off.
    pub lowered_bar: &'a LoweredBar,
}

/// The findings of a file: as text, or where that would take much memory, all that it is made of.
enum FindingsText {
    Text(String),
    Many(Box<FindingWriter>),
}

/// More findings of a file than these are made to text while they are written, a few at a time.
const MANY_FINDINGS: usize = 1024;

impl FindingsText {
    fn of_file(
        file: &FileReport,
        listed: &[Arc<ListedFinding>],
        offers: FixOffers,
        style: TextStyle,
    ) -> Self {
        let secrets = file.source.as_ref().map(|source| secret_spans(source, listed));
        let writer = FindingWriter {
            source: file.source.clone().unwrap_or_else(|| SourceText::new("")),
            path: make_printable(file.path.as_str()).into_owned(),
            masked: merge_overlapping(secrets.unwrap_or_default()),
            listed: listed.iter().filter(|listed| listed.is_open()).cloned().collect(),
            offers,
            style,
        };
        if listed.len() > MANY_FINDINGS {
            return Self::Many(Box::new(writer));
        }
        let mut text = String::new();
        writer.listed.iter().for_each(|listed| writer.add_finding(listed, &mut text));
        Self::Text(text)
    }

    fn write_findings(&self, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Text(text) => out.write_all(text.as_bytes()),
            Self::Many(writer) => writer.listed.chunks(MANY_FINDINGS).try_for_each(|some| {
                let mut text = String::new();
                some.iter().for_each(|listed| writer.add_finding(listed, &mut text));
                out.write_all(text.as_bytes())
            }),
        }
    }
}

/// What the findings of a file are written with.
struct FindingWriter {
    source: SourceText,
    path: String,
    masked: Vec<Span>,
    /// The open ones.
    listed: Vec<Arc<ListedFinding>>,
    offers: FixOffers,
    style: TextStyle,
}

impl FindingWriter {
    fn add_finding(&self, listed: &ListedFinding, out: &mut String) {
        let (key, finding, paint) = (&listed.key, &listed.finding, self.style.paint);
        write_headline(out, finding, paint);
        let at = self.source.position_of(finding.span.start);
        let line = at.line.to_string();
        let margin = line.len();
        write_gutter(out, margin, "-->", paint);
        out.extend([" ", &self.path, ":", &line, ":", &at.column.to_string()]);
        write_subject(out, key, paint);
        out.push('\n');
        write_gutter(out, margin + 1, "|", paint);
        out.push('\n');
        let mark = SnippetMark {
            span: finding.span,
            line: at.line,
            severity: finding.severity,
            masked_spans: &self.masked,
        };
        write_snippet(out, &self.source, &mark, paint);
        write_gutter(out, margin + 1, "|", paint);
        out.push('\n');
        write_notes(out, key, self.offers.get(key), margin, self.style);
        out.push('\n');
    }
}

/// The severity, the rule and the message.
fn write_headline(out: &mut String, finding: &Finding, paint: TextPaint) {
    paint.write_painted(out, severity_code(finding.severity), |out| {
        out.extend([finding.severity.name(), "[", finding.rule, "]"]);
    });
    paint.write_painted(out, BOLD, |out| out.extend([": ", &make_printable(&finding.message)]));
    out.push('\n');
}

fn write_subject(out: &mut String, key: &FindingKey, paint: TextPaint) {
    let Some(object) = &key.subject.object else { return };
    paint.write_painted(out, FAINT, |out| {
        out.extend(["  ", &make_printable(object)]);
        if let Some(container) = &key.subject.container {
            out.extend([", container ", &make_printable(container)]);
        }
    });
}

fn write_notes(
    out: &mut String,
    key: &FindingKey,
    offer: Option<&FixOffer>,
    margin: usize,
    style: TextStyle,
) {
    let mut note = |words: &[&str]| {
        write_gutter(out, margin + 1, "=", style.paint);
        out.push(' ');
        out.extend(words.iter().copied());
        out.push('\n');
    };
    if let Some(rule) = rules::find_rule(key.rule) {
        note(&["why: ", rule.summary()]);
    }
    match offer {
        Some(FixOffer::Fix { title, safety, risk, .. }) => {
            let unproven = if style.are_fixes_proven { "" } else { ", not proven" };
            note(&["fix (", safety_label(*safety), unproven, "): ", &make_printable(title)]);
            if let Some(cause) = risk.causes().first() {
                note(&["risk (", risk.risk.name(), "): ", &make_printable(cause)]);
            }
        }
        Some(FixOffer::Withheld(reason)) => note(&["no fix here: ", &make_printable(reason)]),
        Some(FixOffer::None) | None => {}
    }
}

const fn safety_label(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Review => "review",
        Safety::Value => "needs a value",
    }
}

fn write_skipped(out: &mut String, file: &FileReport, paint: TextPaint) {
    if let Some(reason) = file.status.reason() {
        let path = make_printable(file.path.as_str());
        let _ = writeln!(out, "{} {path}: {}", paint.bold(file.status.name()), make_printable(reason));
    }
}

/// The findings that somebody suppressed, with the reasons; those of the baseline are only counted.
fn write_suppressed(out: &mut String, found: &[Arc<ListedFinding>], file: &FileReport, paint: TextPaint) {
    let mut by: Vec<(String, usize, Vec<&str>)> = Vec::new();
    // There may be very many.
    let mut known: HashMap<String, usize> = HashMap::new();
    for listed in found {
        let Some(quiet) = listed.suppression.as_ref().filter(|quiet| !quiet.is_baselined()) else { continue };
        let text = quiet.to_string();
        if let Some((.., rules)) = known.get(&text).and_then(|at| by.get_mut(*at)) {
            if !rules.contains(&listed.key.rule) {
                rules.push(listed.key.rule);
            }
            continue;
        }
        let line = file.source.as_ref().map_or(1, |source| source.line_number_at(listed.finding.span.start));
        known.insert(text.clone(), by.len());
        by.push((text, line, vec![listed.key.rule]));
    }
    for (quiet, line, rules) in by {
        let place = format!("{}:{line}", make_printable(file.path.as_str()));
        let by = quiet.trim_start_matches("allowed ");
        let _ =
            writeln!(out, "{} {place}: {}, {}", paint.bold("allowed"), rules.join(", "), make_printable(by));
    }
}

/// How many candidates ignore files hide, for formats without closing lines; none where they hide none.
pub(super) fn hidden_line(count: usize) -> Option<String> {
    (count > 0).then(|| {
        let (candidates, one) = (count_of(count, "candidate"), if count == 1 { "it" } else { "one" });
        format!("Ignore files hide {candidates}: name {one} on the command line to audit it")
    })
}

/// The closing lines: the number of each severity, and of those that can be fixed, by class.
/// What the repository's own settings take off the bar, as the last line of a report; none where that is nothing.
#[must_use]
pub fn bar_line(bar: &LoweredBar) -> Option<String> {
    let lowered = bar.describe()?;
    Some(format!("{lowered} (`seaworthy check --ignore-repository-settings` judges without them)\n"))
}

fn write_totals(out: &mut String, counts: &ReportCounts, style: TextStyle) {
    let paint = style.paint;
    let by_severity: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| counts.open_count(*severity) > 0)
        .map(|severity| {
            paint
                .paint_severity(severity, &format!("{} {severity}", counts.open_count(severity)))
                .into_owned()
        })
        .collect();
    let quiet = suppressed_note(counts);
    match Severity::ALL.into_iter().map(|severity| counts.open_count(severity)).sum() {
        0 => {
            let _ = writeln!(out, "{}{quiet}", paint.bold("No findings"));
        }
        count => {
            let _ = writeln!(
                out,
                "{}: {}{quiet}",
                paint.bold(&count_of(count, "finding")),
                by_severity.join(", ")
            );
        }
    }
    let (safe, review) = (counts.fix_count(Safety::Safe), counts.fix_count(Safety::Review));
    let value = counts.fix_count(Safety::Value);
    if safe > 0 && style.are_fixes_proven {
        let has = if safe == 1 { "has" } else { "have" };
        let _ = writeln!(out, "{safe} {has} a fix that `seaworthy fix` writes");
    } else if safe > 0 {
        let _ = writeln!(out, "{safe} may have a fix: `seaworthy fix` writes those that it proves");
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

/// The number of suppressed findings, in brackets: allowed, and known from the baseline.
fn suppressed_note(counts: &ReportCounts) -> String {
    let mut parts = Vec::new();
    if counts.suppressed > 0 {
        parts.push(format!("{} more allowed", counts.suppressed));
    }
    if counts.baselined > 0 {
        parts.push(format!("{} more in the baseline", counts.baselined));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn summary_line(
    counts: &ReportCounts,
    score: Option<u8>,
    factors: FactorCounts,
    around: ReportSurroundings<'_>,
) -> String {
    let mut parts = vec![format!("{} audited", count_of(counts.audited, "file"))];
    if counts.partial > 0 {
        parts.push(format!("{} in part", counts.partial));
    }
    if counts.skipped > 0 {
        parts.push(format!("{} skipped", counts.skipped));
    }
    if around.ignored_count > 0 {
        parts.push(format!("{} hidden by ignore files", around.ignored_count));
    }
    if around.mended_count > 0 {
        parts.push(format!("{} mended in every overlay", count_of(around.mended_count, "finding")));
    }
    let score = score.map(|score| format!(" · score {score} of 100{}", factor_note(factors)));
    format!("{}{}", parts.join(", "), score.unwrap_or_default())
}

/// The reason why the score is lower than the share of checks that pass, in words.
fn factor_note(factors: FactorCounts) -> String {
    let apps = |count, factor, severity| {
        (count > 0).then(|| format!("{factor} in {} with an open {severity}", count_of(count, "app")))
    };
    let parts = [apps(factors.critical, "×0.4", "critical"), apps(factors.high, "×0.7", "high")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
