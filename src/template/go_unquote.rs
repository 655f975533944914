//! What a quoted string of Go means: escapes resolved, every other byte with its own place.

use std::ops::Range;

use super::origin_table::ChainId;
use super::origin_text::{OriginText, TextBuilder};

/// The meaning of the quoted token at `span` of a text; none where Go calls it invalid.
///
/// A byte that an escape makes gets the place of the escape.
pub(super) fn unquote_token(text: &OriginText, span: Range<usize>) -> Option<OriginText> {
    let quote = *text.bytes().get(span.start)?;
    let inner = span.start + 1..span.end.checked_sub(1)?;
    if quote == b'`' {
        return Some(remove_carriage_returns(text, inner));
    }
    let string = std::str::from_utf8(text.bytes().get(inner.clone())?).ok()?;
    if !string.contains('\\') {
        return Some(text.slice(inner));
    }
    let mut builder = TextBuilder::default();
    let mut at = 0;
    while let Some(next) = string[at..].find('\\') {
        builder.push_slice(text, inner.start + at..inner.start + at + next);
        let (bytes, length) = unescape(&string[at + next..], quote)?;
        let source = text.source_at(inner.start + at + next)?;
        for byte in bytes {
            // One byte a piece, since the bytes of an escape do not follow one another in the file.
            builder.push(&[byte], ChainId::NONE, source);
        }
        at += next + length;
    }
    builder.push_slice(text, inner.start + at..inner.end);
    Some(builder.finish())
}

fn remove_carriage_returns(text: &OriginText, inner: Range<usize>) -> OriginText {
    super::text_edit::remove(&text.slice(inner), b"\r")
}

/// The bytes that the escape at the start of `text` means, and its length.
fn unescape(text: &str, quote: u8) -> Option<(Vec<u8>, usize)> {
    let kind = *text.as_bytes().get(1)?;
    let single = |byte: u8| Some((vec![byte], 2));
    match kind {
        b'a' => single(7),
        b'b' => single(8),
        b'f' => single(12),
        b'n' => single(b'\n'),
        b'r' => single(b'\r'),
        b't' => single(b'\t'),
        b'v' => single(11),
        b'\\' => single(b'\\'),
        b'\'' | b'"' if kind == quote => single(kind),
        b'x' => {
            let value = u8::from_str_radix(hex_digits(text, 2)?, 16).ok()?;
            // In a character constant `\xE9` is the character of that number.
            let bytes = if quote == b'\'' { char::from(value).to_string().into_bytes() } else { vec![value] };
            Some((bytes, 4))
        }
        b'u' | b'U' => {
            let count = if kind == b'u' { 4 } else { 8 };
            let value = char::from_u32(u32::from_str_radix(hex_digits(text, count)?, 16).ok()?)?;
            Some((value.to_string().into_bytes(), 2 + count))
        }
        b'0'..=b'7' => {
            let digits = text.get(1..4)?;
            Some((vec![u8::from_str_radix(digits, 8).ok()?], 4))
        }
        _ => None,
    }
}

fn hex_digits(text: &str, count: usize) -> Option<&str> {
    text.get(2..2 + count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
