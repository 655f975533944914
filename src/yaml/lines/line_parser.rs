//! Parses block YAML from line to line by indentation, and hands each node to a visitor.

use std::ops::Range;

use memchr::memchr;

use super::super::yaml_tree::{CollectionLayout, ScalarForm};
use super::byte_scan::{comment_start, count_blanks, is_indicator, quoted_end};
use super::line_scalar::LineScalar;
use super::lookahead::ByteLookahead;
use super::yaml_line::YamlLine;
use super::{MAX_KEY_LENGTH, MAX_LINE_COMMENTS, MAX_LINE_DEPTH, MAX_LINE_NODES, YamlVisitor};

/// A collection that is open.
pub(crate) struct OpenBlock {
    pub(crate) column: usize,
    is_mapping: bool,
}

/// A mapping's key: its text, its range with its quotes, and the place where its value may begin.
struct LineKey<'a> {
    text: &'a str,
    range: Range<usize>,
    value_start: usize,
}

pub(crate) struct LineParser<'a, S> {
    pub(crate) slice: &'a str,
    pub(crate) visitor: S,
    /// Start of the line that is read next.
    pub(crate) next_start: usize,
    /// The line that was read last: only what comes after a value shows if the value goes on.
    current_line: Option<YamlLine>,
    tabs: ByteLookahead,
    hashes: ByteLookahead,
    pub(crate) open_blocks: Vec<OpenBlock>,
    /// The place after the last key's colon or the last dash, while it has no value yet.
    pending_value: Option<usize>,
    /// The number of keys and values so far.
    node_count: usize,
    comment_count: usize,
}

impl<'a, S: YamlVisitor<'a>> LineParser<'a, S> {
    pub(crate) fn new(slice: &'a str, sink: S) -> Self {
        Self {
            slice,
            visitor: sink,
            next_start: 0,
            current_line: None,
            tabs: ByteLookahead::new(|bytes| memchr(b'\t', bytes)),
            hashes: ByteLookahead::new(|bytes| memchr(b'#', bytes)),
            open_blocks: Vec::with_capacity(16),
            pending_value: None,
            node_count: 0,
            comment_count: 0,
        }
    }

    pub(crate) fn read_document(mut self) -> Option<S> {
        while let Some(line) = self.peek_line() {
            self.next_start = line.next;
            self.read_line(&line)?;
        }
        while self.close_block()? {}
        (self.node_count > 0).then_some(self.visitor)
    }

    const fn bytes(&self) -> &'a [u8] {
        self.slice.as_bytes()
    }

    pub(crate) fn bytes_in(&self, range: &Range<usize>) -> &'a [u8] {
        &self.bytes()[range.clone()]
    }

    pub(crate) fn byte_at(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    /// The line that is read next.
    pub(crate) fn peek_line(&mut self) -> Option<YamlLine> {
        if self.current_line.is_none_or(|line| line.start != self.next_start) {
            self.current_line = Some(YamlLine::starting_at(self.bytes(), self.next_start)?);
        }
        self.current_line
    }

    pub(crate) fn has_tab(&mut self, range: &Range<usize>) -> bool {
        self.tabs.find_in(self.bytes(), range).is_some()
    }

    /// The place of a colon that ends a key, in a range of the line that was read last.
    pub(crate) fn key_colon(&self, range: &Range<usize>) -> Option<usize> {
        self.current_line.as_ref()?.key_colon(self.bytes(), range)
    }

    /// The start of a comment after the first token of the range.
    #[inline]
    pub(crate) fn find_comment(&mut self, range: &Range<usize>) -> Option<usize> {
        self.hashes.find_in(self.bytes(), range)?;
        Some(range.start + comment_start(self.bytes_in(range))?)
    }

    /// The end of a range without the blanks at its end.
    pub(crate) fn trimmed_end(&self, range: &Range<usize>) -> usize {
        range.end - self.bytes_in(range).iter().rev().take_while(|byte| **byte == b' ').count()
    }

    fn read_line(&mut self, line: &YamlLine) -> Option<()> {
        let content = self.bytes_in(&line.content_range());
        match content {
            [] => return Some(()),
            [b'#', ..] => return self.read_comment(line.content_range()),
            [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] | [b'%', ..] if line.indent == 0 => {
                let begins = self.node_count == 0 && content.starts_with(b"---");
                return (begins && self.is_line_end(line.start + 3)).then_some(());
            }
            _ => {}
        }
        self.read_node(line.indent, line.content_range())
    }

    /// Reads the node at a column: any dashes, then a key with its value, or a scalar.
    fn read_node(&mut self, mut column: usize, mut content: Range<usize>) -> Option<()> {
        if self.has_tab(&content) {
            return None;
        }
        while is_indicator(self.bytes_in(&content), b'-') {
            self.begin_item(column, content.start)?;
            let rest = self.skip_blanks(content.start + 1..content.end);
            if rest.is_empty() {
                return Some(());
            }
            if self.byte_at(rest.start) == Some(b'#') {
                return self.read_comment(rest);
            }
            column += rest.start - content.start;
            content = rest;
        }
        if let Some(LineKey { text, range, value_start: after }) = self.read_key(&content)? {
            self.begin_entry(column, text, range, after)?;
            return self.read_value(self.skip_blanks(after..content.end));
        }
        let stands =
            self.pending_value.is_some() && self.open_blocks.last().is_some_and(|open| column > open.column);
        if stands { self.read_value(content) } else { None }
    }

    /// The key that begins the content. None within where it begins with none.
    #[allow(clippy::option_option, reason = "no key is one answer, and what only a parser knows another")]
    fn read_key(&mut self, content: &Range<usize>) -> Option<Option<LineKey<'a>>> {
        match self.byte_at(content.start)? {
            b'"' | b'\'' => {
                let text = &self.slice[content.clone()];
                let Some(end) = quoted_end(text) else { return Some(None) };
                let after = end + count_blanks(&text.as_bytes()[end..]);
                if !is_indicator(&text.as_bytes()[after..], b':') {
                    return Some(None);
                }
                let key = &text[1..end - 1];
                let plain = after <= MAX_KEY_LENGTH && !key.contains(['\\', '\'', '"']);
                let range = content.start..content.start + end;
                plain.then(|| Some(LineKey { text: key, range, value_start: content.start + after + 1 }))
            }
            b'?' | b':' => None,
            b'[' | b'{' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b']' | b'}' => {
                Some(None)
            }
            _ => {
                let Some(colon) = self.key_colon(content) else { return Some(None) };
                let range = content.start..self.trimmed_end(&(content.start..colon));
                let plain = self.find_comment(&range).is_none() && colon - content.start <= MAX_KEY_LENGTH;
                let text = &self.slice[range.clone()];
                plain.then_some(Some(LineKey { text, range, value_start: colon + 1 }))
            }
        }
    }

    /// A list's item begins with a dash at the column.
    fn begin_item(&mut self, column: usize, at: usize) -> Option<()> {
        self.count_node()?;
        while self.open_blocks.last()?.column > column {
            self.close_block()?;
        }
        let top = self.open_blocks.last()?;
        if top.is_mapping || top.column < column {
            // A list may stand at its key's own column.
            self.pending_value?;
            self.begin_block(column, false, at)?;
        } else {
            self.end_pending_value()?;
        }
        self.pending_value = Some(at + 1);
        Some(())
    }

    /// A mapping's key stands at the column.
    fn begin_entry(&mut self, column: usize, key: &'a str, range: Range<usize>, after: usize) -> Option<()> {
        self.count_node()?;
        while self
            .open_blocks
            .last()
            .is_some_and(|o| o.column > column || (o.column == column && !o.is_mapping))
        {
            self.close_block()?;
        }
        let begins = match self.open_blocks.last() {
            None => self.node_count == 1 && column == 0,
            Some(top) => top.column < column && self.pending_value.is_some(),
        };
        if begins {
            self.begin_block(column, true, range.start)?;
        } else if self.open_blocks.last().is_none_or(|top| top.column < column) {
            return None;
        } else {
            self.end_pending_value()?;
        }
        self.visitor.on_key(key, range)?;
        self.pending_value = Some(after);
        Some(())
    }

    fn begin_block(&mut self, column: usize, is_mapping: bool, at: usize) -> Option<()> {
        self.open_blocks.push(OpenBlock { column, is_mapping });
        self.visitor.on_collection_start(is_mapping, CollectionLayout::Block, at)?;
        (self.open_blocks.len() <= MAX_LINE_DEPTH).then_some(())
    }

    /// Closes the innermost collection; whether there was one.
    fn close_block(&mut self) -> Option<bool> {
        self.end_pending_value()?;
        let Some(_) = self.open_blocks.pop() else { return Some(false) };
        self.visitor.on_collection_end(None)?;
        Some(true)
    }

    /// The value that nobody wrote.
    fn end_pending_value(&mut self) -> Option<()> {
        match self.pending_value.take() {
            Some(at) => self.visitor.on_scalar(&LineScalar::from_line(self.slice, ScalarForm::Plain, at..at)),
            None => Some(()),
        }
    }

    pub(crate) fn count_node(&mut self) -> Option<()> {
        self.node_count += 1;
        (self.node_count <= MAX_LINE_NODES).then_some(())
    }

    /// The value that was waited for, or the comment in its place.
    fn read_value(&mut self, content: Range<usize>) -> Option<()> {
        match self.byte_at(content.start).filter(|_| !content.is_empty()) {
            None => Some(()),
            Some(b'#') => self.read_comment(content),
            Some(first) => {
                self.pending_value = None;
                self.count_node()?;
                self.read_content(first, content)
            }
        }
    }

    /// True when nothing but blanks and a comment follows on the line.
    pub(crate) fn is_line_end(&mut self, at: usize) -> bool {
        let rest = &self.bytes()[at..];
        let end = at + memchr(b'\n', rest).unwrap_or(rest.len());
        let line = at..end - usize::from(end > at && self.bytes()[end - 1] == b'\r');
        let after = self.skip_blanks(line.clone());
        after.is_empty()
            || (after.start > line.start
                && self.byte_at(after.start) == Some(b'#')
                && self.read_comment(after).is_some())
    }

    pub(crate) fn read_comment(&mut self, range: Range<usize>) -> Option<()> {
        self.comment_count += 1;
        self.visitor.on_comment(range)?;
        (self.comment_count <= MAX_LINE_COMMENTS).then_some(())
    }

    fn skip_blanks(&self, range: Range<usize>) -> Range<usize> {
        range.start + count_blanks(self.bytes_in(&range))..range.end
    }
}
