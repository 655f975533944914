//! Finds the changed lines of an earlier write in a text that has moved on since, so that a part of it can be taken
//! back at its place.

use std::ops::Range;
use std::time::Duration;

use similar::{DiffTag, TextDiff};

use super::diff::{ChangedBlock, changed_blocks};

/// The longest time that two texts are compared; after it the rest counts as changed.
const MAX_COMPARE_TIME: Duration = Duration::from_millis(300);

/// What became of the lines that a write changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockPlace {
    /// They stand as they were written, at these lines, counted from 0.
    Standing(Range<usize>),
    /// The lines are as they were before the write.
    Reverted,
    /// They, or the lines on both sides of them, were changed since.
    Changed,
}

/// A write to one text, and that text as it is now.
pub struct BlockReversal<'a> {
    before: Vec<&'a str>,
    now: Vec<&'a str>,
    pub blocks: Vec<(ChangedBlock, BlockPlace)>,
}

impl<'a> BlockReversal<'a> {
    /// Looks each block of the write from `before` to `after` up in the text `now`.
    #[must_use]
    pub fn new(before: &'a str, after: &'a str, now: &'a str) -> Self {
        let lines = |text: &'a str| text.split_inclusive('\n').collect::<Vec<_>>();
        let (before_lines, after_lines, now_lines) = (lines(before), lines(after), lines(now));
        let from_after = LineMap::new(&after_lines, &now_lines);
        let mut from_before = None;
        let mut place = |block: &ChangedBlock| {
            if let Some(at) = from_after.find_lines(&block.after) {
                let is_last = at.end == now_lines.len();
                let ends = before_lines[block.before.clone()].last().is_none_or(|line| line.ends_with('\n'));
                return if ends || is_last { BlockPlace::Standing(at) } else { BlockPlace::Changed };
            }
            let map = from_before.get_or_insert_with(|| LineMap::new(&before_lines, &now_lines));
            match map.find_lines(&block.before) {
                Some(_) => BlockPlace::Reverted,
                None => BlockPlace::Changed,
            }
        };
        let blocks = changed_blocks(before, after);
        let blocks = blocks.into_iter().map(|block| (place(&block), block)).map(|(at, block)| (block, at));
        Self { blocks: blocks.collect(), before: before_lines, now: now_lines }
    }

    /// The text of now with those of the chosen blocks that stand as they were before the write.
    #[must_use]
    pub fn revert_blocks(&self, is_chosen: impl Fn(usize) -> bool) -> String {
        let mut text = String::new();
        let mut at = 0;
        for (block, place) in
            self.blocks.iter().enumerate().filter(|(nth, _)| is_chosen(*nth)).map(|(_, b)| b)
        {
            let BlockPlace::Standing(lines) = place else { continue };
            text.extend(self.now[at..lines.start].iter().copied());
            text.extend(self.before[block.before.clone()].iter().copied());
            at = lines.end;
        }
        text.extend(self.now[at..].iter().copied());
        text
    }
}

/// Where each line of one text stands in another.
struct LineMap {
    places: Vec<Option<usize>>,
    /// The number of lines of the other.
    length: usize,
}

impl LineMap {
    fn new(from: &[&str], to: &[&str]) -> Self {
        let mut places = vec![None; from.len()];
        let diff = TextDiff::configure().timeout(MAX_COMPARE_TIME).diff_slices(from, to);
        for op in diff.ops().iter().filter(|op| op.tag() == DiffTag::Equal) {
            for (from, to) in op.old_range().zip(op.new_range()) {
                places[from] = Some(to);
            }
        }
        Self { places, length: to.len() }
    }

    /// The place of a run of lines that stands together in the other text, beside at least one of its two neighbours;
    /// of no lines at all, between both.
    fn find_lines(&self, lines: &Range<usize>) -> Option<Range<usize>> {
        let after_previous = match lines.start.checked_sub(1) {
            None => Some(0),
            Some(previous) => self.places[previous].map(|at| at + 1),
        };
        let at_next = match self.places.get(lines.end) {
            None => Some(self.length),
            Some(next) => *next,
        };
        let Some(start) = lines.clone().next().map(|first| self.places[first]) else {
            let at = after_previous.filter(|at| at_next == Some(*at))?;
            return Some(at..at);
        };
        let start = start?;
        let together = lines.clone().zip(start..).all(|(line, at)| self.places[line] == Some(at));
        let end = start + lines.len();
        (together && (after_previous == Some(start) || at_next == Some(end))).then_some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "a\nb\nc\nd\ne\n";
    const AFTER: &str = "a\nB\nBB\nc\nd\ne\nf\n";

    fn places(now: &str) -> Vec<BlockPlace> {
        BlockReversal::new(BEFORE, AFTER, now).blocks.into_iter().map(|(_, place)| place).collect()
    }

    fn reverted(now: &str, nth: usize) -> String {
        BlockReversal::new(BEFORE, AFTER, now).revert_blocks(|at| at == nth)
    }

    #[test]
    fn a_text_that_has_not_moved_is_taken_back_whole_or_in_part() {
        assert_eq!(places(AFTER), [BlockPlace::Standing(1..3), BlockPlace::Standing(6..7)]);
        assert_eq!(BlockReversal::new(BEFORE, AFTER, AFTER).revert_blocks(|_| true), BEFORE);
        assert_eq!(reverted(AFTER, 0), "a\nb\nc\nd\ne\nf\n");
        assert_eq!(reverted(AFTER, 1), "a\nB\nBB\nc\nd\ne\n");
    }

    #[test]
    fn lines_are_found_again_where_the_text_has_moved_on_elsewhere() {
        let now = "new\na\nB\nBB\nc\nD\ne\nf\n";
        assert_eq!(places(now), [BlockPlace::Standing(2..4), BlockPlace::Standing(7..8)]);
        assert_eq!(reverted(now, 0), "new\na\nb\nc\nD\ne\nf\n");
    }

    #[test]
    fn lines_that_were_changed_since_are_not_found() {
        assert_eq!(places("a\nB\nmine\nc\nd\ne\nf\n")[0], BlockPlace::Changed);
        assert_eq!(places("a\nB\nmine\nBB\nc\nd\ne\nf\n")[0], BlockPlace::Changed);
        assert_eq!(
            places("x\nB\nBB\ny\nd\ne\nf\n")[0],
            BlockPlace::Changed,
            "nothing tells that it is the place"
        );
        assert_eq!(reverted("a\nB\nmine\nc\nd\ne\nf\n", 0), "a\nB\nmine\nc\nd\ne\nf\n");
    }

    #[test]
    fn what_is_as_before_is_told_from_what_was_changed() {
        assert_eq!(places("a\nb\nc\nD\ne\nf\n"), [BlockPlace::Reverted, BlockPlace::Standing(5..6)]);
        assert_eq!(places(BEFORE), [BlockPlace::Reverted, BlockPlace::Reverted]);
    }

    #[test]
    fn lines_that_went_come_back_between_the_lines_that_they_stood_between() {
        let find = |now: &'static str| {
            let reversal = BlockReversal::new("a\nb\nc\n", "a\nc\n", now);
            (reversal.blocks[0].1.clone(), reversal.revert_blocks(|_| true))
        };
        assert_eq!(find("a\nc\nd\n"), (BlockPlace::Standing(1..1), "a\nb\nc\nd\n".to_owned()));
        assert_eq!(find("a\nnew\nc\n").0, BlockPlace::Changed, "on which side of the new line, nobody knows");
    }

    #[test]
    fn a_last_line_without_an_end_joins_no_other() {
        let reversal = BlockReversal::new("a\nb", "a\nB\n", "a\nB\nc\n");
        assert_eq!(reversal.blocks[0].1, BlockPlace::Changed);
    }
}
