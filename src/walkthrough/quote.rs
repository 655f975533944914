//! A line of a file, with what is to be said of it.

use crate::repo::RelPath;
use crate::text::{SourceText, Span};

/// Where a chapter stands: the exact line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedLine {
    pub path: RelPath,
    /// From 1.
    pub line: usize,
    pub text: String,
    /// What is wrong with it; nothing where it is as it should be.
    pub message: String,
}

impl QuotedLine {
    pub(super) fn new(path: &RelPath, source: &SourceText, span: Span, message: impl Into<String>) -> Self {
        let line = source.line_number_at(span.start);
        let text = source.line_span(line).slice(source.text()).trim().to_owned();
        Self { path: path.clone(), line, text, message: message.into() }
    }
}
