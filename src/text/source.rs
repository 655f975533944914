//! A file's text with its lines.

use std::sync::Arc;

use super::{Span, stable_hash};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A place in a text as people count: lines and columns from 1, columns in Unicode scalar values, the byte-order mark
/// not counted; `offset` in bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

/// The text of one file, exactly as its bytes are, and where its lines begin. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    text: Arc<str>,
    hash: u64,
    line_starts: Arc<[usize]>,
}

impl Source {
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let line_starts = std::iter::once(0).chain(memchr_newlines(&text).map(|at| at + 1)).collect();
        Self { hash: stable_hash(text.as_bytes()), line_starts, text }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The shared text, for keeping beside results without a copy.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Tells this content from another; see [`stable_hash`].
    #[must_use]
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// How many lines there are; a final newline does not begin another.
    #[must_use]
    pub fn line_count(&self) -> usize {
        let starts = self.line_starts.len();
        if self.text.ends_with('\n') { starts - 1 } else { starts }
    }

    /// The span of a line, counted from 1, without its line ending; empty at the end of the text when there is none.
    #[must_use]
    pub fn line(&self, number: usize) -> Span {
        let end = self.text.len();
        let Some(&start) = number.checked_sub(1).and_then(|i| self.line_starts.get(i)) else {
            return Span::at(end);
        };
        let next = self.line_starts.get(number).copied().unwrap_or(end);
        let line = Span::new(start, next).of(&self.text);
        Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
    }

    /// The number, from 1, of the line that holds the byte at `offset`.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset).max(1)
    }

    /// Where the byte at `offset` stands, as people count.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_at(offset);
        let start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        let before = Span::new(start, offset).of(&self.text);
        let marked = start == 0 && before.starts_with(BYTE_ORDER_MARK);
        Position { line, column: before.chars().count() - usize::from(marked) + 1, offset }
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.text == other.text
    }
}

impl Eq for Source {}

fn memchr_newlines(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at)
}
