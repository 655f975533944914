//! Keeps the values in effect beside the actions of the template in view, from what the chart renders.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::branch_marks::{BranchMarks, BranchResult, PassedLine};
use super::rendered_files::{all_renders, name_in_chart};
use crate::app::redact::SecretRedactor;
use crate::audit::RenderReport;
use crate::helm::{OriginSegment, SegmentKind};
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::count_of;
use crate::unit::UnitKey;

/// The most bytes that are kept of a value: no line of a terminal has room for more.
const MAX_BYTES: usize = 240;

/// The values that a template's actions have, by line.
#[derive(Clone, Debug, Default)]
pub struct ValuesInEffect {
    /// The file, and the value set of its chart.
    subject: Option<(RelPath, Option<Arc<UnitKey>>)>,
    lines: BTreeMap<usize, Vec<String>>,
    marks: BranchMarks,
}

/// What an action printed, in all its runs.
#[derive(Default)]
struct PrintedValues {
    first: String,
    /// The value of the last run, where that is not the first.
    last: Option<String>,
    /// The number of runs before the last one that printed another value than the first.
    others: usize,
    /// The render and the byte at which the last bytes end.
    end: (usize, usize),
}

impl ValuesInEffect {
    /// The values of the actions in a line, counted from 1, in their order.
    #[must_use]
    pub fn of_line(&self, path: &RelPath, line: usize) -> &[String] {
        self.lines.get(&line).filter(|_| self.is_of(path)).map(Vec::as_slice).unwrap_or_default()
    }

    /// What came of the branches that open in a line, counted from 1.
    #[must_use]
    pub fn branches_in_line(&self, path: &RelPath, line: usize) -> &[BranchResult] {
        if self.is_of(path) { self.marks.results_in(line) } else { &[] }
    }

    /// Whether a line stands in a branch that is not taken, and whether it is the first of such lines.
    #[must_use]
    pub fn passed_over(&self, path: &RelPath, line: usize) -> Option<PassedLine> {
        self.marks.passed_over(line).filter(|_| self.is_of(path))
    }

    /// True where these are the values of that file.
    pub(in crate::app) fn is_of(&self, path: &RelPath) -> bool {
        self.subject.as_ref().is_some_and(|(own, _)| own == path)
    }

    /// True for a file of a chart that renders, or of an overlay that is built.
    #[must_use]
    pub fn is_in_unit(&self) -> bool {
        self.subject.as_ref().is_some_and(|(_, unit)| unit.is_some())
    }

    /// The values of a file's actions with a value set; none for a file of no chart.
    pub(in crate::app) fn find(store: &Store, path: RelPath, unit: Option<Arc<UnitKey>>) -> Self {
        let lines = unit.as_ref().and_then(|unit| find_lines(store, &path, unit));
        let marks = unit.as_ref().and_then(|unit| BranchMarks::find(store, &path, unit));
        let (lines, marks) = (lines.unwrap_or_default(), marks.unwrap_or_default());
        Self { subject: Some((path, unit)), lines, marks }
    }
}

fn find_lines(store: &Store, path: &RelPath, unit: &Arc<UnitKey>) -> Option<BTreeMap<usize, Vec<String>>> {
    let file = store.file(path)?;
    let source = file.source.as_ref().filter(|source| source.text().contains("{{"))?;
    let name = name_in_chart(&unit.path, path)?;
    // What a template prints is in its own renders; a helper prints in those of others.
    let is_template = !file.renders.is_empty();
    let renders = all_renders(store).filter(|(_, render)| render.unit == *unit);
    let renders = renders.filter(|(template, _)| !is_template || *template == path);
    let mut printed: BTreeMap<usize, PrintedValues> = BTreeMap::new();
    for (number, (_, render)) in renders.enumerate() {
        gather_values(&name, number, render, &mut printed);
    }
    let secrets = SecretRedactor::for_file(store, path);
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (offset, values) in printed {
        let line = source.line_number_at(offset);
        lines.entry(line).or_default().push(secrets.redact_text(&values.describe()));
    }
    Some(lines)
}

/// Adds what the actions of a file print in a render, by their places in the file.
fn gather_values(
    name: &str,
    number: usize,
    render: &RenderReport,
    printed: &mut BTreeMap<usize, PrintedValues>,
) {
    let text = render.text.text();
    for segment in render.origin.iter() {
        for offset in sites_in(segment, name) {
            let bytes = text.get(segment.start..segment.end).unwrap_or_default();
            printed.entry(offset).or_default().add(number, segment, bytes);
        }
    }
}

/// The places of a file's actions that a segment went through.
fn sites_in<'a>(segment: &'a OriginSegment, name: &'a str) -> impl Iterator<Item = usize> {
    let is_computed = matches!(segment.kind, SegmentKind::Computed { .. });
    let own = Some(&segment.place).filter(|_| is_computed);
    segment.via.iter().chain(own).filter(move |site| &*site.path == name).map(|site| site.offset)
}

impl PrintedValues {
    fn add(&mut self, number: usize, segment: &OriginSegment, text: &str) {
        let is_new = self.end != (0, 0);
        if is_new && self.end != (number, segment.start) {
            self.others += self.count_last();
            self.last = Some(String::new());
        }
        self.end = (number, segment.end);
        let value = self.last.as_mut().unwrap_or(&mut self.first);
        let room = MAX_BYTES.saturating_sub(value.len());
        value.extend(text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= room).map(|(_, c)| c));
    }

    fn count_last(&self) -> usize {
        usize::from(self.last.as_ref().is_some_and(|last| *last != self.first))
    }

    /// The value for one line: of several lines the first, and how many other values it has elsewhere.
    fn describe(&self) -> String {
        let mut lines = self.first.trim().lines().map(str::trim);
        let first = lines.next().unwrap_or_default();
        let more = lines.count();
        let others = self.others + self.count_last();
        let value = match more {
            0 if first.starts_with(['"', '\'']) => first.to_owned(),
            0 => format!("\"{first}\""),
            more => format!("{first} (+{})", count_of(more, "line")),
        };
        if others > 0 { format!("{value} (+{})", count_of(others, "other value")) } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helm::OriginPlace;

    fn segment(start: usize, end: usize) -> OriginSegment {
        let place = OriginPlace { path: "values.yaml".into(), offset: 3 };
        OriginSegment { start, end, kind: SegmentKind::Text, place, via: Arc::default() }
    }

    #[test]
    fn bytes_that_follow_each_other_are_one_value_and_others_are_counted() {
        let mut printed = PrintedValues::default();
        printed.add(0, &segment(0, 2), "ab");
        printed.add(0, &segment(2, 3), "c");
        assert_eq!(printed.describe(), "\"abc\"");
        printed.add(0, &segment(9, 12), "abc");
        assert_eq!(printed.describe(), "\"abc\"");
        printed.add(1, &segment(12, 13), "d");
        printed.add(1, &segment(20, 21), "e");
        assert_eq!(printed.describe(), "\"abc\" (+2 other values)");
    }

    #[test]
    fn a_value_of_several_lines_is_named_by_its_first() {
        let mut printed = PrintedValues::default();
        printed.add(0, &segment(0, 20), "\n  cpu: 1\n  memory: 2\n");
        assert_eq!(printed.describe(), "cpu: 1 (+1 line)");
        let mut long = PrintedValues::default();
        long.add(0, &segment(0, 600), &"ä".repeat(300));
        assert_eq!(long.first.len(), MAX_BYTES);
    }
}
