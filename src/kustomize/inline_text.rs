//! Finds the bytes in a file of a text that is written within one of its values, such as a patch.

use std::sync::Arc;

use super::built_node::{PartOrigin, SourcePart};
use super::source_library::{SourceId, SourceLibrary};
use crate::text::Span;

/// A text, and where each of its lines stands in a file.
pub(super) struct InlineText {
    pub text: Arc<str>,
    file: SourceId,
    whole: Span,
    /// Where each line begins in the text, and in the file; empty where that is not known.
    lines: Vec<(usize, usize)>,
}

impl InlineText {
    /// The text of a value that came from these bytes.
    pub(super) fn of_value(text: &str, part: SourcePart, library: &SourceLibrary<'_>) -> Self {
        let data = library.bytes_of(part.file);
        let written = data.get(part.span().start..part.span().end).unwrap_or_default();
        let lines = if written == text.as_bytes() {
            vec![(0, part.span().start)]
        } else {
            block_lines(text, written, part.span().start).unwrap_or_default()
        };
        Self { text: text.into(), file: part.file, whole: part.span(), lines }
    }

    /// The bytes in the file of a part of the text: all of the value where they are not known.
    pub(super) fn part_of(&self, span: Span, by: PartOrigin) -> SourcePart {
        let place = |at: usize| {
            let line = self.lines.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
            self.lines.get(line).map(|(start, written)| written + (at - start))
        };
        let found = place(span.start).zip(place(span.end.saturating_sub(1).max(span.start)));
        let span = found.map_or(self.whole, |(start, last)| {
            Span::new(start, if span.is_empty() { start } else { last + 1 })
        });
        SourcePart::new(self.file, span, by)
    }
}

/// The lines of a block scalar: each is its text after the same indentation.
fn block_lines(text: &str, written: &[u8], base: usize) -> Option<Vec<(usize, usize)>> {
    let written = std::str::from_utf8(written).ok().filter(|written| written.starts_with('|'))?;
    let mut file_lines = written.split_inclusive('\n');
    let mut at = base + file_lines.next()?.len();
    let mut lines = Vec::new();
    let mut in_text = 0;
    let mut file_lines = file_lines.peekable();
    for line in text.split_inclusive('\n') {
        let file_line = file_lines.next()?;
        let content = line.trim_end_matches('\n');
        let own = file_line.trim_end_matches(['\n', '\r']);
        let indent = own.len().checked_sub(content.len()).filter(|_| own.ends_with(content));
        lines.push((in_text, at + indent.unwrap_or(0)));
        if indent.is_none() && !content.is_empty() {
            return None;
        }
        in_text += line.len();
        at += file_line.len();
    }
    Some(lines)
}
