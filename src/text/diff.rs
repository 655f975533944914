//! Compares texts line by line: as hunks for the screen, as a unified patch for `patch -p1` and `git apply`.

use std::ops::Range;

use similar::{ChangeTag, DiffTag, TextDiff};

use super::{Span, Splice, quote_git_path};

/// The unchanged lines around a change.
const CONTEXT_LINES: usize = 3;

/// The kind of a line of a diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineChange {
    Unchanged,
    Added,
    Removed,
}

/// One line of a hunk, without its line ending, and its numbers before and after, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    pub change: LineChange,
    pub before: Option<usize>,
    pub after: Option<usize>,
    pub text: String,
}

/// A run of changes with the lines around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffHunk {
    pub lines: Vec<DiffLine>,
}

/// Lines that are replaced: those of the text before, and those in their place, each counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedBlock {
    pub before: Range<usize>,
    pub after: Range<usize>,
}

/// The lines that differ, in their order; between two blocks there is at least one line that is the same.
#[must_use]
pub fn changed_blocks(before: &str, after: &str) -> Vec<ChangedBlock> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::from_slices(&old, &new);
    let mut blocks: Vec<ChangedBlock> = Vec::new();
    for op in diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal) {
        let (before, after) = (op.old_range(), op.new_range());
        match blocks.last_mut() {
            Some(last) if last.before.end == before.start && last.after.end == after.start => {
                (last.before.end, last.after.end) = (before.end, after.end);
            }
            _ => blocks.push(ChangedBlock { before, after }),
        }
    }
    blocks
}

/// The hunks that lead from `before` to `after`; none when they are equal.
#[must_use]
pub fn diff_hunks(before: &str, after: &str) -> Vec<DiffHunk> {
    let diff = TextDiff::from_lines(before, after);
    diff.grouped_ops(CONTEXT_LINES)
        .iter()
        .map(|group| DiffHunk {
            lines: group.iter().flat_map(|op| diff.iter_changes(op)).map(|c| diff_line(&c)).collect(),
        })
        .collect()
}

fn diff_line(change: &similar::Change<&str>) -> DiffLine {
    DiffLine {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Unchanged,
            ChangeTag::Insert => LineChange::Added,
            ChangeTag::Delete => LineChange::Removed,
        },
        before: change.old_index().map(|i| i + 1),
        after: change.new_index().map(|i| i + 1),
        text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
    }
}

/// The unified patch of one file, empty when nothing differs. `path` is relative to where the patch is applied, with
/// forward slashes; whatever it holds, the header names it as git does.
#[must_use]
pub fn unified_patch(path: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .header(&header_name('a', path), &header_name('b', path))
        .to_string()
}

/// A file's name in a header. After one with a blank that is not in quotes stands a tab, as git writes it: `patch` would
/// end the name at the blank.
fn header_name(side: char, path: &str) -> String {
    let name = format!("{side}/{path}");
    let quoted = quote_git_path(&name);
    let end = if path.contains(' ') && !quoted.starts_with('"') { "\t" } else { "" };
    format!("{quoted}{end}")
}

/// The edits that lead from `before` to `after`: a run of changed lines each, without what its two sides begin or end
/// with alike.
#[must_use]
pub fn minimal_splices(before: &str, after: &str) -> Vec<Splice> {
    let diff = TextDiff::from_lines(before, after);
    let (mut old, mut new) = (0, 0);
    let mut splices = Vec::new();
    for op in diff.ops() {
        let length = |line: Option<&str>| line.map_or(0, str::len);
        let was: usize = op.old_range().map(|at| length(diff.old_slice(at))).sum();
        let is: usize = op.new_range().map(|at| length(diff.new_slice(at))).sum();
        let (from, to) = (Span::new(old, old + was), Span::new(new, new + is));
        (old, new) = (from.end, to.end);
        if op.tag() != DiffTag::Equal {
            splices.push(narrow_splice(from, from.slice(before), to.slice(after)));
        }
    }
    splices
}

fn narrow_splice(span: Span, was: &str, is: &str) -> Splice {
    let alike = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = alike(&mut was.chars().zip(is.chars()));
    let (was, is) = (&was[start..], &is[start..]);
    let end = alike(&mut was.chars().rev().zip(is.chars().rev()));
    Splice::replace(Span::new(span.start + start, span.end - end), &is[..is.len() - end])
}
