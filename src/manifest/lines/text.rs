//! What stands in one line.

use memchr::{memchr, memchr2};

/// How many bytes are looked at together.
const CHUNK: usize = 1024;

/// Whether every character is one that all parsers take alike. The first pass is over bytes, since nearly all documents
/// are plain ASCII.
pub(super) fn is_ordinary(slice: &str) -> bool {
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

/// Whether the text begins with the byte, and a blank or nothing after it.
pub(super) fn is_indicator(text: &str, byte: u8) -> bool {
    matches!(text.as_bytes(), [first] | [first, b' ', ..] if *first == byte)
}

/// Where a colon stands with a blank or nothing after it.
pub(super) fn colon(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).find(|at| matches!(bytes.get(at + 1), None | Some(b' ')))
}

/// Where a `#` stands after a blank.
pub(super) fn comment_start(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'#', text.as_bytes()).find(|at| *at > 0 && text.as_bytes()[at - 1] == b' ')
}

/// Where the quoted scalar ends that begins the text; none where it does not, or escapes what only the parser knows.
pub(super) fn quoted_end(text: &str) -> Option<usize> {
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
