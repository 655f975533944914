//! Makes text from files safe for the screen, and measures it in cells.

use std::borrow::Cow;

pub(super) use crate::text::{count_of, is_unsafe};
use crate::theme::StyleToken;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A piece of text, and the style that it is drawn in.
pub(super) type StyledText = (String, StyleToken);

/// The text without characters that act on the terminal: each becomes `sign`, a tab becomes spaces.
pub(super) fn clean_text<'a>(text: &'a str, sign: &str) -> Cow<'a, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            '\n' => out.push(' '),
            '\r' => {}
            c if is_unsafe(c) => out.push_str(sign),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

pub(super) fn text_width(text: &str) -> usize {
    text.width()
}

pub(super) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The beginning of the text that fits into so many cells.
pub(super) fn fitting_prefix(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += char_width(c);
        if used > cells {
            return &text[..at];
        }
    }
    text
}

/// The beginning of a word that fits into so many cells; a path is broken between its parts, where that leaves the line
/// half full.
pub(super) fn break_word(word: &str, cells: usize) -> &str {
    let whole = fitting_prefix(word, cells);
    let slash = whole.rfind('/').filter(|at| text_width(&whole[..*at]) * 2 > cells);
    slash.map_or(whole, |at| &whole[..=at])
}

/// The text in lines of so many cells at most, broken at spaces, or within a word that is longer than a line.
pub(super) fn wrap_words(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for mut word in text.split_whitespace() {
        let room = cells.saturating_sub(text_width(&line) + usize::from(!line.is_empty()));
        if text_width(word) > room && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        while text_width(word) > cells {
            let part = break_word(word, cells);
            let taken =
                if part.is_empty() { word.chars().next().map_or(0, char::len_utf8) } else { part.len() };
            lines.push(word[..taken].to_owned());
            word = &word[taken..];
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The end of a text that is longer than so many cells, after a mark: the end of a path tells most.
pub(super) fn fitting_tail<'a>(text: &'a str, cells: usize, mark: &str) -> Cow<'a, str> {
    if text_width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let mut rest = text;
    while !rest.is_empty() && text_width(rest) + text_width(mark) > cells {
        rest = &rest[rest.chars().next().map_or(rest.len(), char::len_utf8)..];
    }
    Cow::Owned(format!("{mark}{rest}"))
}

/// The beginning of a text that is longer than so many cells, before a mark: of a sentence it tells most.
pub(super) fn fitting_head<'a>(text: &'a str, cells: usize, mark: &str) -> Cow<'a, str> {
    if text_width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let room = cells.saturating_sub(text_width(mark));
    let mark = if cells < text_width(mark) { "" } else { mark };
    Cow::Owned(format!("{}{mark}", fitting_prefix(text, room).trim_end()))
}

/// A text that is longer than so many cells without its middle: its end tells as much as its beginning.
pub(super) fn fit_middle<'a>(text: &'a str, cells: usize, mark: &str) -> Cow<'a, str> {
    if text_width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let room = cells.saturating_sub(text_width(mark));
    let begin = fitting_prefix(text, room / 2);
    let tail = fitting_tail(text, room - text_width(begin), "");
    let mark = if cells < text_width(mark) { "" } else { mark };
    Cow::Owned(format!("{begin}{mark}{tail}"))
}

/// A name that is longer than so many cells without its middle, or its end, or its beginning: the first by which the
/// names beside it do not look the same.
pub(super) fn fit_apart<'a>(
    name: &'a str,
    beside: [Option<&str>; 2],
    cells: usize,
    mark: &str,
) -> Cow<'a, str> {
    let is_alone =
        |shown: &str, others: [Option<String>; 2]| others.iter().flatten().all(|other| other != shown);
    let middle = fit_middle(name, cells, mark);
    let as_middle = |other: Option<&str>| other.map(|other| fit_middle(other, cells, mark).into_owned());
    let head = fitting_head(name, cells, mark);
    let as_head = |other: Option<&str>| other.map(|other| fitting_head(other, cells, mark).into_owned());
    if is_alone(&middle, beside.map(as_middle)) {
        middle
    } else if is_alone(&head, beside.map(as_head)) {
        head
    } else {
        fitting_tail(name, cells, mark)
    }
}

/// A source line in parts of so many cells: at blanks where it has them, each later part below the text's own indent.
pub(super) fn break_line(text: &str, room: usize) -> Vec<String> {
    if text_width(text) <= room {
        return vec![text.to_owned()];
    }
    let indent = (text.len() - text.trim_start_matches(' ').len() + 2).min(room / 2);
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let hanging = if parts.is_empty() { 0 } else { indent };
        let fitting = fitting_prefix(rest, room - hanging);
        let whole = fitting.len() == rest.len();
        let blank = fitting.rfind(' ').filter(|at| !whole && at * 2 > fitting.len());
        let end = blank.map_or(fitting.len(), |at| at + 1);
        if end == 0 {
            break;
        }
        parts.push(format!("{}{}", " ".repeat(hanging), &rest[..end]));
        rest = &rest[end..];
    }
    parts
}

/// A title in so many cells: without the kind of its object where there is no room for it, then without its middle.
pub(super) fn fit_object_title(title: &str, cells: usize, mark: &str) -> String {
    let is_kind = |kind: &str| {
        kind.starts_with(char::is_uppercase) && kind.chars().all(|letter| letter.is_ascii_alphabetic())
    };
    let short = title.split_once('/').filter(|(kind, _)| is_kind(kind)).map(|(_, rest)| rest);
    let title = short.filter(|_| text_width(title) > cells).unwrap_or(title);
    fit_middle(title, cells, mark).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_loses_nothing() {
        let text =
            "        image: registry.example/a/very/long/name:1.2.3@sha256:0123456789abcdef # with words";
        for room in 8..60 {
            let parts = break_line(text, room);
            let joined: String = parts.iter().map(|part| part.trim_start()).collect::<Vec<_>>().concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
            assert!(parts.iter().all(|part| text_width(part) <= room), "{room}: {parts:?}");
        }
    }
}
