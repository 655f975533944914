//! Lays the lines of a file before and after a fix into one text, for the panes that show the fix where it will stand.

use std::ops::Range;
use std::sync::Arc;

use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;
use crate::text::diff::{self, ChangedBlock, LineChange};

/// One line of a file before or after a fix, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchedLine {
    pub change: LineChange,
    /// Its number before, from 1.
    pub before: Option<usize>,
    /// Its number after, from 1.
    pub after: Option<usize>,
}

/// The part of a fix that a pane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatchSide {
    /// The lines that go and the lines that come, at their places.
    #[default]
    Both,
    /// The file as it is.
    Before,
    /// The file as it will be, its new lines marked.
    After,
    /// The file as it is, the lines marked that were written just now.
    Written,
}

/// A file with the lines of a fix at their places. Its lines are counted from 0, in the order in which they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchedFile {
    pub path: RelPath,
    pub before: SourceText,
    pub after: SourceText,
    blocks: Arc<[ChangedBlock]>,
    pub side: PatchSide,
}

impl PatchedFile {
    #[must_use]
    pub fn new(patch: &FilePatch) -> Self {
        Self {
            path: patch.path.clone(),
            before: patch.before.clone(),
            after: patch.after.clone(),
            blocks: diff::changed_blocks(patch.before.text(), patch.after.text()).into(),
            side: PatchSide::Both,
        }
    }

    /// A file without any fix.
    #[must_use]
    pub fn unchanged(path: RelPath, source: &SourceText) -> Self {
        Self {
            path,
            before: source.clone(),
            after: source.clone(),
            blocks: Arc::default(),
            side: PatchSide::Both,
        }
    }

    /// The same fix, shown from one side.
    #[must_use]
    pub fn with_side(mut self, side: PatchSide) -> Self {
        if side == PatchSide::Before {
            return Self::unchanged(self.path, &self.before);
        }
        self.side = side;
        self
    }

    /// The number of lines shown.
    #[must_use]
    pub fn line_count(&self) -> usize {
        match self.side {
            PatchSide::After | PatchSide::Written => self.after.line_count(),
            _ => self.before.line_count() + self.blocks.iter().map(|block| block.after.len()).sum::<usize>(),
        }
    }

    /// True where the lines are those of the file after the fix.
    #[must_use]
    pub const fn is_after(&self) -> bool {
        matches!(self.side, PatchSide::After | PatchSide::Written)
    }

    /// The lines of a block that goes, as they are shown: none where the file is shown as it will be.
    fn removed_count(&self, block: &ChangedBlock) -> usize {
        if self.is_after() { 0 } else { block.before.len() }
    }

    /// The places of the changed lines, block by block.
    pub fn changed_lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut shift = 0;
        self.blocks.iter().map(move |block| {
            let start = match self.side {
                PatchSide::After | PatchSide::Written => block.after.start,
                _ => block.before.start + shift,
            };
            shift += block.after.len();
            start..start + self.removed_count(block) + block.after.len()
        })
    }

    #[must_use]
    pub fn has_changes(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// The line at a place.
    #[must_use]
    pub fn line_at(&self, place: usize) -> PatchedLine {
        let mut unchanged = (0, 0, 0);
        for (block, shown) in self.blocks.iter().zip(self.changed_lines()) {
            if place < shown.start {
                break;
            }
            if let Some(at) = place.checked_sub(shown.start).filter(|_| place < shown.end) {
                return match at.checked_sub(self.removed_count(block)) {
                    None => PatchedLine {
                        change: LineChange::Removed,
                        before: Some(block.before.start + at + 1),
                        after: None,
                    },
                    Some(at) => PatchedLine {
                        change: LineChange::Added,
                        before: None,
                        after: Some(block.after.start + at + 1),
                    },
                };
            }
            unchanged = (shown.end, block.before.end, block.after.end);
        }
        let (from, before, after) = unchanged;
        let by = place - from + 1;
        PatchedLine { change: LineChange::Unchanged, before: Some(before + by), after: Some(after + by) }
    }

    /// The place of a line of the file as it is, counted from 0.
    #[must_use]
    pub fn place_of_line(&self, line: usize) -> usize {
        if self.side == PatchSide::Written {
            return line;
        }
        let mut place = line;
        for (block, shown) in self.blocks.iter().zip(self.changed_lines()) {
            if line < block.before.start {
                break;
            }
            place = match line.checked_sub(block.before.start) {
                Some(at) if line < block.before.end => shown.start + at.min(self.removed_count(block)),
                _ => shown.end + line - block.before.end,
            };
        }
        place
    }

    /// The text that a line is taken from, and its number in that, from 1.
    #[must_use]
    pub fn source_of(&self, line: PatchedLine) -> (&SourceText, usize) {
        let after = line.after.map(|number| (&self.after, number));
        let before = line.before.map(|number| (&self.before, number));
        let taken = if self.is_after() { after.or(before) } else { before.or(after) };
        taken.unwrap_or((&self.before, 0))
    }

    /// The text of a line, without its line ending.
    #[must_use]
    pub fn text_of(&self, line: PatchedLine) -> &str {
        let (source, number) = self.source_of(line);
        source.line_span(number).slice(source.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(before: &str, after: &str) -> PatchedFile {
        let (before, after) = (SourceText::new(before), SourceText::new(after));
        PatchedFile::new(&FilePatch { path: "a".into(), before, after })
    }

    fn shown(file: &PatchedFile) -> Vec<String> {
        let sign = |change| match change {
            LineChange::Unchanged => ' ',
            LineChange::Added => '+',
            LineChange::Removed => '-',
        };
        let lines = (0..file.line_count()).map(|place| file.line_at(place));
        lines
            .map(|line| {
                let number = line.after.map(|n| n.to_string()).unwrap_or_default();
                format!("{}{number} {}", sign(line.change), file.text_of(line))
            })
            .collect()
    }

    #[test]
    fn the_lines_of_a_fix_stand_at_their_places() {
        let file = patched("a\nb\nc\nd\n", "a\nB\nBB\nc\nd\ne\n");
        assert_eq!(shown(&file), [" 1 a", "- b", "+2 B", "+3 BB", " 4 c", " 5 d", "+6 e"]);
        assert_eq!(file.changed_lines().collect::<Vec<_>>(), [1..4, 6..7]);
        let places: Vec<usize> = (0..4).map(|line| file.place_of_line(line)).collect();
        assert_eq!(places, [0, 1, 4, 5]);
    }

    #[test]
    fn each_side_alone_is_the_file_as_it_is_and_as_it_will_be() {
        let file = patched("a\nb\nc\n", "x\na\nc\n");
        assert_eq!(shown(&file.clone().with_side(PatchSide::Before)), [" 1 a", " 2 b", " 3 c"]);
        let after = file.with_side(PatchSide::After);
        assert_eq!(shown(&after), ["+1 x", " 2 a", " 3 c"]);
        assert_eq!((0..3).map(|line| after.place_of_line(line)).collect::<Vec<_>>(), [1, 2, 2]);
    }

    #[test]
    fn a_file_without_a_fix_is_itself() {
        let file = PatchedFile::unchanged("a".into(), &SourceText::new("a\nb"));
        assert_eq!(shown(&file), [" 1 a", " 2 b"]);
        assert!(!file.has_changes());
    }
}
