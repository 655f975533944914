//! Splits arguments into words as BuildKit does, and takes off their quotes.

use std::ops::Range;

use super::EscapeChar;
use super::word_parts::{WordPart, WordParts};

/// A word without quotes and escapes.
pub(super) struct UnquotedWord {
    pub(super) text: String,
    /// True when a variable stands in it.
    pub(super) has_variables: bool,
    /// True when every quote is closed.
    pub(super) quotes_closed: bool,
}

/// Takes quotes and escapes out of a word. Variables stay as they are written.
pub(super) fn unquote_word(raw: &str, escape: EscapeChar) -> UnquotedWord {
    let (mut text, mut has_variables) = (String::with_capacity(raw.len()), false);
    let mut parts = WordParts::new(raw, escape);
    for part in &mut parts {
        let (WordPart::Literal(piece) | WordPart::Variable(piece)) = part;
        has_variables |= matches!(part, WordPart::Variable(_)) && piece.len() > 1;
        text.push_str(piece);
    }
    UnquotedWord { text, has_variables, quotes_closed: parts.quotes_closed() }
}

/// A blank between arguments, as BuildKit's parser has it.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{b}' | '\u{c}')
}

/// The words between blanks, whatever quotes they hold.
pub(super) fn split_at_blanks(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = within.start;
    for word in text[within].split(is_blank) {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    words
}

/// The words between blanks that are neither quoted nor escaped.
pub(super) fn split_quoted_words(text: &str, within: Range<usize>, escape: EscapeChar) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let end = within.end;
    let offset = within.start;
    let mut chars = text[within].char_indices();
    while let Some((at, c)) = chars.next() {
        let at = offset + at;
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|from| from..at));
            continue;
        }
        start.get_or_insert(at);
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            _ if c == escape.as_char() && quote != Some('\'') => drop(chars.next()),
            _ => {}
        }
    }
    words.extend(start.map(|from| from..end));
    words
}

/// The strings of a JSON array, quotes included in their ranges; none where the text does not begin with an array of
/// strings. What follows the array is ignored, as BuildKit does.
pub(super) fn json_strings(text: &str, within: Range<usize>) -> Option<Vec<(Range<usize>, String)>> {
    let bytes = text.as_bytes();
    let mut at = skip_space(bytes, within.start);
    if bytes.get(at) != Some(&b'[') {
        return None;
    }
    at = skip_space(bytes, at + 1);
    let mut strings = Vec::new();
    while bytes.get(at) != Some(&b']') || !strings.is_empty() {
        let end = find_string_end(bytes, at)?;
        strings.push((at..end, serde_json::from_str(text.get(at..end)?).ok()?));
        at = skip_space(bytes, end);
        match bytes.get(at)? {
            b',' => at = skip_space(bytes, at + 1),
            b']' => break,
            _ => return None,
        }
    }
    (at < within.end).then_some(strings)
}

fn find_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let mut index = at + 1;
    loop {
        match bytes.get(index)? {
            b'"' => return Some(index + 1),
            b'\\' => index += 2,
            _ => index += 1,
        }
    }
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    at + bytes.iter().skip(at).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}
