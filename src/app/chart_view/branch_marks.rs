//! Keeps which branches of the template in view are taken, and the lines of those that are not, beside its values.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::rendered_files::{all_renders, name_in_chart};
use crate::repo::RelPath;
use crate::store::Store;
use crate::template::branch_outcome::BranchOutcome;
use crate::text::SourceText;
use crate::unit::UnitKey;

/// What came of a branch in all its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchResult {
    Taken,
    Passed,
    /// A helper may be included several times.
    Both,
    /// A loop over nothing.
    Empty,
}

/// A line that is not rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedLine {
    pub is_first: bool,
}

/// The branches of a file, by line.
#[derive(Clone, Debug, Default)]
pub(super) struct BranchMarks {
    results: BTreeMap<usize, Vec<BranchResult>>,
    /// The lines that stand in branches which are not taken, from 1.
    passed: Vec<Range<usize>>,
}

impl BranchMarks {
    /// Those of a template or helper with a value set; none where nothing of its chart is rendered.
    pub(super) fn find(store: &Store, path: &RelPath, unit: &Arc<UnitKey>) -> Option<Self> {
        let source = store.file(path)?.source.as_ref()?;
        let name = name_in_chart(&unit.path, path)?;
        let (_, render) = all_renders(store).find(|(_, render)| render.unit == *unit)?;
        let mut marks = Self::default();
        for branch in render.branches.iter().filter(|branch| *branch.place.path == *name) {
            marks.add(source, branch.place.offset, &branch.outcome);
        }
        Some(marks)
    }

    fn add(&mut self, source: &SourceText, offset: usize, outcome: &BranchOutcome) {
        let line = source.line_number_at(offset);
        self.results.entry(line).or_default().extend(result_of(outcome));
        if !outcome.is_taken {
            self.passed.extend(lines_within(source, &outcome.body));
        }
        if !outcome.is_passed {
            self.passed.extend(outcome.otherwise.as_ref().and_then(|bytes| lines_within(source, bytes)));
        }
    }

    pub(super) fn results_in(&self, line: usize) -> &[BranchResult] {
        self.results.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn passed_over(&self, line: usize) -> Option<PassedLine> {
        let is_in = |line: usize| self.passed.iter().any(|lines| lines.contains(&line));
        is_in(line).then(|| PassedLine { is_first: !is_in(line.saturating_sub(1)) })
    }
}

fn result_of(outcome: &BranchOutcome) -> Option<BranchResult> {
    match (outcome.is_taken, outcome.is_passed) {
        (true, true) => Some(BranchResult::Both),
        (true, false) if outcome.is_loop => None,
        (true, false) => Some(BranchResult::Taken),
        (false, _) if outcome.is_loop => Some(BranchResult::Empty),
        (false, _) => Some(BranchResult::Passed),
    }
}

/// The lines of which all but blanks lies within these bytes.
fn lines_within(source: &SourceText, bytes: &Range<usize>) -> Option<Range<usize>> {
    let text = source.text();
    let is_within = |line: usize| {
        let span = source.line_span(line);
        let content = span.slice(text);
        let start = span.start + content.len() - content.trim_start().len();
        bytes.start <= start && span.start + content.trim_end().len() <= bytes.end
    };
    let first = source.line_number_at(bytes.start.min(text.len()));
    let last = source.line_number_at(bytes.end.min(text.len()));
    let first = (first..=last).find(|line| is_within(*line))?;
    let last = (first..=last).rev().find(|line| is_within(*line))?;
    Some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_that_lie_whole_in_a_branch() {
        let text = "a\n{{ if .x }}\n  b\n\n  c\n{{ else }}\nd\n{{ end }}\n";
        let source = SourceText::new(text);
        let at = |word: &str| text.find(word).expect("it is there");
        let body = at(" }}") + 3..at("{{ else");
        assert_eq!(lines_within(&source, &body), Some(3..6));
        let one_line = SourceText::new("a: {{ if .x }}b{{ end }}\n");
        assert_eq!(lines_within(&one_line, &(14..15)), None);
    }
}
