//! Finds signs, blanks and quotes in one line's bytes, for the parser of lines.

use memchr::{memchr, memchr2};

/// Bytes that are examined together.
const CHUNK_BYTES: usize = 1024;

/// True when every character is one that all parsers take alike.
pub(crate) fn is_ordinary(slice: &str) -> bool {
    let bytes = slice.as_bytes();
    (0..bytes.len()).step_by(CHUNK_BYTES).all(|start| {
        let end = bytes.len().min(start + CHUNK_BYTES);
        is_printable_ascii(&bytes[start..end]) || (start..end).all(|at| is_ordinary_at(bytes, at))
    })
}

/// True when there is nothing but printable ASCII and ends of lines, as nearly everywhere. Without a way out of the
/// loop the compiler takes many bytes at a time.
fn is_printable_ascii(bytes: &[u8]) -> bool {
    let odd = |byte: &u8| u8::from(byte.wrapping_sub(b' ') >= 0x5f) & u8::from(*byte != b'\n');
    bytes.iter().fold(0, |odds, byte| odds | odd(byte)) == 0
}

/// The same of the character that begins at a place, if one does: neither a control, but for tabs and the ends of lines,
/// nor U+2028, U+2029, U+FEFF, U+FFFE or U+FFFF.
fn is_ordinary_at(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\r' => bytes.get(at + 1) == Some(&b'\n'),
        b'\n' | b'\t' | b' '..=b'~' => true,
        0xc2 => bytes.get(at + 1).is_some_and(|next| *next >= 0xa0),
        0xe2 => !matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
        0xef => !matches!(bytes.get(at + 1..at + 3), Some([0xbb, 0xbf] | [0xbf, 0xbe | 0xbf])),
        byte => byte >= 0x80,
    }
}

/// True when the text begins with the byte, and a blank or nothing after it.
pub(crate) fn is_indicator(text: &[u8], byte: u8) -> bool {
    matches!(text, [first] | [first, b' ', ..] if *first == byte)
}

/// The place of a colon with a blank or nothing after it on its line.
pub(crate) fn find_colon(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b':', bytes).find(|at| matches!(bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\r')))
}

/// The place of a `#` after a blank.
pub(crate) fn comment_start(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'#', bytes).find(|at| *at > 0 && bytes[at - 1] == b' ')
}

/// The number of blanks that the text begins with.
pub(crate) fn count_blanks(bytes: &[u8]) -> usize {
    const ALL: u64 = u64::from_le_bytes([b' '; 8]);
    let mut at = 0;
    // Eight at a time: generated manifests are indented far.
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let others = u64::from_le_bytes(eight) ^ ALL;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| **byte == b' ').count()
}

/// The end of the quoted scalar that begins the text; none where none does, or where it has an escape that only the
/// parser knows.
pub(crate) fn quoted_end(text: &str) -> Option<usize> {
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
