//! The physical lines of a Dockerfile, for the splitter and the heredocs it takes in.

use super::line::trim_newline;
use crate::text::Span;

/// The lines of a text, without their endings.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// Where the next one begins, in bytes.
    pub(super) at: usize,
}

impl<'t> Lines<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let span = Span::new(self.at, self.at + trim_newline(&rest[..length]).len());
        self.at += length;
        Some(span)
    }

    pub(super) const fn text(&self) -> &'t str {
        self.text
    }
}
