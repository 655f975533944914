//! Long texts made short or broken into lines.

use super::argument_access::{int, text};
use super::case_functions::map_text;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::MAX_TEXT;
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("wrap", &[Int, Text], |state, arguments| {
        wrap_argument(state, &arguments[1..], int(arguments, 0), "\n", false)
    }),
    FunctionSpec::new("wrapWith", &[Int, Text, Text], |state, arguments| {
        let separator = text(arguments, 1).as_str().into_owned();
        wrap_argument(state, &arguments[2..], int(arguments, 0), &separator, true)
    }),
    FunctionSpec::new("abbrev", &[Int, Text], |state, arguments| {
        let width = int(arguments, 0);
        map_text(
            state,
            &arguments[1..],
            |text| {
                if width < 4 { text.to_owned() } else { abbreviate(text, 0, width) }
            },
        )
    }),
    FunctionSpec::new("abbrevboth", &[Int, Int, Text], |state, arguments| {
        let (left, right) = (int(arguments, 0), int(arguments, 1));
        map_text(state, &arguments[2..], |text| {
            if right < 4 || (left > 0 && right < 7) { text.to_owned() } else { abbreviate(text, left, right) }
        })
    }),
];

fn wrap_argument(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    width: i64,
    separator: &str,
    breaks_words: bool,
) -> CallResult {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    map_text(state, arguments, |text| wrap_words(text, width, separator, breaks_words))
}

/// Lines of up to `width` characters that end at spaces; a word that is longer is broken or stands over.
fn wrap_words(text: &str, width: usize, separator: &str, breaks_words: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while chars.len() - at > width && out.len() < MAX_TEXT {
        if chars[at] == ' ' {
            at += 1;
            continue;
        }
        let end = at + width;
        if let Some(space) = (at..=end.min(chars.len() - 1)).rev().find(|index| chars[*index] == ' ') {
            out.extend(&chars[at..space]);
            out.push_str(separator);
            at = space + 1;
        } else if breaks_words {
            out.extend(&chars[at..end]);
            out.push_str(separator);
            at = end;
        } else if let Some(space) = (end..chars.len()).find(|index| chars[*index] == ' ') {
            out.extend(&chars[at..space]);
            out.push_str(separator);
            at = space + 1;
        } else {
            out.extend(&chars[at..]);
            at = chars.len();
        }
    }
    out.extend(&chars[at..]);
    out
}

/// The text from `offset` on in `width` bytes, dots where something is left out.
fn abbreviate(text: &str, offset: i64, width: i64) -> String {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let part = |from: i64, to: i64| {
        let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0));
        String::from_utf8_lossy(text.as_bytes().get(from..to.min(text.len())).unwrap_or_default())
            .into_owned()
    };
    if text.is_empty() || length <= width {
        return text.to_owned();
    }
    let mut offset = offset.min(length);
    if length - offset < width - 3 {
        offset = length - (width - 3);
    }
    if offset <= 4 {
        return format!("{}...", part(0, width - 3));
    }
    if offset + width - 3 < length {
        return format!("...{}", abbreviate(&part(offset, length), 0, width - 3));
    }
    format!("...{}", part(length - (width - 3), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_and_abbreviated() {
        assert_eq!(wrap_words("the quick brown fox jumps", 10, "\n", false), "the quick\nbrown fox\njumps");
        assert_eq!(wrap_words("Hello World foo", 5, "\t", true), "Hello\tWorld\tfoo");
        assert_eq!(abbreviate("abcdefgh", 0, 5), "ab...");
        assert_eq!(abbreviate("1234 5678 9123", 5, 10), "...5678...");
    }
}
