//! A value in block style: a scalar, which may go on over several lines, or brackets.

use std::ops::Range;

use super::super::tree::Style;
use super::Sink;
use super::scalar::Scalar;
use super::text::{is_indicator, quoted_end};
use super::walk::Walk;

impl<'a, S: Sink<'a>> Walk<'a, S> {
    /// The value whose first byte is `first`; its first line ends with `content`.
    pub(super) fn content(&mut self, first: u8, content: Range<usize>) -> Option<()> {
        match first {
            b'|' | b'>' => self.block(&content),
            b'"' | b'\'' => self.quoted(&content),
            b'[' | b'{' => {
                let after = self.brackets(content.start, content.end, 0)?;
                self.is_end(after).then_some(())
            }
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b',' | b']' | b'}' | b'?' | b':' => None,
            b'-' if is_indicator(self.of(&content), b'-') => None,
            _ => self.plain(&content),
        }
    }

    fn plain(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        if let Some(at) = self.comment_in(content) {
            if self.colon(&(start..at)).is_some() {
                return None;
            }
            self.comment(at..content.end)?;
            let end = self.trimmed(&(start..at));
            return self.sink.scalar(&Scalar::of_line(self.slice, Style::Plain, start..end));
        }
        if self.colon(content).is_some() {
            return None;
        }
        let column = self.open.last()?.column;
        let first = self.trimmed(content);
        let mut end = first;
        while let Some(line) = self.line() {
            if !line.is_blank() {
                let content = line.content();
                if line.indent <= column || self.byte(content.start) == Some(b'#') {
                    break;
                }
                let odd = is_indicator(self.of(&content), b'-') || self.has_tab(&content);
                if odd || self.colon(&content).is_some() || self.comment_in(&content).is_some() {
                    return None;
                }
                end = self.trimmed(&content);
            }
            self.next = line.next;
        }
        self.sink.scalar(&if end == first {
            Scalar::of_line(self.slice, Style::Plain, start..end)
        } else {
            Scalar::of_lines(self.slice, Style::Plain, start..end, None)
        })
    }

    fn quoted(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        let end = start + quoted_end(&self.slice[start..])?;
        if !self.is_end(end) {
            return None;
        }
        let is_single = self.byte(start) == Some(b'\'');
        let style = if is_single { Style::SingleQuoted } else { Style::DoubleQuoted };
        if end <= content.end {
            return self.sink.scalar(&Scalar::of_line(self.slice, style, start..end));
        }
        let column = self.open.last()?.column;
        while self.next < end {
            let line = self.line()?;
            let odd = line.indent <= column || self.byte(line.content().start) == Some(b'\t');
            if !line.is_blank() && odd {
                return None;
            }
            self.next = line.next;
        }
        self.sink.scalar(&Scalar::of_lines(self.slice, style, start..end, None))
    }

    fn block(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        let chomping = matches!(self.byte(start + 1), Some(b'+' | b'-'));
        let header = start + 1 + usize::from(chomping);
        if !self.is_end(header) {
            return None;
        }
        let column = self.open.last()?.column;
        let (first, mut end) = (self.next, header);
        let (mut indent, mut blanks, mut trails) = (None, 0, false);
        while let Some(line) = self.line() {
            if line.is_blank() {
                blanks = if indent.is_none() { blanks.max(line.indent) } else { blanks };
                // Blanks beyond the indentation are text, even on a line of their own.
                trails |= indent.is_some_and(|indent| line.indent > indent);
            } else if line.indent <= column {
                break;
            } else {
                let indent = *indent.get_or_insert(line.indent);
                if line.indent < indent || blanks > indent || self.byte(line.content().start) == Some(b'\t') {
                    return None;
                }
                (end, trails) = (line.end, false);
            }
            self.next = line.next;
        }
        let style = if self.byte(start) == Some(b'|') { Style::Literal } else { Style::Folded };
        let body = indent.filter(|_| !trails).map(|indent| (first, indent));
        self.sink.scalar(&Scalar::of_lines(self.slice, style, start..end, body))
    }
}
