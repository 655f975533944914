//! Writes findings as annotations that a GitHub workflow shows beside the lines: `error`, `warning` and `notice`.

use std::fmt::Write;
use std::io;
use std::sync::Arc;

use super::ReportCounts;
use super::finding_pages::PAGE_FINDINGS;
use super::text_report::{ReportSurroundings, hidden_line};
use crate::audit::ListedFinding;
use crate::base::par_map_ordered;
use crate::finding::Severity;
use crate::fix::{FixOffer, FixOffers};
use crate::repo::RelPath;
use crate::rules;
use crate::store::Store;
use crate::text::{SourceText, control_picture, make_printable};

/// Hands each part of the files to what it is given, in their order, and does so again whenever it is called: the findings
/// of all files are never listed at once.
pub type VisitStores<'a> = dyn Fn(&mut dyn FnMut(&Store) -> io::Result<()>) -> io::Result<()> + 'a;

/// How annotations are written.
#[derive(Clone, Copy)]
pub struct AnnotationStyle<'a> {
    /// Put before each path.
    pub below: &'a str,
    /// False where the fixes that are named are not proven.
    pub are_fixes_proven: bool,
}

/// Writes one line for each finding that is not allowed, in a fold of the log for each severity. The worst come first: of
/// each command only the first ten of a step are shown beside the lines. `counts` are those of all stores, `offers` returns
/// the fixes of some findings of a file.
///
/// # Errors
/// When `out` does not take it.
pub fn write_github(
    visit_stores: &VisitStores<'_>,
    (counts, around): (&ReportCounts, ReportSurroundings<'_>),
    offers: impl Fn(&RelPath, &[Arc<ListedFinding>]) -> FixOffers + Sync,
    style: AnnotationStyle<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for severity in Severity::ALL {
        let count = counts.open_count(severity);
        if count == 0 {
            continue;
        }
        writeln!(out, "::group::{severity}: {count}")?;
        visit_stores(&mut |store| {
            let open = |listed: &&Arc<ListedFinding>| listed.is_open() && listed.severity == severity;
            let group: Vec<Arc<ListedFinding>> = store.findings().filter(open).cloned().collect();
            let files = group.chunk_by(|a, b| a.key.path == b.key.path);
            let made = |some: &[Arc<ListedFinding>]| {
                let offers = some.first().map(|first| offers(&first.key.path, some)).unwrap_or_default();
                let mut text = String::new();
                some.iter().for_each(|listed| {
                    write_annotation(&mut text, store, listed, offers.get(&listed.key), style);
                });
                text
            };
            let pages = files.flat_map(|of_file| of_file.chunks(PAGE_FINDINGS)).collect();
            par_map_ordered(pages, made, |text: String| out.write_all(text.as_bytes()))
        })?;
        out.write_all(b"::endgroup::\n")?;
    }
    let bar = around.lowered_bar;
    if let (Some(lowered), Some(source)) = (bar.describe(), bar.source_file()) {
        let file = escape_property(&format!("{}{source}", style.below));
        let message = escape_message(&format!("The repository lowers the bar: {lowered}"));
        writeln!(out, "::notice file={file},title=Repository settings::{message}")?;
    }
    if let Some(hidden) = hidden_line(around.ignored_count) {
        writeln!(out, "::notice title=Ignore files::{}", escape_message(&hidden))?;
    }
    let open: usize = Severity::ALL.into_iter().map(|severity| counts.open_count(severity)).sum();
    writeln!(out, "{open} open, {} allowed or known", counts.suppressed + counts.baselined)
}

fn write_annotation(
    out: &mut String,
    store: &Store,
    listed: &ListedFinding,
    offer: Option<&FixOffer>,
    style: AnnotationStyle<'_>,
) {
    let empty = SourceText::new("");
    let source = store.file(&listed.key.path).and_then(|file| file.source.as_ref()).unwrap_or(&empty);
    let finding = &listed.finding;
    let (start, end) = (source.position_of(finding.span.start), source.position_of(finding.span.end));
    let why = rules::find_rule(finding.rule).map(|rule| rule.parse_page().summary).unwrap_or_default();
    let path = format!("{}{}", style.below, listed.key.path);
    let _ = writeln!(
        out,
        "::{} file={},line={},endLine={}{},title={}::{}",
        annotation_command(finding.severity),
        escape_property(&path),
        start.line,
        end.line,
        // Columns are refused where the lines differ.
        if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        },
        escape_property(&format!("{} ({})", finding.rule, finding.severity)),
        // The log shows nothing but the message, so the message has the place once more.
        escape_message(&format!(
            "{}\n{why}\n{}\n{}:{}:{}",
            finding.message,
            fix_note(offer, style.are_fixes_proven),
            make_printable(&path),
            start.line,
            start.column
        )),
    );
}

/// The fix and its risk, a line each; nothing where there is none.
fn fix_note(offer: Option<&FixOffer>, is_proven: bool) -> String {
    let Some(FixOffer::Fix { title, safety, risk, .. }) = offer else { return String::new() };
    let causes = risk.causes();
    let risk = causes.first().map(|cause| format!("\nRisk ({}): {cause}", risk.risk.name()));
    let unproven = if is_proven { "" } else { ", not proven" };
    format!("Fix ({safety}{unproven}): {title}{}", risk.unwrap_or_default())
}

const fn annotation_command(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

/// A message on one line, as the runner reads it.
fn escape_message(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| make_printable(line).replace('%', "%25"))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("%0A")
}

/// A property on one line, as the runner reads it. A path stays the path that it is, line ends included; what the
/// runner cannot take back, and a terminal would obey, is replaced.
fn escape_property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            '\t' => out.push(c),
            c => out.push(control_picture(c)),
        }
    }
    out
}
