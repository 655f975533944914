//! Holds a text as a fix would leave it, and finds its bytes in the lines that patches add, for those who look for values.

use std::ops::Range;

use super::ValuePlace;
use crate::repo::FilePatch;
use crate::text::{Span, diff};

/// A text as it would be written or rendered, of which some bytes stand in lines that patches add.
pub(super) trait WrittenText {
    fn text(&self) -> &str;

    /// Where these bytes stand in a file that a patch changes.
    fn find_place(&self, span: Span) -> Option<(&FilePatch, Span)>;

    /// The same, where a patch adds that line.
    fn added_place(&self, span: Span) -> Option<ValuePlace> {
        let (patch, span) = self.find_place(span)?;
        let is_added = AddedLines::of_patch(patch).contains(span);
        is_added.then(|| ValuePlace { path: patch.path.clone(), span, lead: String::new() })
    }
}

/// The lines that a patch adds.
pub(super) struct AddedLines<'a> {
    patch: &'a FilePatch,
    blocks: Vec<Range<usize>>,
}

impl WrittenText for AddedLines<'_> {
    fn text(&self) -> &str {
        self.patch.after.text()
    }

    fn find_place(&self, span: Span) -> Option<(&FilePatch, Span)> {
        Some((self.patch, span))
    }

    fn added_place(&self, span: Span) -> Option<ValuePlace> {
        self.contains(span).then(|| self.place(span))
    }
}

impl<'a> AddedLines<'a> {
    pub(super) fn of_patch(patch: &'a FilePatch) -> Self {
        let blocks = diff::changed_blocks(patch.before.text(), patch.after.text());
        Self { patch, blocks: blocks.into_iter().map(|block| block.after).collect() }
    }

    pub(super) fn contains(&self, span: Span) -> bool {
        let line = self.patch.after.line_number_at(span.start) - 1;
        self.blocks.iter().any(|block| block.contains(&line))
    }

    pub(super) fn place(&self, span: Span) -> ValuePlace {
        ValuePlace { path: self.patch.path.clone(), span, lead: String::new() }
    }
}
