//! Here-documents: which words open one, and which lines are its body.

use std::collections::HashMap;

use super::physical::Lines;
use super::words::{name_length, unquote};
use super::{Escape, Heredoc, Keyword};
use crate::text::{Span, stable_hash};

/// `<<WORD` in an instruction.
pub(super) struct Mark {
    pub(super) name: String,
    expand: bool,
    strip_tabs: bool,
}

/// A heredoc and where the line of its terminator ends.
pub(super) struct Taken {
    pub(super) heredoc: Heredoc,
    pub(super) end: usize,
}

/// The heredocs that a logical line opens. As in BuildKit: the word must begin with `<<` (after digits), hold no other
/// `<`, and a line with an unclosed quote opens none.
pub(super) fn marks(line: &str) -> Vec<Mark> {
    if !line.contains("<<") {
        return Vec::new();
    }
    raw_words(line).map(|words| words.into_iter().filter_map(mark).collect()).unwrap_or_default()
}

/// Whether a word opens a heredoc.
pub(super) fn is_mark(word: &str) -> bool {
    mark(word).is_some()
}

fn mark(word: &str) -> Option<Mark> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (strip_tabs, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let unquoted = unquote(rest, Escape::Backslash);
    if !unquoted.closed || unquoted.text.is_empty() {
        return None;
    }
    Some(Mark { expand: unquoted.text == rest, name: unquoted.text, strip_tabs })
}

/// Whether a `$` is followed by braces that hold no name with an operator that BuildKit knows.
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
pub(super) struct Heredocs {
    /// Where each line last stands, as it is and without leading tabs, by [`key`]. Made when the first heredoc turns out
    /// to be unclosed, so that many of them still take linear time.
    last: Option<HashMap<u64, usize>>,
}

impl Heredocs {
    pub(super) fn take(&mut self, mark: &Mark, lines: &mut Lines<'_>) -> Option<Taken> {
        if let Some(last) = &self.last
            && last.get(&key(&mark.name, mark.strip_tabs)).is_none_or(|&at| at < lines.at)
        {
            return None;
        }
        let start = lines.at;
        while let Some(line) = lines.next() {
            if terminator(line.of(lines.text()), mark.strip_tabs) == mark.name {
                let body = Span::new(start, line.start);
                let Mark { name, expand, strip_tabs } = mark;
                let heredoc = Heredoc { name: name.clone(), expand: *expand, strip_tabs: *strip_tabs, body };
                return Some(Taken { heredoc, end: line.end });
            }
        }
        lines.at = start;
        self.last.get_or_insert_with(|| last_lines(lines));
        lines.at = start;
        None
    }
}

fn terminator(line: &str, strip_tabs: bool) -> &str {
    if strip_tabs { line.trim_start_matches('\t') } else { line }
}

fn key(terminator: &str, strip_tabs: bool) -> u64 {
    stable_hash(terminator.as_bytes()) ^ u64::from(strip_tabs)
}

fn last_lines(lines: &mut Lines<'_>) -> HashMap<u64, usize> {
    let mut last = HashMap::new();
    while let Some(line) = lines.next() {
        for strip_tabs in [false, true] {
            last.insert(key(terminator(line.of(lines.text()), strip_tabs), strip_tabs), line.start);
        }
    }
    last
}

/// Whether heredocs are looked for in instructions of this keyword.
pub(super) const fn takes_heredocs(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
}
