//! Reads a value in block style for the parser of lines: a scalar, which may go on over several lines, or brackets.

use std::ops::Range;

use super::super::yaml_tree::ScalarForm;
use super::YamlVisitor;
use super::byte_scan::{is_indicator, quoted_end};
use super::line_parser::LineParser;
use super::line_scalar::LineScalar;

impl<'a, S: YamlVisitor<'a>> LineParser<'a, S> {
    /// The value whose first byte is `first`; its first line ends with `content`.
    pub(crate) fn read_content(&mut self, first: u8, content: Range<usize>) -> Option<()> {
        match first {
            b'|' | b'>' => self.read_block_scalar(&content),
            b'"' | b'\'' => self.read_quoted(&content),
            b'[' | b'{' => {
                let after = self.read_brackets(content.start, content.end, 0)?;
                self.is_line_end(after).then_some(())
            }
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b',' | b']' | b'}' | b'?' | b':' => None,
            b'-' if is_indicator(self.bytes_in(&content), b'-') => None,
            _ => self.read_plain(&content),
        }
    }

    fn read_plain(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        if let Some(at) = self.find_comment(content) {
            if self.key_colon(&(start..at)).is_some() {
                return None;
            }
            self.read_comment(at..content.end)?;
            let end = self.trimmed_end(&(start..at));
            return self.visitor.on_scalar(&LineScalar::from_line(self.slice, ScalarForm::Plain, start..end));
        }
        if self.key_colon(content).is_some() {
            return None;
        }
        let column = self.open_blocks.last()?.column;
        let first = self.trimmed_end(content);
        let mut end = first;
        while let Some(line) = self.peek_line() {
            if !line.is_blank() {
                let content = line.content_range();
                if line.indent <= column || self.byte_at(content.start) == Some(b'#') {
                    break;
                }
                let odd = is_indicator(self.bytes_in(&content), b'-') || self.has_tab(&content);
                if odd || self.key_colon(&content).is_some() || self.find_comment(&content).is_some() {
                    return None;
                }
                end = self.trimmed_end(&content);
            }
            self.next_start = line.next;
        }
        self.visitor.on_scalar(&if end == first {
            LineScalar::from_line(self.slice, ScalarForm::Plain, start..end)
        } else {
            LineScalar::from_lines(self.slice, ScalarForm::Plain, start..end, None)
        })
    }

    fn read_quoted(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        let end = start + quoted_end(&self.slice[start..])?;
        if !self.is_line_end(end) {
            return None;
        }
        let is_single = self.byte_at(start) == Some(b'\'');
        let style = if is_single { ScalarForm::SingleQuoted } else { ScalarForm::DoubleQuoted };
        if end <= content.end {
            return self.visitor.on_scalar(&LineScalar::from_line(self.slice, style, start..end));
        }
        let column = self.open_blocks.last()?.column;
        while self.next_start < end {
            let line = self.peek_line()?;
            let odd = line.indent <= column || self.byte_at(line.content_range().start) == Some(b'\t');
            if !line.is_blank() && odd {
                return None;
            }
            self.next_start = line.next;
        }
        self.visitor.on_scalar(&LineScalar::from_lines(self.slice, style, start..end, None))
    }

    fn read_block_scalar(&mut self, content: &Range<usize>) -> Option<()> {
        let start = content.start;
        let chomping = matches!(self.byte_at(start + 1), Some(b'+' | b'-'));
        let header = start + 1 + usize::from(chomping);
        if !self.is_line_end(header) {
            return None;
        }
        let column = self.open_blocks.last()?.column;
        let (first, mut end) = (self.next_start, header);
        let (mut indent, mut blanks, mut trails) = (None, 0, false);
        while let Some(line) = self.peek_line() {
            if line.is_blank() {
                blanks = if indent.is_none() { blanks.max(line.indent) } else { blanks };
                // Blanks beyond the indentation are text, even on a line of their own.
                trails |= indent.is_some_and(|indent| line.indent > indent);
            } else if line.indent <= column {
                break;
            } else {
                let indent = *indent.get_or_insert(line.indent);
                if line.indent < indent
                    || blanks > indent
                    || self.byte_at(line.content_range().start) == Some(b'\t')
                {
                    return None;
                }
                (end, trails) = (line.end, false);
            }
            self.next_start = line.next;
        }
        let style = if self.byte_at(start) == Some(b'|') { ScalarForm::Literal } else { ScalarForm::Folded };
        let body = indent.filter(|_| !trails).map(|indent| (first, indent));
        self.visitor.on_scalar(&LineScalar::from_lines(self.slice, style, start..end, body))
    }
}
