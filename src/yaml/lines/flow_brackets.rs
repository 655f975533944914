//! Reads a collection in brackets that begins and ends on one line, as `["sh", "-c"]` and `{name: web, port: 80}`.

use super::super::yaml_tree::{CollectionLayout, ScalarForm};
use super::byte_scan::{count_blanks, quoted_end};
use super::line_parser::LineParser;
use super::line_scalar::LineScalar;
use super::{MAX_KEY_LENGTH, YamlVisitor};

/// The deepest that brackets may stand in one another.
const MAX_BRACKETS: usize = 20;

impl<'a, S: YamlVisitor<'a>> LineParser<'a, S> {
    /// Reads what begins with a bracket at `start`, no further than `end`; gives the place after it.
    pub(crate) fn read_brackets(&mut self, start: usize, end: usize, depth: usize) -> Option<usize> {
        let is_mapping = self.byte_at(start)? == b'{';
        let close = if is_mapping { b'}' } else { b']' };
        if depth >= MAX_BRACKETS {
            return None;
        }
        self.visitor.on_collection_start(is_mapping, CollectionLayout::Flow, start)?;
        let mut at = self.skip_blanks_to(start + 1, end);
        if self.byte_at(at)? != close {
            loop {
                if is_mapping {
                    at = self.read_pair_key(at, end)?;
                }
                at = self.read_element(at, end, depth)?;
                at = self.skip_blanks_to(at, end);
                if at >= end {
                    return None;
                }
                match self.byte_at(at)? {
                    b',' => at = self.skip_blanks_to(at + 1, end),
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        if at >= end {
            return None;
        }
        self.visitor.on_collection_end(Some(at + 1))?;
        Some(at + 1)
    }

    /// A key and its colon; gives where its value begins.
    fn read_pair_key(&mut self, at: usize, end: usize) -> Option<usize> {
        let (scalar, after) = self.read_word(at, end)?;
        let colon = self.skip_blanks_to(after, end);
        if self.byte_at(colon)? != b':' || self.byte_at(colon + 1)? != b' ' || colon - at > MAX_KEY_LENGTH {
            return None;
        }
        self.count_node()?;
        self.visitor.on_key(scalar.verbatim_text()?, scalar.range)?;
        Some(self.skip_blanks_to(colon + 1, end))
    }

    fn read_element(&mut self, at: usize, end: usize, depth: usize) -> Option<usize> {
        if at >= end {
            return None;
        }
        self.count_node()?;
        if matches!(self.byte_at(at)?, b'[' | b'{') {
            return self.read_brackets(at, end, depth + 1);
        }
        let (scalar, after) = self.read_word(at, end)?;
        self.visitor.on_scalar(&scalar)?;
        Some(after)
    }

    /// A quoted scalar, or a plain one of characters that mean nothing else.
    fn read_word(&self, at: usize, end: usize) -> Option<(LineScalar<'a>, usize)> {
        let line = self.slice.get(at..end)?;
        let bytes = line.as_bytes();
        let (style, length) = match bytes.first()? {
            b'"' => (ScalarForm::DoubleQuoted, quoted_end(line)?),
            b'\'' => (ScalarForm::SingleQuoted, quoted_end(line)?),
            first
                if is_word_byte(*first)
                    || matches!(first, b'-' if bytes.get(1).copied().is_some_and(is_word_byte)) =>
            {
                let length = bytes.iter().position(|b| matches!(b, b',' | b'[' | b']' | b'{' | b'}'));
                let text = &line[..length?];
                let text = text.find(": ").map_or(text, |colon| &text[..colon]);
                let text = text.trim_end_matches(' ');
                let within = |(at, b): (usize, u8)| {
                    is_word_byte(b)
                        || matches!(b, b'-' | b' ' | b'=' | b'+' | b'@' | b'%' | b'$' | b'(' | b')')
                        || {
                            // Within a word it is one character among others.
                            b == b':' && text.as_bytes().get(at + 1).copied().is_some_and(is_word_byte)
                        }
                };
                if !text.bytes().enumerate().all(within) {
                    return None;
                }
                (ScalarForm::Plain, text.len())
            }
            _ => return None,
        };
        let scalar = LineScalar::from_line(self.slice, style, at..at + length);
        Some((scalar, at + length))
    }

    fn skip_blanks_to(&self, at: usize, end: usize) -> usize {
        at + count_blanks(self.slice.as_bytes().get(at..end).unwrap_or_default())
    }
}

const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_')
}
