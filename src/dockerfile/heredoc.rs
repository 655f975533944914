//! Finds here-documents, for the parser of instructions: the words that open one, and the lines of its body.

use std::collections::HashMap;

use super::physical_lines::PhysicalLines;
use super::tokens::unquote_word;
use super::word_parts::name_length;
use super::{EscapeChar, Heredoc, Keyword};
use crate::text::{Span, stable_hash};

/// `<<WORD` in an instruction.
pub(super) struct HeredocMark {
    pub(super) name: String,
    expand: bool,
    strip_tabs: bool,
}

/// A heredoc and where the line of its terminator ends.
pub(super) struct ClosedHeredoc {
    pub(super) heredoc: Heredoc,
    pub(super) end: usize,
}

/// The heredocs that a logical line opens. As in BuildKit: the word must begin with `<<` (after digits), hold no other
/// `<`, and a line with an unclosed quote opens none.
pub(super) fn find_marks(line: &str) -> Vec<HeredocMark> {
    if !line.contains("<<") {
        return Vec::new();
    }
    raw_words(line).map(|words| words.into_iter().filter_map(parse_mark).collect()).unwrap_or_default()
}

/// True for a word that opens a heredoc.
pub(super) fn is_mark(word: &str) -> bool {
    parse_mark(word).is_some()
}

fn parse_mark(word: &str) -> Option<HeredocMark> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (strip_tabs, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let unquoted = unquote_word(rest, EscapeChar::Backslash);
    if !unquoted.quotes_closed || unquoted.text.is_empty() {
        return None;
    }
    Some(HeredocMark { expand: unquoted.text == rest, name: unquoted.text, strip_tabs })
}

/// True when a `$` is followed by braces that hold no name with an operator that BuildKit knows.
fn is_bad_substitution(rest: &str) -> bool {
    let Some(body) = rest.strip_prefix('{') else { return false };
    let body = &body[name_length(body)..];
    let operator = body.strip_prefix(':').map_or("}+-?#%/", |_| "+-?");
    !body.trim_start_matches(':').starts_with(|c| operator.contains(c))
}

/// The blank-separated words of a line, quotes kept; none when a quote is not closed or a substitution is bad.
fn raw_words(line: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            words.extend(start.take().map(|from| &line[from..at]));
            continue;
        }
        start.get_or_insert(at);
        match c {
            '\\' => drop(chars.next()),
            '$' if is_bad_substitution(&line[at + 1..]) => return None,
            '\'' => drop(chars.find(|(_, c)| *c == '\'')?),
            '"' => loop {
                match chars.next()?.1 {
                    '"' => break,
                    '\\' => drop(chars.next()),
                    _ => {}
                }
            },
            _ => {}
        }
    }
    words.extend(start.map(|from| &line[from..]));
    Some(words)
}

/// Finds bodies. A heredoc that is never closed is none, so that a half-typed file keeps what follows.
#[derive(Default)]
pub(super) struct HeredocReader {
    /// The last offset of each line, as it is and without leading tabs, by [`terminator_key`]. Made when the first
    /// heredoc turns out to be unclosed, so that many of them still take linear time.
    last_line_offsets: Option<HashMap<u64, usize>>,
}

impl HeredocReader {
    pub(super) fn read_body(
        &mut self,
        mark: &HeredocMark,
        lines: &mut PhysicalLines<'_>,
    ) -> Option<ClosedHeredoc> {
        if let Some(last) = &self.last_line_offsets
            && last.get(&terminator_key(&mark.name, mark.strip_tabs)).is_none_or(|&at| at < lines.offset)
        {
            return None;
        }
        let start = lines.offset;
        while let Some(line) = lines.next() {
            if trim_terminator(line.slice(lines.text()), mark.strip_tabs) == mark.name {
                let body = Span::new(start, line.start);
                let HeredocMark { name, expand, strip_tabs } = mark;
                let heredoc = Heredoc { name: name.clone(), expand: *expand, strip_tabs: *strip_tabs, body };
                return Some(ClosedHeredoc { heredoc, end: line.end });
            }
        }
        lines.offset = start;
        self.last_line_offsets.get_or_insert_with(|| index_last_lines(lines));
        lines.offset = start;
        None
    }
}

fn trim_terminator(line: &str, strip_tabs: bool) -> &str {
    if strip_tabs { line.trim_start_matches('\t') } else { line }
}

fn terminator_key(terminator: &str, strip_tabs: bool) -> u64 {
    stable_hash(terminator.as_bytes()) ^ u64::from(strip_tabs)
}

fn index_last_lines(lines: &mut PhysicalLines<'_>) -> HashMap<u64, usize> {
    let mut last = HashMap::new();
    while let Some(line) = lines.next() {
        for strip_tabs in [false, true] {
            last.insert(
                terminator_key(trim_terminator(line.slice(lines.text()), strip_tabs), strip_tabs),
                line.start,
            );
        }
    }
    last
}

/// True for keywords whose instructions may have heredocs.
pub(super) const fn takes_heredocs(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
}
