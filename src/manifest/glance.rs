//! A look at a document that shows what it is, and that it is whole, without the cost of a parse.
//!
//! It reads the YAML that people and generators write: block mappings and lists, and scalars of every style. Of whatever
//! else it meets (flow collections, anchors, tags, a fault, a repeated key) it says nothing: then the parser decides.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

use super::scalar::ambiguous_boolean;
use crate::text::Span;

/// How deep collections may stand in one another, and how many keys, items and comments there may be: well within what
/// the parser takes.
const MAX_DEPTH: usize = 100;
const MAX_NODES: usize = 200_000;
const MAX_COMMENTS: usize = 10_000;

/// The longest key that the parser takes is of 1024 characters.
const MAX_KEY: usize = 1000;

/// How many bytes are looked at together.
const CHUNK: usize = 1024;

/// What a document that has no fault says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading<'a> {
    pub api_version: &'a str,
    pub kind: &'a str,
    pub namespace: Option<&'a str>,
    /// The keys of its annotations.
    pub annotations: Vec<&'a str>,
    /// Each from its `#` to the end of its line.
    pub comments: Vec<&'a str>,
    /// Whether a key `containers` stands anywhere in it.
    pub has_containers: bool,
}

/// Looks through the text of one document. None where it may have a fault, where a scalar of it is an ambiguous boolean,
/// or where it is written in a way that only the parser knows.
pub(super) fn glance(slice: &str) -> Option<Heading<'_>> {
    if !is_ordinary(slice) {
        return None;
    }
    let mut glance = Glance { text: slice, ..Glance::default() };
    while let Some(line) = glance.line(glance.next) {
        glance.next = line.next;
        glance.take(&line)?;
    }
    while glance.close()? {}
    let heading = glance.heading;
    (!heading.api_version.is_empty() && !heading.kind.is_empty()).then_some(heading)
}

/// Whether every character is one that all parsers take alike. The first pass is over bytes, since nearly all documents
/// are plain ASCII.
fn is_ordinary(slice: &str) -> bool {
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) || *byte == b'\n';
    // Without a way out of the loop the compiler takes many bytes at a time.
    if slice.as_bytes().chunks(CHUNK).all(|chunk| chunk.iter().fold(true, |all, byte| all & is_plain(byte))) {
        return true;
    }
    let bytes = slice.as_bytes();
    slice.char_indices().all(|(at, c)| match c {
        '\r' => bytes.get(at + 1) == Some(&b'\n'),
        '\n' | '\t' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        c => c >= '\u{a0}',
    })
}

/// A collection that is open.
struct Open {
    column: usize,
    is_mapping: bool,
    /// Where its keys begin among all that are kept.
    keys: usize,
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

#[derive(Default)]
struct Glance<'a> {
    text: &'a str,
    /// Where the line begins that is read next.
    next: usize,
    open: Vec<Open>,
    /// The keys of the open mappings.
    keys: Vec<&'a str>,
    /// Whether the last key or dash has no value yet.
    waits: bool,
    /// How many keys and values there were.
    nodes: usize,
    heading: Heading<'a>,
}

impl<'a> Glance<'a> {
    fn of(&self, range: Range<usize>) -> &'a str {
        Span::new(range.start, range.end).of(self.text)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn line(&self, start: usize) -> Option<Line> {
        let rest = &self.text.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let next = (start + length + 1).min(self.text.len());
        let length = length - usize::from(length > 0 && rest[length - 1] == b'\r');
        let indent = rest[..length].iter().take_while(|byte| **byte == b' ').count();
        Some(Line { indent, content: start + indent..start + length, next })
    }

    fn take(&mut self, line: &Line) -> Option<()> {
        let content = self.of(line.content.clone());
        match content.as_bytes() {
            [] => return Some(()),
            [b'#', ..] => return self.comment(content),
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
            self.item(column)?;
            let rest = self.skip_blanks(content.start + 1..content.end);
            if rest.is_empty() {
                return Some(());
            }
            if self.byte(rest.start) == Some(b'#') {
                return self.comment(self.of(rest));
            }
            column += rest.start - content.start;
            content = rest;
        }
        if let Some((key, after)) = self.key(&content)? {
            self.entry(column, key)?;
            return self.value(self.skip_blanks(after..content.end));
        }
        let stands = self.waits && self.open.last().is_some_and(|open| column > open.column);
        if stands { self.value(content) } else { None }
    }

    /// The key that begins the content, and where its value may begin. None within where it begins with none.
    #[allow(clippy::option_option, reason = "no key is one answer, and what only a parser knows another")]
    fn key(&self, content: &Range<usize>) -> Option<Option<(&'a str, usize)>> {
        let text = self.of(content.clone());
        match text.as_bytes().first()? {
            b'"' | b'\'' => {
                let Some(end) = quoted_end(text) else { return Some(None) };
                let after = text[end..].trim_start_matches(' ');
                if !is_indicator(after, b':') {
                    return Some(None);
                }
                let key = &text[1..end - 1];
                let plain = !key.contains(['\\', '\'', '"']) && key.len() <= MAX_KEY;
                plain.then(|| Some((key, content.end - after.len() + 1)))
            }
            b'?' | b':' => None,
            b'[' | b'{' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b']' | b'}' => {
                Some(None)
            }
            _ => {
                let Some(colon) = colon(text) else { return Some(None) };
                let key = text[..colon].trim_end_matches(' ');
                let plain = comment_start(key).is_none() && key.len() <= MAX_KEY;
                plain.then_some(Some((key, content.start + colon + 1)))
            }
        }
    }

    /// A list's item begins with a dash at the column.
    fn item(&mut self, column: usize) -> Option<()> {
        self.count()?;
        while self.open.last()?.column > column {
            self.close()?;
        }
        let top = self.open.last()?;
        if top.is_mapping || top.column < column {
            // A list may stand at its key's own column.
            if !self.waits {
                return None;
            }
            self.begin(column, false)?;
        }
        self.waits = true;
        Some(())
    }

    /// A mapping's key stands at the column.
    fn entry(&mut self, column: usize, key: &'a str) -> Option<()> {
        self.count()?;
        while self.open.last().is_some_and(|o| o.column > column || (o.column == column && !o.is_mapping)) {
            self.close()?;
        }
        let begins = match self.open.last() {
            None => self.nodes == 1 && column == 0,
            Some(top) => top.column < column && self.waits,
        };
        if begins {
            self.begin(column, true)?;
        } else if self.open.last().is_none_or(|top| top.column < column) {
            return None;
        }
        self.keys.push(key);
        self.waits = true;
        self.heading.has_containers |= key == "containers";
        if self.path() == ["metadata", "annotations", key] {
            self.heading.annotations.push(key);
        }
        Some(())
    }

    /// The keys that lead to the last one, where all that is open are mappings; else nothing.
    fn path(&self) -> Vec<&'a str> {
        if self.open.len() > 3 || self.open.iter().any(|open| !open.is_mapping) {
            return Vec::new();
        }
        let ends = self.open[1..].iter().map(|open| open.keys).chain([self.keys.len()]);
        ends.filter_map(|end| self.keys.get(end.checked_sub(1)?).copied()).collect()
    }

    fn begin(&mut self, column: usize, is_mapping: bool) -> Option<()> {
        self.open.push(Open { column, is_mapping, keys: self.keys.len() });
        (self.open.len() <= MAX_DEPTH).then_some(())
    }

    /// Closes the innermost collection; whether there was one. None where one of its keys repeats.
    fn close(&mut self) -> Option<bool> {
        let Some(open) = self.open.pop() else { return Some(false) };
        let keys = &mut self.keys[open.keys..];
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        self.keys.truncate(open.keys);
        self.waits = false;
        Some(true)
    }

    fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= MAX_NODES).then_some(())
    }

    fn value(&mut self, content: Range<usize>) -> Option<()> {
        let text = self.of(content.clone());
        let Some(first) = text.bytes().next() else { return Some(()) };
        if first == b'#' {
            return self.comment(text);
        }
        self.waits = false;
        self.count()?;
        match first {
            b'|' | b'>' => self.block(content),
            b'"' | b'\'' => self.quoted(content),
            b'[' | b'{' => {
                let empty = text.starts_with("[]") || text.starts_with("{}");
                (empty && self.is_end(content.start + 2)).then_some(())
            }
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b',' | b']' | b'}' | b'?' | b':' => None,
            b'-' if is_indicator(text, b'-') => None,
            _ => self.plain(content),
        }
    }

    fn plain(&mut self, content: Range<usize>) -> Option<()> {
        let text = self.of(content);
        if colon(text).is_some() {
            return None;
        }
        if let Some(at) = comment_start(text) {
            self.comment(&text[at..])?;
            return self.scalar(text[..at].trim_end_matches(' '));
        }
        let column = self.open.last()?.column;
        let first = self.next;
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
            }
            self.next = line.next;
        }
        let is_one_line = self.of(first..self.next).trim_ascii().is_empty();
        if is_one_line { self.scalar(text.trim_end_matches(' ')) } else { Some(()) }
    }

    /// A plain scalar on one line.
    fn scalar(&mut self, text: &'a str) -> Option<()> {
        if ambiguous_boolean(text).is_some() {
            return None;
        }
        self.note(text);
        Some(())
    }

    /// Keeps a value that says what the document is.
    fn note(&mut self, text: &'a str) {
        match self.path().as_slice() {
            ["kind"] => self.heading.kind = text,
            ["apiVersion"] => self.heading.api_version = text,
            ["metadata", "namespace"] => self.heading.namespace = Some(text),
            _ => {}
        }
    }

    fn quoted(&mut self, content: Range<usize>) -> Option<()> {
        let start = content.start;
        let end = start + quoted_end(&self.text[start..])?;
        if !self.is_end(end) {
            return None;
        }
        if end <= content.end {
            let inner = self.of(start + 1..end - 1);
            if !inner.contains(['\\', '\'']) {
                self.note(inner);
            }
            return Some(());
        }
        let column = self.open.last()?.column;
        while self.next < end {
            let line = self.line(self.next)?;
            let odd = line.indent <= column || self.byte(line.content.start) == Some(b'\t');
            if !line.is_blank() && odd {
                return None;
            }
            self.next = line.next;
        }
        Some(())
    }

    fn block(&mut self, content: Range<usize>) -> Option<()> {
        let chomping = matches!(self.byte(content.start + 1), Some(b'+' | b'-'));
        if !self.is_end(content.start + 1 + usize::from(chomping)) {
            return None;
        }
        let column = self.open.last()?.column;
        let (mut indent, mut blanks) = (None, 0);
        while let Some(line) = self.line(self.next) {
            if line.is_blank() {
                blanks = if indent.is_none() { blanks.max(line.indent) } else { blanks };
            } else if line.indent <= column {
                break;
            } else {
                let indent = *indent.get_or_insert(line.indent);
                if line.indent < indent || blanks > indent || self.byte(line.content.start) == Some(b'\t') {
                    return None;
                }
            }
            self.next = line.next;
        }
        Some(())
    }

    /// Whether nothing but blanks and a comment follows on the line.
    fn is_end(&mut self, at: usize) -> bool {
        let rest = &self.text[at..];
        let line = &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let after = line.trim_start_matches(' ');
        after.is_empty()
            || (after.starts_with('#') && after.len() < line.len() && self.comment(after).is_some())
    }

    fn comment(&mut self, text: &'a str) -> Option<()> {
        self.heading.comments.push(text);
        (self.heading.comments.len() <= MAX_COMMENTS).then_some(())
    }

    fn skip_blanks(&self, range: Range<usize>) -> Range<usize> {
        let blanks = self.of(range.clone()).bytes().take_while(|byte| *byte == b' ').count();
        range.start + blanks..range.end
    }
}

/// Whether the text begins with the byte, and a blank or nothing after it.
fn is_indicator(text: &str, byte: u8) -> bool {
    matches!(text.as_bytes(), [first] | [first, b' ', ..] if *first == byte)
}

/// Where a colon stands with a blank or nothing after it.
fn colon(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).find(|at| matches!(bytes.get(at + 1), None | Some(b' ')))
}

/// Where a `#` stands after a blank.
fn comment_start(text: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), b" #").map(|at| at + 1)
}

/// Where the quoted scalar ends that begins the text; none where it does not, or escapes what only the parser knows.
fn quoted_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    loop {
        at += if quote == b'"' { memchr2(b'"', b'\\', &bytes[at..])? } else { memchr(b'\'', &bytes[at..])? };
        match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'"' | b'\\' | b'/' | b'n' | b't' | b'r')) | (b'\'', Some(b'\'')) => at += 2,
            (b'\\', _) => return None,
            _ => return Some(at + 1),
        }
    }
}
