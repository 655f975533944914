//! Strings as Go's `%q` writes them, each unescaped byte with its origin.

use super::origin_table::ComputedId;
use super::origin_text::{OriginText, TextBuilder};
use super::text_edit::{EscapedUnit, push_escaped};

/// Adds the text in double quotes.
pub(super) fn push_quoted(builder: &mut TextBuilder, text: &OriginText, glue: ComputedId, ascii_only: bool) {
    builder.push_computed(b"\"", glue);
    push_escaped(builder, text, glue, |unit| escape_go(unit, '"', ascii_only));
    builder.push_computed(b"\"", glue);
}

/// A character in single quotes.
pub(super) fn quote_char(char: char, ascii_only: bool) -> String {
    let escaped = escape_go(EscapedUnit::Char(char), '\'', ascii_only);
    format!("'{}'", escaped.unwrap_or_else(|| char.to_string()))
}

fn escape_go(unit: EscapedUnit, quote: char, ascii_only: bool) -> Option<String> {
    let char = match unit {
        EscapedUnit::Byte(byte) => return Some(format!("\\x{byte:02x}")),
        EscapedUnit::Char(char) => char,
    };
    if char == quote || char == '\\' {
        return Some(format!("\\{char}"));
    }
    if is_go_printable(char) && (char.is_ascii() || !ascii_only) {
        return None;
    }
    Some(match char {
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        char if char < ' ' || char == '\u{7f}' => format!("\\x{:02x}", u32::from(char)),
        char if u32::from(char) < 0x10000 => format!("\\u{:04x}", u32::from(char)),
        char => format!("\\U{:08x}", u32::from(char)),
    })
}

/// What `strconv.IsPrint` calls printable: no control characters, no separators but the space, nothing unassigned of
/// what texts hold.
pub fn is_go_printable(char: char) -> bool {
    match char {
        ' '..='~' => true,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{377}' => true,
        char if (char as u32) < 0xa1 || char == '\u{ad}' => false,
        '\u{1680}'
        | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}'
        | '\u{3000}' => false,
        '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}' => false,
        char => (char as u32) < 0xe0000,
    }
}
