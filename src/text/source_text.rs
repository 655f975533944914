//! Holds a file's text and finds its lines, for everything that reads or shows it.

use std::sync::{Arc, OnceLock};

use super::{Span, stable_hash};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A place in a text as people count: lines and columns from 1, columns in Unicode scalar values, the byte-order mark
/// not counted; `offset` in bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPosition {
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

/// The text of one file, exactly as its bytes are. Cheap to clone. Its hash and the starts of its lines are computed at
/// first use: most files of a repository are never shown.
#[derive(Clone, Debug)]
pub struct SourceText {
    text: Arc<str>,
    derived: Arc<DerivedFacts>,
    is_absent: bool,
}

#[derive(Debug, Default)]
struct DerivedFacts {
    hash: OnceLock<u64>,
    line_starts: OnceLock<Box<[u32]>>,
    /// The number of characters before each [`BLOCK_BYTES`], for places in very long lines.
    block_characters: OnceLock<Box<[u32]>>,
    secrets: OnceLock<Box<[Span]>>,
}

/// The bytes of which the characters are counted one by one.
const BLOCK_BYTES: usize = 1024;

impl SourceText {
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), derived: Arc::default(), is_absent: false }
    }

    /// The text of a file that is not there: none, and not the same as that of an empty one.
    #[must_use]
    pub fn absent() -> Self {
        Self { is_absent: true, ..Self::new("") }
    }

    #[must_use]
    pub const fn is_absent(&self) -> bool {
        self.is_absent
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The shared text, for keeping beside results without a copy.
    #[must_use]
    pub const fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// A hash that differs where the content does; see [`stable_hash`].
    #[must_use]
    pub fn hash(&self) -> u64 {
        *self.derived.hash.get_or_init(|| stable_hash(self.text.as_bytes()))
    }

    /// The places of its secrets, which are looked for once: a text is shown many times.
    pub(crate) fn secrets(&self, find: impl FnOnce(&str) -> Vec<Span>) -> &[Span] {
        self.derived.secrets.get_or_init(|| find(&self.text).into())
    }

    /// The start of each line. A file is never as long as could not be counted.
    fn line_starts(&self) -> &[u32] {
        self.derived.line_starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let starts = ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(starts).collect()
        })
    }

    fn line_start(&self, line: usize) -> Option<usize> {
        self.line_starts().get(line).map(|&start| start as usize)
    }

    /// The number of lines; a final newline does not begin another.
    #[must_use]
    pub fn line_count(&self) -> usize {
        let starts = self.line_starts().len();
        if self.text.ends_with('\n') { starts - 1 } else { starts }
    }

    /// The span of a line, counted from 1, without its line ending; empty at the end of the text when there is none.
    #[must_use]
    pub fn line_span(&self, number: usize) -> Span {
        let end = self.text.len();
        let Some(start) = number.checked_sub(1).and_then(|at| self.line_start(at)) else {
            return Span::empty_at(end);
        };
        let next = self.line_start(number).unwrap_or(end);
        let line = Span::new(start, next).slice(&self.text);
        Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
    }

    /// The number, from 1, of the line that holds the byte at `offset`.
    #[must_use]
    pub fn line_number_at(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|&start| start as usize <= offset).max(1)
    }

    /// Line and column of the byte at `offset`, as people count.
    #[must_use]
    pub fn position_of(&self, offset: usize) -> TextPosition {
        let line = self.line_number_at(offset);
        let start = self.line_start(line - 1).unwrap_or_default();
        let before = Span::new(start, offset).slice(&self.text);
        let marked = start == 0 && before.starts_with(BYTE_ORDER_MARK);
        let characters = if before.len() < 2 * BLOCK_BYTES {
            before.chars().count()
        } else {
            self.characters_before(start + before.len()) - self.characters_before(start)
        };
        TextPosition { line, column: characters - usize::from(marked) + 1, offset }
    }

    /// The number of characters that begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blocks = self.derived.block_characters.get_or_init(|| {
            let counts = bytes.chunks(BLOCK_BYTES).scan(0_u32, |sum, block| {
                let before = *sum;
                *sum = sum.saturating_add(u32::try_from(count_characters(block)).unwrap_or(u32::MAX));
                Some(before)
            });
            counts.collect()
        });
        let block = (offset / BLOCK_BYTES).min(blocks.len().saturating_sub(1));
        let before = blocks.get(block).map_or(0, |count| *count as usize);
        before + count_characters(bytes.get(block * BLOCK_BYTES..offset).unwrap_or_default())
    }
}

/// The number of characters that begin in a part of a text.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.is_absent == other.is_absent && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Eq for SourceText {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_very_long_line_is_counted_as_in_a_short_one() {
        let line = "aß€😀".repeat(2_000);
        let text = format!("\u{feff}{line}\n{line}");
        let source = SourceText::new(text.as_str());
        for (offset, _) in text.char_indices().step_by(37).chain([(text.len(), ' ')]) {
            let before = text[..offset].rsplit('\n').next().unwrap().trim_start_matches('\u{feff}');
            let (line, column) = (text[..offset].matches('\n').count() + 1, before.chars().count() + 1);
            assert_eq!(source.position_of(offset), TextPosition { line, column, offset });
        }
    }
}
