//! Remembers where a sign stands next, so that it is searched once for all lines before it.

use std::ops::Range;

/// A sign that most lines lack. The search for it is not begun anew at every line.
pub(crate) struct ByteLookahead {
    find_byte: fn(&[u8]) -> Option<usize>,
    /// There is none from here to `at`.
    searched_from: usize,
    next_hit: usize,
}

impl ByteLookahead {
    pub(crate) const fn new(find: fn(&[u8]) -> Option<usize>) -> Self {
        // Nothing is known yet of any place.
        Self { find_byte: find, searched_from: 1, next_hit: 0 }
    }

    /// The first place of the sign in the range, which ends where its line does.
    #[inline]
    pub(crate) fn find_in(&mut self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        if self.searched_from <= range.start && range.end <= self.next_hit {
            return None;
        }
        self.search_range(bytes, range)
    }

    fn search_range(&mut self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        if range.start < self.searched_from && self.searched_from <= self.next_hit {
            // A line is searched once more: never further than to its end.
            return Some(range.start + (self.find_byte)(bytes.get(range.clone())?)?);
        }
        if range.start < self.searched_from || range.start > self.next_hit {
            let found = (self.find_byte)(bytes.get(range.start..)?);
            (self.searched_from, self.next_hit) =
                (range.start, found.map_or(bytes.len(), |found| range.start + found));
        }
        (self.next_hit < range.end).then_some(self.next_hit)
    }
}
