//! From line to line, by their indentation.

use std::ops::Range;

use memchr::memchr;

use super::super::tree::{Layout, Style};
use super::scalar::Scalar;
use super::text::{colon, comment_start, is_indicator, quoted_end};
use super::{MAX_COMMENTS, MAX_DEPTH, MAX_KEY, MAX_NODES, Sink};

/// A collection that is open.
struct Open {
    column: usize,
    is_mapping: bool,
}

/// A line: its blanks, its content without its end, and where the next one begins.
struct Line {
    indent: usize,
    content: Range<usize>,
    next: usize,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.content.is_empty()
    }
}

pub(super) struct Walk<'a, S> {
    pub(super) slice: &'a str,
    pub(super) sink: S,
    /// Where the line begins that is read next.
    next: usize,
    open: Vec<Open>,
    /// The place after the last key's colon or the last dash, while it has no value yet.
    waits: Option<usize>,
    /// How many keys and values there were.
    nodes: usize,
    comments: usize,
}

impl<'a, S: Sink<'a>> Walk<'a, S> {
    pub(super) const fn new(slice: &'a str, sink: S) -> Self {
        Self { slice, sink, next: 0, open: Vec::new(), waits: None, nodes: 0, comments: 0 }
    }

    pub(super) fn read(mut self) -> Option<S> {
        while let Some(line) = self.line(self.next) {
            self.next = line.next;
            self.take(&line)?;
        }
        while self.close()? {}
        (self.nodes > 0).then_some(self.sink)
    }

    fn of(&self, range: Range<usize>) -> &'a str {
        &self.slice[range]
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.slice.as_bytes().get(at).copied()
    }

    fn line(&self, start: usize) -> Option<Line> {
        let rest = &self.slice.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let next = (start + length + 1).min(self.slice.len());
        let length = length - usize::from(length > 0 && rest[length - 1] == b'\r');
        let indent = rest[..length].iter().take_while(|byte| **byte == b' ').count();
        Some(Line { indent, content: start + indent..start + length, next })
    }

    fn take(&mut self, line: &Line) -> Option<()> {
        let content = self.of(line.content.clone());
        match content.as_bytes() {
            [] => return Some(()),
            [b'#', ..] => return self.comment(line.content.clone()),
            [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] | [b'%', ..] if line.indent == 0 => {
                let begins = self.nodes == 0 && content.starts_with("---");
                return (begins && self.is_end(line.content.start + 3)).then_some(());
            }
            _ => {}
        }
        self.node(line.indent, line.content.clone())
    }

    /// What begins at a column: any dashes, then a key with its value, or a scalar.
    fn node(&mut self, mut column: usize, mut content: Range<usize>) -> Option<()> {
        if memchr(b'\t', self.of(content.clone()).as_bytes()).is_some() {
            return None;
        }
        while is_indicator(self.of(content.clone()), b'-') {
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
        if let Some((key, range, after)) = self.key(&content)? {
            self.entry(column, key, range, after)?;
            return self.value(self.skip_blanks(after..content.end));
        }
        let stands = self.waits.is_some() && self.open.last().is_some_and(|open| column > open.column);
        if stands { self.value(content) } else { None }
    }

    /// The key that begins the content, where it stands, and where its value may begin. None within where it begins with
    /// none.
    #[allow(clippy::option_option, reason = "no key is one answer, and what only a parser knows another")]
    #[allow(clippy::type_complexity, reason = "it is taken apart where it is called")]
    fn key(&self, content: &Range<usize>) -> Option<Option<(&'a str, Range<usize>, usize)>> {
        let text = self.of(content.clone());
        match text.as_bytes().first()? {
            b'"' | b'\'' => {
                let Some(end) = quoted_end(text) else { return Some(None) };
                let after = text[end..].trim_start_matches(' ');
                if !is_indicator(after, b':') {
                    return Some(None);
                }
                let key = &text[1..end - 1];
                let near = text.len() - after.len() <= MAX_KEY;
                let plain = near && !key.contains(['\\', '\'', '"']);
                let range = content.start..content.start + end;
                plain.then(|| Some((key, range, content.end - after.len() + 1)))
            }
            b'?' | b':' => None,
            b'[' | b'{' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b']' | b'}' => {
                Some(None)
            }
            _ => {
                let Some(colon) = colon(text) else { return Some(None) };
                let key = text[..colon].trim_end_matches(' ');
                let plain = comment_start(key).is_none() && colon <= MAX_KEY;
                let range = content.start..content.start + key.len();
                plain.then_some(Some((key, range, content.start + colon + 1)))
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
            Some(at) => self.scalar(Style::Plain, at..at, None),
            None => Some(()),
        }
    }

    pub(super) fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= MAX_NODES).then_some(())
    }

    fn scalar(&mut self, style: Style, range: Range<usize>, body: Option<(usize, usize)>) -> Option<()> {
        self.sink.scalar(&Scalar { slice: self.slice, style, range, body })
    }

    fn value(&mut self, content: Range<usize>) -> Option<()> {
        let text = self.of(content.clone());
        let Some(first) = text.bytes().next() else { return Some(()) };
        if first == b'#' {
            return self.comment(content);
        }
        self.waits = None;
        self.count()?;
        match first {
            b'|' | b'>' => self.block(content),
            b'"' | b'\'' => self.quoted(content),
            b'[' | b'{' => {
                let after = self.brackets(content.start, content.end, 0)?;
                self.is_end(after).then_some(())
            }
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b',' | b']' | b'}' | b'?' | b':' => None,
            b'-' if is_indicator(text, b'-') => None,
            _ => self.plain(content),
        }
    }

    fn plain(&mut self, content: Range<usize>) -> Option<()> {
        let (start, text) = (content.start, self.of(content));
        if colon(text).is_some() {
            return None;
        }
        if let Some(at) = comment_start(text) {
            self.comment(start + at..start + text.len())?;
            let length = text[..at].trim_end_matches(' ').len();
            return self.scalar(Style::Plain, start..start + length, None);
        }
        let column = self.open.last()?.column;
        let mut end = start + text.trim_end_matches(' ').len();
        while let Some(line) = self.line(self.next) {
            if !line.is_blank() {
                let text = self.of(line.content.clone());
                if line.indent <= column || text.starts_with('#') {
                    break;
                }
                let odd = is_indicator(text, b'-') || text.contains('\t');
                if odd || colon(text).is_some() || comment_start(text).is_some() {
                    return None;
                }
                end = line.content.start + text.trim_end_matches(' ').len();
            }
            self.next = line.next;
        }
        self.scalar(Style::Plain, start..end, None)
    }

    fn quoted(&mut self, content: Range<usize>) -> Option<()> {
        let start = content.start;
        let end = start + quoted_end(&self.slice[start..])?;
        if !self.is_end(end) {
            return None;
        }
        if end > content.end {
            let column = self.open.last()?.column;
            while self.next < end {
                let line = self.line(self.next)?;
                let odd = line.indent <= column || self.byte(line.content.start) == Some(b'\t');
                if !line.is_blank() && odd {
                    return None;
                }
                self.next = line.next;
            }
        }
        let is_single = self.byte(start) == Some(b'\'');
        let style = if is_single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.scalar(style, start..end, None)
    }

    fn block(&mut self, content: Range<usize>) -> Option<()> {
        let start = content.start;
        let chomping = matches!(self.byte(start + 1), Some(b'+' | b'-'));
        let header = start + 1 + usize::from(chomping);
        if !self.is_end(header) {
            return None;
        }
        let column = self.open.last()?.column;
        let (first, mut end) = (self.next, header);
        let (mut indent, mut blanks, mut trails) = (None, 0, false);
        while let Some(line) = self.line(self.next) {
            if line.is_blank() {
                blanks = if indent.is_none() { blanks.max(line.indent) } else { blanks };
                // Blanks beyond the indentation are text, even on a line of their own.
                trails |= indent.is_some_and(|indent| line.indent > indent);
            } else if line.indent <= column {
                break;
            } else {
                let indent = *indent.get_or_insert(line.indent);
                if line.indent < indent || blanks > indent || self.byte(line.content.start) == Some(b'\t') {
                    return None;
                }
                (end, trails) = (line.content.end, false);
            }
            self.next = line.next;
        }
        let style = if self.byte(start) == Some(b'|') { Style::Literal } else { Style::Folded };
        self.scalar(style, start..end, indent.filter(|_| !trails).map(|indent| (first, indent)))
    }

    /// Whether nothing but blanks and a comment follows on the line.
    fn is_end(&mut self, at: usize) -> bool {
        let rest = &self.slice[at..];
        let line = &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let after = line.trim_start_matches(' ');
        let comment = at + line.len() - after.len()..at + line.len();
        after.is_empty()
            || (after.starts_with('#') && after.len() < line.len() && self.comment(comment).is_some())
    }

    fn comment(&mut self, range: Range<usize>) -> Option<()> {
        self.comments += 1;
        self.sink.comment(range)?;
        (self.comments <= MAX_COMMENTS).then_some(())
    }

    fn skip_blanks(&self, range: Range<usize>) -> Range<usize> {
        let blanks = self.of(range.clone()).bytes().take_while(|byte| *byte == b' ').count();
        range.start + blanks..range.end
    }
}
