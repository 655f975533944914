//! Writes a path or a name into formats that have their own signs: a shell's word, git's header lines.

use std::borrow::Cow;

use super::make_printable;

/// True for a text that no shell, no editor's command line, no line format and no list of options reads as more than itself.
#[must_use]
pub fn is_plain_path(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '+'])
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._+-".contains(&byte))
}

/// The text as one word of a POSIX shell, which takes it for data whatever it holds; a picture stands for what would
/// steer a terminal on the way there.
#[must_use]
pub fn quote_shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._+-:=@,%".contains(&byte);
    if !text.is_empty() && !text.starts_with('=') && text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", make_printable(text).replace('\'', r"'\''")))
}

/// The path as git writes it where a line holds nothing else beside it: in quotes, with C's escapes, where it holds a
/// quote, a backslash, a control character or what is not ASCII (`core.quotePath`); as it is otherwise.
#[must_use]
pub fn quote_git_path(path: &str) -> Cow<'_, str> {
    let needs_escape = |byte: &u8| matches!(byte, 0..=0x1f | b'"' | b'\\' | 0x7f..);
    if !path.bytes().any(|byte| needs_escape(&byte)) {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len() + 8);
    out.push('"');
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            0x07 => out.push_str("\\a"),
            0x08 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            byte if needs_escape(&byte) => out.push_str(&format!("\\{byte:03o}")),
            byte => out.push(char::from(byte)),
        }
    }
    out.push('"');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_shell_is_data() {
        for (text, word) in [
            ("registry.example/api:v1@sha256", "registry.example/api:v1@sha256"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(id)", "'$(id)'"),
            ("it's", r"'it'\''s'"),
            ("~root", "'~root'"),
            ("a\nb\u{1b}", "'a␊b␛'"),
            ("=ls", "'=ls'"),
        ] {
            assert_eq!(quote_shell_word(text), word);
        }
    }

    #[test]
    fn a_path_is_quoted_as_git_quotes_it() {
        for (path, quoted) in [
            ("a b/c,d:e.yaml", "a b/c,d:e.yaml"),
            ("a\nb", r#""a\nb""#),
            ("a\t\"\\\r\u{7}\u{8}\u{b}\u{c}", r#""a\t\"\\\r\a\b\v\f""#),
            ("\u{1b}[2J\u{7f}", r#""\033[2J\177""#),
            ("gr\u{f6}\u{df}e", r#""gr\303\266\303\237e""#),
        ] {
            assert_eq!(quote_git_path(path), quoted);
        }
    }
}
