//! Decodes a scalar as it is written to the text it stands for, for the parser of lines.

use std::borrow::Cow;
use std::ops::Range;

use super::super::yaml_tree::ScalarForm;

/// One scalar; ranges are in the slice that is read.
pub(crate) struct LineScalar<'a> {
    slice: &'a str,
    pub(crate) style: ScalarForm,
    /// With its quotes or its header, to the end of its last line of content.
    pub(crate) range: Range<usize>,
    /// Start and indentation of a literal's lines, where its text needs no other work.
    body: Option<(usize, usize)>,
    /// True when its text is as written, on one line.
    is_verbatim: bool,
}

impl<'a> LineScalar<'a> {
    /// One that begins and ends on the same line.
    pub(crate) fn from_line(slice: &'a str, style: ScalarForm, range: Range<usize>) -> Self {
        let mut scalar = Self::from_lines(slice, style, range, None);
        let inner = slice.as_bytes().get(scalar.inner_range()).unwrap_or_default();
        scalar.is_verbatim = match style {
            ScalarForm::Plain => true,
            ScalarForm::SingleQuoted => memchr::memchr(b'\'', inner).is_none(),
            ScalarForm::DoubleQuoted => memchr::memchr(b'\\', inner).is_none(),
            ScalarForm::Literal | ScalarForm::Folded => false,
        };
        scalar
    }

    pub(crate) const fn from_lines(
        slice: &'a str,
        style: ScalarForm,
        range: Range<usize>,
        body: Option<(usize, usize)>,
    ) -> Self {
        Self { slice, style, range, body, is_verbatim: false }
    }

    /// Without the quotes, as it is written.
    pub(crate) fn inner_range(&self) -> Range<usize> {
        let quotes = usize::from(matches!(self.style, ScalarForm::SingleQuoted | ScalarForm::DoubleQuoted));
        self.range.start + quotes..self.range.end - quotes
    }

    /// The text where it is written as it is, on one line.
    pub(crate) fn verbatim_text(&self) -> Option<&'a str> {
        if self.is_verbatim { self.slice.get(self.inner_range()) } else { None }
    }

    /// The text it stands for; none where only the parser of events knows it.
    pub(crate) fn full_text(&self) -> Option<Cow<'a, str>> {
        if let Some(text) = self.verbatim_text() {
            return Some(Cow::Borrowed(text));
        }
        let inner = self.slice.get(self.inner_range())?;
        Some(Cow::Owned(match self.style {
            ScalarForm::Plain => fold_lines(inner, str::to_owned),
            ScalarForm::SingleQuoted => fold_lines(inner, |line| line.replace("''", "'")),
            ScalarForm::DoubleQuoted => fold_lines(inner, unescape_line),
            ScalarForm::Literal => self.literal_text()?,
            ScalarForm::Folded => return None,
        }))
    }

    /// The lines of a literal without their indentation, with a line's end after the last where there is one and the
    /// header does not take it away.
    fn literal_text(&self) -> Option<String> {
        let (start, indent) = self.body?;
        let header = self.slice.get(self.range.start + 1..start)?;
        let is_stripped = match header.as_bytes().first() {
            Some(b'+') => return None,
            first => first == Some(&b'-'),
        };
        let body = self.slice.get(start..self.range.end)?;
        let mut text = String::with_capacity(body.len());
        for (nth, line) in body.split('\n').enumerate() {
            if nth > 0 {
                text.push('\n');
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            text.push_str(line.get(indent..).unwrap_or_default());
        }
        let ends = self.slice[self.range.end..].starts_with(['\n', '\r']);
        if ends && !is_stripped {
            text.push('\n');
        }
        Some(text)
    }
}

/// Lines as one: a single break is a blank, and each empty line a break.
fn fold_lines(text: &str, read: impl Fn(&str) -> String) -> String {
    let blanks = [' ', '\t', '\r'];
    let mut lines = text.split('\n').peekable();
    let (mut out, mut breaks, mut is_first) = (String::with_capacity(text.len()), 0_usize, true);
    while let Some(line) = lines.next() {
        let line = if is_first { line } else { line.trim_start_matches(blanks) };
        let line = if lines.peek().is_some() { line.trim_end_matches(blanks) } else { line };
        if is_first {
            is_first = false;
        } else if line.is_empty() && lines.peek().is_some() {
            breaks += 1;
            continue;
        } else if breaks == 0 {
            out.push(' ');
        } else {
            out.extend(std::iter::repeat_n('\n', std::mem::take(&mut breaks)));
        }
        out.push_str(&read(line));
    }
    out
}

/// The escapes that the reader of lines lets through.
fn unescape_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let mut after = rest[at + 1..].chars();
        out.extend(after.next().map(|c| match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            c => c,
        }));
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}
