//! Gives the physical lines of a Dockerfile to the splitter and the heredocs.

use super::logical_line::trim_newline;
use crate::text::Span;

/// The lines of a text, without their endings.
pub(super) struct PhysicalLines<'t> {
    text: &'t str,
    /// Start of the next one, in bytes.
    pub(super) offset: usize,
}

impl<'t> PhysicalLines<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.offset..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let span = Span::new(self.offset, self.offset + trim_newline(&rest[..length]).len());
        self.offset += length;
        Some(span)
    }

    pub(super) const fn text(&self) -> &'t str {
        self.text
    }
}
