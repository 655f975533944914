//! How go-yaml's emitter writes a string: plain where that reads back the same, else quoted or as a block.

use super::yaml_resolve::{ResolvedScalar, is_base60, resolve_scalar};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What the characters of a string allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScalarLook {
    pub multiline: bool,
    pub plain: bool,
    pub single_quoted: bool,
    pub block: bool,
}

#[derive(Default)]
struct LookState {
    indicators: bool,
    line_breaks: bool,
    special: bool,
    leading: bool,
    trailing_space: bool,
    trailing_break: bool,
    break_space: bool,
    space_break: bool,
}

impl ScalarLook {
    pub(super) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { multiline: false, plain: true, single_quoted: true, block: false };
        }
        let state = look_through(text);
        let edges = state.leading || state.trailing_space || state.trailing_break;
        let broken = state.space_break || state.special;
        Self {
            multiline: state.line_breaks,
            plain: !(edges || state.break_space || broken || state.line_breaks || state.indicators),
            single_quoted: !(state.break_space || broken),
            block: !(state.trailing_space || broken),
        }
    }
}

fn look_through(text: &str) -> LookState {
    let mut state =
        LookState { indicators: text.starts_with("---") || text.starts_with("..."), ..LookState::default() };
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let before_blank = next.is_none_or(|next| next == ' ' || next == '\t');
        state.indicators |= is_indicator(char, at == 0, after_blank, before_blank);
        state.special |= !is_yaml_printable(char);
        if char == ' ' {
            state.leading |= at == 0;
            state.trailing_space |= next.is_none();
            state.break_space |= after_break;
            (after_space, after_break) = (true, false);
        } else if is_break(char) {
            state.line_breaks = true;
            state.leading |= at == 0;
            state.trailing_break |= next.is_none();
            state.space_break |= after_space;
            (after_space, after_break) = (false, true);
        } else {
            (after_space, after_break) = (false, false);
        }
        after_blank = char == ' ' || char == '\t' || char == '\0' || is_break(char);
    }
    state
}

/// Characters that mean something in a block, where they stand.
fn is_indicator(char: char, first: bool, after_blank: bool, before_blank: bool) -> bool {
    match char {
        '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`'
            if first =>
        {
            true
        }
        '?' | '-' if first => before_blank,
        ':' => before_blank,
        '#' => after_blank,
        _ => false,
    }
}

/// Characters that end a line.
pub(super) fn is_break(char: char) -> bool {
    matches!(char, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What go-yaml's emitter calls printable: nothing beyond the first plane, no tab.
fn is_yaml_printable(char: char) -> bool {
    matches!(char, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

pub(super) fn choose_style(text: &str, look: &ScalarLook, is_key: bool, pretty: bool) -> StringStyle {
    let old_bool = pretty
        && matches!(
            text,
            "y" | "Y"
                | "yes"
                | "Yes"
                | "YES"
                | "on"
                | "On"
                | "ON"
                | "n"
                | "N"
                | "no"
                | "No"
                | "NO"
                | "off"
                | "Off"
                | "OFF"
        );
    let reads_as_text = resolve_scalar(text) == ResolvedScalar::Text && !is_base60(text) && !old_bool;
    let wish = if text.contains('\n') {
        StringStyle::Literal
    } else if reads_as_text {
        StringStyle::Plain
    } else {
        StringStyle::DoubleQuoted
    };
    let wish = match wish {
        StringStyle::Plain if !look.plain => StringStyle::SingleQuoted,
        other => other,
    };
    match wish {
        _ if is_key && look.multiline => StringStyle::DoubleQuoted,
        StringStyle::SingleQuoted if !look.single_quoted => StringStyle::DoubleQuoted,
        StringStyle::Literal if !look.block || is_key => StringStyle::DoubleQuoted,
        other => other,
    }
}

/// How a character is written in double quotes; none as it is.
pub(super) fn escape_double_quoted(char: char) -> Option<String> {
    if is_yaml_printable(char) && !is_break(char) && char != '"' && char != '\\' {
        return None;
    }
    Some(match char {
        '\0' => "\\0".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\r' => "\\r".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\u{85}' => "\\N".to_owned(),
        '\u{2028}' => "\\L".to_owned(),
        '\u{2029}' => "\\P".to_owned(),
        char if u32::from(char) <= 0xff => format!("\\x{:02X}", u32::from(char)),
        char if u32::from(char) <= 0xffff => format!("\\u{:04X}", u32::from(char)),
        char => format!("\\U{:08X}", u32::from(char)),
    })
}
