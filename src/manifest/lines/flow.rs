//! A collection in brackets that begins and ends on one line, as `["sh", "-c"]` and `{name: web, port: 80}`.

use super::super::tree::{Layout, Style};
use super::scalar::Scalar;
use super::text::{blanks, quoted_end};
use super::walk::Walk;
use super::{MAX_KEY, Sink};

/// How deep brackets may stand in one another.
const MAX_BRACKETS: usize = 20;

impl<'a, S: Sink<'a>> Walk<'a, S> {
    /// Reads what begins with a bracket at `start`, no further than `end`; gives the place after it.
    pub(super) fn brackets(&mut self, start: usize, end: usize, depth: usize) -> Option<usize> {
        let is_mapping = self.byte(start)? == b'{';
        let close = if is_mapping { b'}' } else { b']' };
        if depth >= MAX_BRACKETS {
            return None;
        }
        self.sink.begin(is_mapping, Layout::Flow, start)?;
        let mut at = self.blanks(start + 1, end);
        if self.byte(at)? != close {
            loop {
                if is_mapping {
                    at = self.pair_key(at, end)?;
                }
                at = self.element(at, end, depth)?;
                at = self.blanks(at, end);
                if at >= end {
                    return None;
                }
                match self.byte(at)? {
                    b',' => at = self.blanks(at + 1, end),
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        if at >= end {
            return None;
        }
        self.sink.end(Some(at + 1))?;
        Some(at + 1)
    }

    /// A key and its colon; gives where its value begins.
    fn pair_key(&mut self, at: usize, end: usize) -> Option<usize> {
        let (scalar, after) = self.word(at, end)?;
        let colon = self.blanks(after, end);
        if self.byte(colon)? != b':' || self.byte(colon + 1)? != b' ' || colon - at > MAX_KEY {
            return None;
        }
        self.count()?;
        self.sink.key(scalar.written()?, scalar.range)?;
        Some(self.blanks(colon + 1, end))
    }

    fn element(&mut self, at: usize, end: usize, depth: usize) -> Option<usize> {
        if at >= end {
            return None;
        }
        self.count()?;
        if matches!(self.byte(at)?, b'[' | b'{') {
            return self.brackets(at, end, depth + 1);
        }
        let (scalar, after) = self.word(at, end)?;
        self.sink.scalar(&scalar)?;
        Some(after)
    }

    /// A quoted scalar, or a plain one of characters that mean nothing else.
    fn word(&self, at: usize, end: usize) -> Option<(Scalar<'a>, usize)> {
        let line = self.slice.get(at..end)?;
        let bytes = line.as_bytes();
        let (style, length) = match bytes.first()? {
            b'"' => (Style::DoubleQuoted, quoted_end(line)?),
            b'\'' => (Style::SingleQuoted, quoted_end(line)?),
            first
                if is_plain(*first)
                    || matches!(first, b'-' if bytes.get(1).copied().is_some_and(is_plain)) =>
            {
                let length = bytes.iter().position(|b| matches!(b, b',' | b'[' | b']' | b'{' | b'}'));
                let text = &line[..length?];
                let text = text.find(": ").map_or(text, |colon| &text[..colon]);
                let text = text.trim_end_matches(' ');
                let within = |(at, b): (usize, u8)| {
                    is_plain(b)
                        || matches!(b, b'-' | b' ' | b'=' | b'+' | b'@' | b'%' | b'$' | b'(' | b')')
                        || {
                            // Within a word it is one character among others.
                            b == b':' && text.as_bytes().get(at + 1).copied().is_some_and(is_plain)
                        }
                };
                if !text.bytes().enumerate().all(within) {
                    return None;
                }
                (Style::Plain, text.len())
            }
            _ => return None,
        };
        let scalar = Scalar::of_line(self.slice, style, at..at + length);
        Some((scalar, at + length))
    }

    fn blanks(&self, at: usize, end: usize) -> usize {
        at + blanks(self.slice.as_bytes().get(at..end).unwrap_or_default())
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_')
}
