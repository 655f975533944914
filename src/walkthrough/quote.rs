//! Quotes a line of a file, with a message about it, for chapters.

use crate::repo::RelPath;
use crate::text::{SourceText, Span};

/// The exact line that a chapter is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedLine {
    pub path: RelPath,
    /// From 1.
    pub line: usize,
    pub text: String,
    /// The fault of the line; empty where it is as it should be.
    pub message: String,
}

impl QuotedLine {
    pub(super) fn new(path: &RelPath, source: &SourceText, span: Span, message: impl Into<String>) -> Self {
        let line = source.line_number_at(span.start);
        let text = source.line_span(line).slice(source.text()).trim().to_owned();
        Self { path: path.clone(), line, text, message: message.into() }
    }
}
