//! Letter cases and the names that programmers write in them.

use super::argument_access::text;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("upper", &[Text], |state, arguments| {
        map_text(state, arguments, |text| text.chars().map(upper_char).collect())
    }),
    FunctionSpec::new("lower", &[Text], |state, arguments| {
        map_text(state, arguments, |text| text.chars().map(lower_char).collect())
    }),
    FunctionSpec::new("title", &[Text], |state, arguments| map_text(state, arguments, to_title)),
    FunctionSpec::new("untitle", &[Text], |state, arguments| map_text(state, arguments, to_untitled)),
    FunctionSpec::new("swapcase", &[Text], |state, arguments| map_text(state, arguments, swap_case)),
    FunctionSpec::new("initials", &[Text], |state, arguments| map_text(state, arguments, take_initials)),
    FunctionSpec::new("snakecase", &[Text], |state, arguments| {
        map_text(state, arguments, |text| join_words(text, '_'))
    }),
    FunctionSpec::new("kebabcase", &[Text], |state, arguments| {
        map_text(state, arguments, |text| join_words(text, '-'))
    }),
    FunctionSpec::new("camelcase", &[Text], |state, arguments| map_text(state, arguments, to_pascal)),
];

/// Go's capital of a character is one character, where Unicode may have two.
fn upper_char(char: char) -> char {
    let mut capitals = char.to_uppercase();
    capitals.next().filter(|_| capitals.next().is_none()).unwrap_or(char)
}

fn lower_char(char: char) -> char {
    let mut small = char.to_lowercase();
    small.next().filter(|_| small.next().is_none()).unwrap_or(char)
}

/// A text changed as a whole; one that stays as it is keeps its origin.
pub(super) fn map_text(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    change: impl Fn(&str) -> String,
) -> CallResult {
    let value = text(arguments, 0);
    let changed = change(&value.as_str());
    if changed.as_bytes() == value.bytes() {
        return Ok(value.into());
    }
    Ok(state.computed(changed, arguments).into())
}

/// Go's `strings.Title`: a capital behind everything that is no letter, digit or underscore.
fn to_title(text: &str) -> String {
    let mut inside = false;
    let mut title = String::with_capacity(text.len());
    for char in text.chars() {
        if inside {
            title.push(char);
        } else {
            title.push(upper_char(char));
        }
        inside = char.is_alphanumeric() || char == '_' || (!char.is_ascii() && !char.is_whitespace());
    }
    title
}

fn to_untitled(text: &str) -> String {
    let mut after_space = true;
    let mut changed = String::with_capacity(text.len());
    for char in text.chars() {
        if after_space {
            changed.push(lower_char(char));
        } else {
            changed.push(char);
        }
        after_space = char.is_whitespace();
    }
    changed
}

fn swap_case(text: &str) -> String {
    let mut changed = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_uppercase() {
            changed.push(lower_char(char));
        } else if char.is_lowercase() {
            changed.push(upper_char(char));
        } else {
            changed.push(char);
        }
    }
    changed
}

fn take_initials(text: &str) -> String {
    text.split_whitespace().filter_map(|word| word.chars().next()).collect()
}

fn is_connector(char: char) -> bool {
    char == '-' || char == '_' || char.is_whitespace()
}

/// `foo_bar-baz` as `FooBarBaz`: a capital behind connectors, small letters in words of capitals; connectors at the start
/// and end stay, and of several in a row all but one.
fn to_pascal(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let start = chars.iter().take_while(|char| is_connector(**char)).count();
    out.extend(&chars[..start]);
    let mut rest = &chars[start..];
    let mut first = true;
    while !rest.is_empty() {
        let (kind, word) = next_run(&mut rest);
        match kind {
            WordKind::Connector if rest.is_empty() => out.extend(word),
            WordKind::Connector => out.extend(&word[1..]),
            _ => {
                push_capitalised(&mut out, kind, word, first);
            }
        }
        first = kind == WordKind::Connector;
    }
    out
}

/// Capitals in a row, or else what stands up to the next connector or, from small letters on, all of it.
fn next_run<'a>(rest: &mut &'a [char]) -> (WordKind, &'a [char]) {
    let kind = rest.first().map_or(WordKind::End, |char| word_kind(*char));
    let length = rest.iter().take_while(|char| word_kind(**char) == kind).count().max(1);
    let (word, left) = rest.split_at(length.min(rest.len()));
    *rest = left;
    (kind, word)
}

fn push_capitalised(out: &mut String, kind: WordKind, word: &[char], first: bool) {
    for (index, char) in word.iter().enumerate() {
        if index == 0 && first {
            out.push(upper_char(*char));
        } else if kind == WordKind::Upper && first {
            out.push(lower_char(*char));
        } else {
            out.push(*char);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordKind {
    Upper,
    Lower,
    Number,
    Punctuation,
    Connector,
    Other,
    End,
}

fn word_kind(char: char) -> WordKind {
    match char {
        char if is_connector(char) => WordKind::Connector,
        char if char.is_ascii_punctuation()
            && !matches!(char, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~') =>
        {
            WordKind::Punctuation
        }
        char if char.is_uppercase() => WordKind::Upper,
        char if char.is_alphabetic() => WordKind::Lower,
        char if char.is_numeric() => WordKind::Number,
        _ => WordKind::Other,
    }
}

/// The next word of a name, and its kind.
fn next_word<'a>(rest: &mut &'a [char]) -> (WordKind, &'a [char]) {
    let Some(first) = rest.first() else { return (WordKind::End, &[]) };
    let kind = word_kind(*first);
    let run = |from: usize, kind: WordKind| {
        rest[from..].iter().take_while(|char| word_kind(**char) == kind).count() + from
    };
    let length = match kind {
        WordKind::Upper => match rest.get(1).map(|char| word_kind(*char)) {
            Some(WordKind::Upper) => {
                let end = run(1, WordKind::Upper);
                // The last capital of "HTTPStatus" begins the next word.
                let lower_follows = rest.get(end).is_some_and(|char| word_kind(*char) == WordKind::Lower);
                if lower_follows { end - 1 } else { end }
            }
            Some(WordKind::Lower) => run(1, WordKind::Lower),
            _ => 1,
        },
        other => run(1, other).max(1),
    };
    let (word, left) = rest.split_at(length);
    *rest = left;
    (kind, word)
}

fn push_lower(out: &mut String, kind: WordKind, word: &[char], connector: char) {
    for char in word {
        match kind {
            WordKind::Connector => out.push(connector),
            WordKind::Upper => out.push(lower_char(*char)),
            _ => out.push(*char),
        }
    }
}

/// `HTTPServer2xx` as `http_server_2xx`: capitals begin words, a number belongs to the word before it unless small letters
/// follow.
fn join_words(text: &str, connector: char) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut rest = &chars[..];
    let mut out = String::with_capacity(text.len() + 4);
    let separates =
        |kind: WordKind| !matches!(kind, WordKind::Connector | WordKind::Punctuation | WordKind::End);
    let (mut kind, mut word) = next_word(&mut rest);
    while !rest.is_empty() {
        if kind != WordKind::Connector {
            push_lower(&mut out, kind, word, connector);
        }
        let (before, last) = (kind, word);
        (kind, word) = next_word(&mut rest);
        match before {
            WordKind::Number => {
                while matches!(kind, WordKind::Lower | WordKind::Number) {
                    push_lower(&mut out, kind, word, connector);
                    (kind, word) = next_word(&mut rest);
                }
                if separates(kind) {
                    out.push(connector);
                }
            }
            WordKind::Connector => push_lower(&mut out, before, last, connector),
            WordKind::Punctuation => {}
            _ if kind != WordKind::Number => {
                if separates(kind) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word) = next_word(&mut rest);
                if kind != WordKind::Lower {
                    push_lower(&mut out, WordKind::Number, number, connector);
                    if separates(kind) {
                        out.push(connector);
                    }
                    continue;
                }
                out.push(connector);
                push_lower(&mut out, WordKind::Number, number, connector);
                while matches!(kind, WordKind::Lower | WordKind::Number) {
                    push_lower(&mut out, kind, word, connector);
                    (kind, word) = next_word(&mut rest);
                }
                if separates(kind) {
                    out.push(connector);
                }
            }
        }
    }
    push_lower(&mut out, kind, word, connector);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case_as_in_sprig() {
        assert_eq!(join_words("HTTPServer2xx fooBar", '_'), "http_server_2xx_foo_bar");
        assert_eq!(join_words("FirstName--X1", '-'), "first-name--x1");
        assert_eq!(join_words("FooBar", '_'), "foo_bar");
        assert_eq!(to_pascal("fooBar_baz-qux x"), "FooBarBazQuxX");
        assert_eq!(to_pascal("foo__bar"), "Foo_Bar");
        assert_eq!(to_pascal("FOO1BAR"), "Foo1BAR");
        assert_eq!(to_pascal("HTTPServer"), "Httpserver");
        assert_eq!(to_pascal("fooBAR baz"), "FooBARBaz");
        assert_eq!(to_title("hello wORLD it's"), "Hello WORLD It'S");
    }
}
