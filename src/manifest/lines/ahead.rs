//! Where a sign stands next: looked for once, and asked for by one line after the other.

use std::ops::Range;

/// A sign that most lines lack. The search for it is not begun anew at every line.
pub(super) struct Ahead {
    find: fn(&[u8]) -> Option<usize>,
    /// There is none from here to `at`.
    from: usize,
    at: usize,
}

impl Ahead {
    pub(super) const fn new(find: fn(&[u8]) -> Option<usize>) -> Self {
        // Nothing is known yet of any place.
        Self { find, from: 1, at: 0 }
    }

    /// Where it stands first in the range, which ends where its line does.
    #[inline]
    pub(super) fn within(&mut self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        if self.from <= range.start && range.end <= self.at {
            return None;
        }
        self.search(bytes, range)
    }

    fn search(&mut self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        if range.start < self.from && self.from <= self.at {
            // A line is looked at once more: never further than to its end.
            return Some(range.start + (self.find)(bytes.get(range.clone())?)?);
        }
        if range.start < self.from || range.start > self.at {
            let found = (self.find)(bytes.get(range.start..)?);
            (self.from, self.at) = (range.start, found.map_or(bytes.len(), |found| range.start + found));
        }
        (self.at < range.end).then_some(self.at)
    }
}
