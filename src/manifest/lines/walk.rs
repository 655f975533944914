//! From line to line, by their indentation.

use std::ops::Range;

use memchr::memchr;

use super::super::tree::{Layout, Style};
use super::ahead::Ahead;
use super::line::Line;
use super::scalar::Scalar;
use super::text::{blanks, comment_start, is_indicator, quoted_end};
use super::{MAX_COMMENTS, MAX_DEPTH, MAX_KEY, MAX_NODES, Sink};

/// A collection that is open.
pub(super) struct Open {
    pub(super) column: usize,
    is_mapping: bool,
}

/// A mapping's key: what it says, where it stands with its quotes, and where its value may begin.
struct Key<'a> {
    text: &'a str,
    range: Range<usize>,
    after: usize,
}

pub(super) struct Walk<'a, S> {
    pub(super) slice: &'a str,
    pub(super) sink: S,
    /// Where the line begins that is read next.
    pub(super) next: usize,
    /// The line that was looked at last: what comes after a value tells whether the value goes on.
    seen: Option<Line>,
    tab: Ahead,
    hash: Ahead,
    pub(super) open: Vec<Open>,
    /// The place after the last key's colon or the last dash, while it has no value yet.
    waits: Option<usize>,
    /// How many keys and values there were.
    nodes: usize,
    comments: usize,
}

impl<'a, S: Sink<'a>> Walk<'a, S> {
    pub(super) fn new(slice: &'a str, sink: S) -> Self {
        Self {
            slice,
            sink,
            next: 0,
            seen: None,
            tab: Ahead::new(|bytes| memchr(b'\t', bytes)),
            hash: Ahead::new(|bytes| memchr(b'#', bytes)),
            open: Vec::with_capacity(16),
            waits: None,
            nodes: 0,
            comments: 0,
        }
    }

    pub(super) fn read(mut self) -> Option<S> {
        while let Some(line) = self.line() {
            self.next = line.next;
            self.take(&line)?;
        }
        while self.close()? {}
        (self.nodes > 0).then_some(self.sink)
    }

    const fn bytes(&self) -> &'a [u8] {
        self.slice.as_bytes()
    }

    pub(super) fn of(&self, range: &Range<usize>) -> &'a [u8] {
        &self.bytes()[range.clone()]
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    /// The line that is read next.
    pub(super) fn line(&mut self) -> Option<Line> {
        if self.seen.is_none_or(|line| line.start != self.next) {
            self.seen = Some(Line::at(self.bytes(), self.next)?);
        }
        self.seen
    }

    pub(super) fn has_tab(&mut self, range: &Range<usize>) -> bool {
        self.tab.within(self.bytes(), range).is_some()
    }

    /// Where a colon stands in a range of the line that was looked at last, as one that ends a key does.
    pub(super) fn colon(&self, range: &Range<usize>) -> Option<usize> {
        self.seen.as_ref()?.colon(self.bytes(), range)
    }

    /// Where a comment begins after what the range begins with.
    #[inline]
    pub(super) fn comment_in(&mut self, range: &Range<usize>) -> Option<usize> {
        self.hash.within(self.bytes(), range)?;
        Some(range.start + comment_start(self.of(range))?)
    }

    /// Where a range ends without the blanks at its end.
    pub(super) fn trimmed(&self, range: &Range<usize>) -> usize {
        range.end - self.of(range).iter().rev().take_while(|byte| **byte == b' ').count()
    }

    fn take(&mut self, line: &Line) -> Option<()> {
        let content = self.of(&line.content());
        match content {
            [] => return Some(()),
            [b'#', ..] => return self.comment(line.content()),
            [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] | [b'%', ..] if line.indent == 0 => {
                let begins = self.nodes == 0 && content.starts_with(b"---");
                return (begins && self.is_end(line.start + 3)).then_some(());
            }
            _ => {}
        }
        self.node(line.indent, line.content())
    }

    /// What begins at a column: any dashes, then a key with its value, or a scalar.
    fn node(&mut self, mut column: usize, mut content: Range<usize>) -> Option<()> {
        if self.has_tab(&content) {
            return None;
        }
        while is_indicator(self.of(&content), b'-') {
            self.item(column, content.start)?;
            let rest = self.skip_blanks(content.start + 1..content.end);
            if rest.is_empty() {
                return Some(());
            }
            if self.byte(rest.start) == Some(b'#') {
                return self.comment(rest);
            }
            column += rest.start - content.start;
            content = rest;
        }
        if let Some(Key { text, range, after }) = self.key(&content)? {
            self.entry(column, text, range, after)?;
            return self.value(self.skip_blanks(after..content.end));
        }
        let stands = self.waits.is_some() && self.open.last().is_some_and(|open| column > open.column);
        if stands { self.value(content) } else { None }
    }

    /// The key that begins the content. None within where it begins with none.
    #[allow(clippy::option_option, reason = "no key is one answer, and what only a parser knows another")]
    fn key(&mut self, content: &Range<usize>) -> Option<Option<Key<'a>>> {
        match self.byte(content.start)? {
            b'"' | b'\'' => {
                let text = &self.slice[content.clone()];
                let Some(end) = quoted_end(text) else { return Some(None) };
                let after = end + blanks(&text.as_bytes()[end..]);
                if !is_indicator(&text.as_bytes()[after..], b':') {
                    return Some(None);
                }
                let key = &text[1..end - 1];
                let plain = after <= MAX_KEY && !key.contains(['\\', '\'', '"']);
                let range = content.start..content.start + end;
                plain.then(|| Some(Key { text: key, range, after: content.start + after + 1 }))
            }
            b'?' | b':' => None,
            b'[' | b'{' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b']' | b'}' => {
                Some(None)
            }
            _ => {
                let Some(colon) = self.colon(content) else { return Some(None) };
                let range = content.start..self.trimmed(&(content.start..colon));
                let plain = self.comment_in(&range).is_none() && colon - content.start <= MAX_KEY;
                let text = &self.slice[range.clone()];
                plain.then_some(Some(Key { text, range, after: colon + 1 }))
            }
        }
    }

    /// A list's item begins with a dash at the column.
    fn item(&mut self, column: usize, at: usize) -> Option<()> {
        self.count()?;
        while self.open.last()?.column > column {
            self.close()?;
        }
        let top = self.open.last()?;
        if top.is_mapping || top.column < column {
            // A list may stand at its key's own column.
            self.waits?;
            self.begin(column, false, at)?;
        } else {
            self.null()?;
        }
        self.waits = Some(at + 1);
        Some(())
    }

    /// A mapping's key stands at the column.
    fn entry(&mut self, column: usize, key: &'a str, range: Range<usize>, after: usize) -> Option<()> {
        self.count()?;
        while self.open.last().is_some_and(|o| o.column > column || (o.column == column && !o.is_mapping)) {
            self.close()?;
        }
        let begins = match self.open.last() {
            None => self.nodes == 1 && column == 0,
            Some(top) => top.column < column && self.waits.is_some(),
        };
        if begins {
            self.begin(column, true, range.start)?;
        } else if self.open.last().is_none_or(|top| top.column < column) {
            return None;
        } else {
            self.null()?;
        }
        self.sink.key(key, range)?;
        self.waits = Some(after);
        Some(())
    }

    fn begin(&mut self, column: usize, is_mapping: bool, at: usize) -> Option<()> {
        self.open.push(Open { column, is_mapping });
        self.sink.begin(is_mapping, Layout::Block, at)?;
        (self.open.len() <= MAX_DEPTH).then_some(())
    }

    /// Closes the innermost collection; whether there was one.
    fn close(&mut self) -> Option<bool> {
        self.null()?;
        let Some(_) = self.open.pop() else { return Some(false) };
        self.sink.end(None)?;
        Some(true)
    }

    /// The value that nobody wrote.
    fn null(&mut self) -> Option<()> {
        match self.waits.take() {
            Some(at) => self.sink.scalar(&Scalar::of_line(self.slice, Style::Plain, at..at)),
            None => Some(()),
        }
    }

    pub(super) fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= MAX_NODES).then_some(())
    }

    /// The value that was waited for, or the comment in its place.
    fn value(&mut self, content: Range<usize>) -> Option<()> {
        match self.byte(content.start).filter(|_| !content.is_empty()) {
            None => Some(()),
            Some(b'#') => self.comment(content),
            Some(first) => {
                self.waits = None;
                self.count()?;
                self.content(first, content)
            }
        }
    }

    /// Whether nothing but blanks and a comment follows on the line.
    pub(super) fn is_end(&mut self, at: usize) -> bool {
        let rest = &self.bytes()[at..];
        let end = at + memchr(b'\n', rest).unwrap_or(rest.len());
        let line = at..end - usize::from(end > at && self.bytes()[end - 1] == b'\r');
        let after = self.skip_blanks(line.clone());
        after.is_empty()
            || (after.start > line.start
                && self.byte(after.start) == Some(b'#')
                && self.comment(after).is_some())
    }

    pub(super) fn comment(&mut self, range: Range<usize>) -> Option<()> {
        self.comments += 1;
        self.sink.comment(range)?;
        (self.comments <= MAX_COMMENTS).then_some(())
    }

    fn skip_blanks(&self, range: Range<usize>) -> Range<usize> {
        range.start + blanks(self.of(&range))..range.end
    }
}
