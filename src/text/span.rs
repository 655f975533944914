//! Describes a range of bytes in a text, and where it goes as the text is edited.

/// A half-open range of bytes, `start..end`, in the file it was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span before the byte at `offset`.
    #[must_use]
    pub const fn empty_at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    #[must_use]
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// True when `other` lies wholly within this span.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The same span in a text that stands `by` bytes further on.
    #[must_use]
    pub const fn shift_by(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// The same span in a later text: as it was before the first difference, as far from the end as it was after the
    /// last, and at the place of the difference where it lay between.
    #[must_use]
    pub fn follow_edit(self, before: &str, after: &str) -> Self {
        let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(a, b)| a == b).count();
        let head = same(&mut before.bytes().zip(after.bytes()));
        let rest = before.len().min(after.len()) - head;
        let tail = same(&mut before.bytes().rev().zip(after.bytes().rev()).take(rest));
        if self.end <= head {
            return self;
        }
        if self.start >= before.len() - tail {
            let from_end = |offset: usize| after.len().saturating_sub(before.len().saturating_sub(offset));
            return Self::new(from_end(self.start), from_end(self.end));
        }
        Self::empty_at(
            (0..=head.min(self.start)).rev().find(|at| after.is_char_boundary(*at)).unwrap_or_default(),
        )
    }

    /// The text under the span; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}
