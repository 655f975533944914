//! Joins the lines of an instruction as BuildKit does, and maps each byte back to the file.

use std::borrow::Cow;

use super::EscapeChar;
use crate::text::Span;

/// Text that an instruction's lines make when continuations, comments and blank lines are taken out, and where each of
/// its bytes stands in the file.
pub(super) struct LogicalLine<'t> {
    text: Cow<'t, str>,
    /// The start of each run of bytes: here, and in the file.
    runs: Vec<(usize, usize)>,
}

impl<'t> LogicalLine<'t> {
    /// The part of the file under `span`, as it is.
    pub(super) fn from_span(text: &'t str, span: Span) -> Self {
        Self { text: Cow::Borrowed(span.slice(text)), runs: vec![(0, span.start)] }
    }

    /// The part of an instruction under `span`, joined. The span begins in a line of content.
    pub(super) fn join_lines(text: &'t str, span: Span, escape: EscapeChar) -> Self {
        let whole = span.slice(text);
        if !whole.contains('\n') && strip_continuation(whole, escape).is_none() {
            return Self::from_span(text, span);
        }
        let mut joined = String::with_capacity(whole.len());
        let mut runs = Vec::new();
        let mut at = span.start;
        for (number, physical) in whole.split_inclusive('\n').enumerate() {
            let content = trim_newline(physical);
            if number == 0 || !(is_comment(content) || content.trim_start().is_empty()) {
                runs.push((joined.len(), at));
                joined.push_str(strip_continuation(content, escape).unwrap_or(content));
            }
            at += physical.len();
        }
        Self { text: Cow::Owned(joined), runs }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The place in the file of the byte at `at`.
    pub(super) fn file_offset(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.runs.get(run).map_or(0, |(start, file)| file + at.saturating_sub(*start))
    }

    /// The span in the file of the bytes from `start` to before `end`: from the first to after the last.
    pub(super) fn file_span(&self, start: usize, end: usize) -> Span {
        let first = self.file_offset(start);
        if end <= start { Span::empty_at(first) } else { Span::new(first, self.file_offset(end - 1) + 1) }
    }
}

/// The content before the character that continues the line, where there is one. Twice the character is none.
pub(super) fn strip_continuation(line: &str, escape: EscapeChar) -> Option<&str> {
    let rest = line.trim_end_matches([' ', '\t']).strip_suffix(escape.as_char())?;
    (!rest.ends_with(escape.as_char())).then_some(rest)
}

pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

pub(super) fn trim_newline(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}
