//! Measures one line: its indentation, its end, and where keys may end in it.

use std::ops::Range;

use super::byte_scan::{count_blanks, find_colon};

/// A line: where it begins, its blanks, where its content ends, and where the next one begins.
#[derive(Clone, Copy)]
pub(crate) struct YamlLine {
    pub(crate) start: usize,
    pub(crate) indent: usize,
    pub(crate) end: usize,
    pub(crate) next: usize,
    /// The first and the last of its colons with a blank or nothing after them.
    colons: Option<(usize, usize)>,
}

impl YamlLine {
    /// The one that begins at a place; none at the end of the text.
    pub(crate) fn starting_at(bytes: &[u8], start: usize) -> Option<Self> {
        if start >= bytes.len() {
            return None;
        }
        let indent = count_blanks(&bytes[start..]);
        let (mut at, mut colons) = (start + indent, None);
        let end = loop {
            at = next_sign(bytes, at);
            match bytes.get(at) {
                Some(b':') => {
                    if matches!(bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\r')) {
                        colons = Some(colons.map_or((at, at), |(first, _)| (first, at)));
                    }
                    at += 1;
                }
                _ => break at,
            }
        };
        let next = bytes.len().min(end + 1);
        let end = end - usize::from(end > start + indent && bytes[end - 1] == b'\r');
        Some(Self { start, indent, end, next, colons })
    }

    /// Without the line's end.
    pub(crate) const fn content_range(&self) -> Range<usize> {
        self.start + self.indent..self.end
    }

    pub(crate) const fn is_blank(&self) -> bool {
        self.start + self.indent == self.end
    }

    /// A colon in the range that may end a key: the first of the line where it is in it.
    pub(crate) fn key_colon(&self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        let (first, last) = self.colons?;
        if range.contains(&first) {
            Some(first)
        } else if last < range.end {
            Some(last).filter(|last| *last >= range.start)
        } else {
            // The range may lie between them: a value before a comment.
            Some(range.start + find_colon(bytes.get(range.clone())?)?)
        }
    }
}

/// The place of the next newline or colon; the end where there is none.
fn next_sign(bytes: &[u8], mut at: usize) -> usize {
    // Eight at a time. A byte that is zero in one of the differences is a match; of those found the first is one for
    // certain.
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        let found = zero_bytes(eight ^ repeat_byte(b'\n')) | zero_bytes(eight ^ repeat_byte(b':'));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'\n' | b':')).unwrap_or(rest.len())
}

const fn repeat_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte that is zero, and perhaps of some after the first of them.
const fn zero_bytes(bytes: u64) -> u64 {
    bytes.wrapping_sub(repeat_byte(1)) & !bytes & repeat_byte(0x80)
}
