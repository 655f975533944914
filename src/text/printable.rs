//! Makes text from files safe for a terminal.

use std::borrow::Cow;

/// The text with each control character replaced by its picture (`␛`), and each character that changes the direction
/// of writing by `�`, so that nothing a file holds can steer a terminal. Tabs become four blanks.
#[must_use]
pub fn make_printable(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte);
    if text.bytes().all(is_plain) || text.chars().all(|c| !is_steering(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c => out.push(control_picture(c)),
        }
    }
    Cow::Owned(out)
}

/// The text of several lines made printable: line ends stay, and nothing else that steers.
#[must_use]
pub fn make_printable_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        out.push_str(&make_printable(line.strip_suffix('\r').unwrap_or(line)));
        out.push_str(end);
    }
    out
}

/// JSON with each such character that JSON itself lets through written as an escape: its value is the same, and a
/// terminal may show it.
#[must_use]
pub fn make_printable_json(json: String) -> String {
    let steers = |c: char| is_steering(c) && c != '\n';
    if !json.contains(steers) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if steers(c) {
            out.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

/// The picture of a character that would steer the terminal; the character itself otherwise.
#[must_use]
pub fn control_picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if is_steering(c) => '\u{fffd}',
        c => c,
    }
}

/// C0 and C1 controls, the line and paragraph separators, and the bidirectional controls of Unicode.
const fn is_steering(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
