//! Edits of text that keep each byte's origin: trims, replacements, indents and splits.

use std::ops::Range;

use super::origin_table::ComputedId;
use super::origin_text::{OriginText, TextBuilder};

/// The range that is left without the bytes at both ends that `drop` names.
pub fn trim_range(bytes: &[u8], drop: impl Fn(char) -> bool, left: bool, right: bool) -> Range<usize> {
    let text = String::from_utf8_lossy(bytes);
    let mut start = 0;
    let mut end = bytes.len();
    if text.len() != bytes.len() {
        // Not UTF-8: only ASCII is trimmed, byte by byte.
        let dropped = |byte: u8| byte.is_ascii() && drop(char::from(byte));
        while left && start < end && dropped(bytes[start]) {
            start += 1;
        }
        while right && end > start && dropped(bytes[end - 1]) {
            end -= 1;
        }
        return start..end;
    }
    if left {
        start = end - text.trim_start_matches(&drop).len();
    }
    if right {
        end = start + text[start..].trim_end_matches(&drop).len();
    }
    start..end
}

/// What Go's `unicode.IsSpace` calls white space, which is what Rust does.
pub fn trim_space(text: &OriginText) -> OriginText {
    text.slice(trim_range(text.bytes(), char::is_whitespace, true, true))
}

/// The offsets at which `needle` stands in `bytes`, left to right, none overlapping; an empty needle stands before
/// each character and at the end.
pub fn find_all(bytes: &[u8], needle: &[u8], limit: Option<usize>) -> Vec<usize> {
    let limit = limit.unwrap_or(usize::MAX);
    let mut found = Vec::new();
    if needle.is_empty() {
        let text = String::from_utf8_lossy(bytes);
        found.extend(text.char_indices().map(|(at, _)| at).chain([bytes.len()]).take(limit));
        return found;
    }
    let mut at = 0;
    while found.len() < limit {
        let Some(next) = find(&bytes[at..], needle) else { break };
        found.push(at + next);
        at += next + needle.len();
    }
    found
}

/// The first place of `needle` in `bytes`.
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    while let Some(next) = bytes.get(at..)?.iter().position(|byte| *byte == first) {
        at += next;
        if bytes[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

pub fn replace(text: &OriginText, from: &[u8], to: &OriginText, limit: Option<usize>) -> OriginText {
    let places = find_all(text.bytes(), from, limit);
    if places.is_empty() {
        return text.clone();
    }
    let mut builder = TextBuilder::default();
    let mut at = 0;
    for place in places {
        if builder.is_full() {
            break;
        }
        builder.push_slice(text, at..place);
        builder.push_text(to);
        at = place + from.len();
    }
    builder.push_slice(text, at..text.len());
    builder.finish()
}

/// The text without every `needle`.
pub fn remove(text: &OriginText, needle: &[u8]) -> OriginText {
    if find(text.bytes(), needle).is_none() {
        return text.clone();
    }
    replace(text, needle, &OriginText::default(), None)
}

/// Each line after `spaces` spaces, as sprig's `indent`; with `newline` first, as its `nindent`.
pub fn indent(text: &OriginText, spaces: usize, newline: bool, glue: ComputedId) -> OriginText {
    let pad = vec![b' '; spaces];
    let mut builder = TextBuilder::default();
    if newline {
        builder.push_computed(b"\n", glue);
    }
    builder.push_computed(&pad, glue);
    let mut at = 0;
    while let Some(next) = text.bytes()[at..].iter().position(|byte| *byte == b'\n') {
        builder.push_slice(text, at..at + next + 1);
        builder.push_computed(&pad, glue);
        at += next + 1;
    }
    builder.push_slice(text, at..text.len());
    builder.finish()
}

/// How many parts [`split`] gives at most.
pub fn count_parts(text: &OriginText, separator: &[u8], limit: Option<usize>) -> usize {
    let bytes = text.bytes();
    let count = match separator {
        [] => bytes.len(),
        [byte] => 1 + bytes.iter().filter(|own| *own == byte).count(),
        more => 1 + bytes.len() / more.len(),
    };
    limit.map_or(count, |limit| count.min(limit))
}

/// The parts between `separator`s, as Go's `strings.SplitN` gives them; no limit is all of them.
pub fn split(text: &OriginText, separator: &[u8], limit: Option<usize>) -> Vec<OriginText> {
    if limit == Some(0) {
        return Vec::new();
    }
    if separator.is_empty() {
        return split_chars(text, limit);
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for place in find_all(text.bytes(), separator, limit.map(|limit| limit - 1)) {
        parts.push(text.slice(at..place));
        at = place + separator.len();
    }
    parts.push(text.slice(at..text.len()));
    parts
}

fn split_chars(text: &OriginText, limit: Option<usize>) -> Vec<OriginText> {
    let string = text.as_str();
    let starts: Vec<usize> = string.char_indices().map(|(at, _)| at).collect();
    let count = limit.unwrap_or(starts.len()).min(starts.len());
    (0..count)
        .map(|index| {
            let end = if index + 1 == count { text.len() } else { starts[index + 1] };
            text.slice(starts[index]..end)
        })
        .collect()
}

/// Adds a text with some characters written otherwise: what stays keeps its origin, what is written is `glue`.
pub fn push_escaped(
    builder: &mut TextBuilder,
    text: &OriginText,
    glue: ComputedId,
    escape: impl Fn(EscapedUnit) -> Option<String>,
) {
    let mut at = 0;
    let mut run = 0;
    for chunk in text.bytes().utf8_chunks() {
        for char in chunk.valid().chars() {
            if let Some(written) = escape(EscapedUnit::Char(char)) {
                builder.push_slice(text, run..at);
                builder.push_computed(written, glue);
                run = at + char.len_utf8();
            }
            at += char.len_utf8();
        }
        for byte in chunk.invalid() {
            if let Some(written) = escape(EscapedUnit::Byte(*byte)) {
                builder.push_slice(text, run..at);
                builder.push_computed(written, glue);
                run = at + 1;
            }
            at += 1;
        }
    }
    builder.push_slice(text, run..at);
}

/// A character, or a byte that is part of none.
#[derive(Clone, Copy, Debug)]
pub enum EscapedUnit {
    Char(char),
    Byte(u8),
}
