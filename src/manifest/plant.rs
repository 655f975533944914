//! A document's tree: from its lines where they are enough, else from the events of a parser.

use std::ops::Range;
use std::sync::Arc;

use super::build::{self, BuildError};
use super::grow::Growth;
use super::lines::{self, Scalar, Sink};
use super::split::{self, BYTE_ORDER_MARK};
use super::tree::{Layout, Style, Tree};
use crate::text::Span;

/// The tree of the one document at `at` in its file, which begins there with no byte-order mark.
pub(super) fn tree(file: &Arc<str>, at: Span) -> Result<Tree, BuildError> {
    plant(file, at).map_or_else(|| build::build(file, at), Ok)
}

/// The tree of a text that is one document.
pub(super) fn lone_tree(text: &Arc<str>) -> Option<Tree> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    match split::split(&text[start..]).as_slice() {
        [at] => tree(text, at.shifted(start)).ok(),
        _ => None,
    }
}

/// The trees of every document of a text: from lines, and from events. Where there are both they are alike.
#[must_use]
pub fn both_ways(text: &str) -> Vec<(Option<Tree>, Option<Tree>)> {
    let file = Arc::from(text);
    let documents = split::split(text).into_iter();
    documents.map(|at| (plant(&file, at), build::build(&file, at).ok())).collect()
}

/// By lines alone.
fn plant(file: &Arc<str>, at: Span) -> Option<Tree> {
    let slice = at.of(file);
    let planted =
        lines::read(slice, Plant { slice, base: at.start, growth: Growth::new(file, slice.len()) })?;
    Some(planted.growth.finish())
}

struct Plant<'a> {
    slice: &'a str,
    base: usize,
    growth: Growth,
}

impl Plant<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(range.start, range.end).shifted(self.base)
    }
}

impl<'a> Sink<'a> for Plant<'a> {
    fn begin(&mut self, is_mapping: bool, layout: Layout, at: usize) -> Option<()> {
        let first = at..at + usize::from(layout == Layout::Flow);
        self.growth.begin(is_mapping, layout, self.span(first));
        Some(())
    }

    fn end(&mut self, bracket: Option<usize>) -> Option<()> {
        let bracket = bracket.map(|after| self.span(after - 1..after));
        self.growth.end(bracket).map(|_| ())
    }

    fn key(&mut self, text: &'a str, range: Range<usize>) -> Option<()> {
        let style = match self.slice.as_bytes().get(range.start)? {
            b'"' => Style::DoubleQuoted,
            b'\'' => Style::SingleQuoted,
            _ => Style::Plain,
        };
        let quotes = usize::from(style != Style::Plain);
        let written = self.span(range.start + quotes..range.end - quotes);
        self.growth.scalar(style, self.span(range), written, text);
        Some(())
    }

    fn scalar(&mut self, scalar: &Scalar<'a>) -> Option<()> {
        let (text, written) = (scalar.text()?, self.span(scalar.inner()));
        self.growth.scalar(scalar.style, self.span(scalar.range.clone()), written, &text);
        Some(())
    }

    fn comment(&mut self, range: Range<usize>) -> Option<()> {
        self.growth.comment(self.span(range));
        Some(())
    }
}
