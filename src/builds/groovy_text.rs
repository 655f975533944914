//! Reads the texts of Groovy in a Jenkinsfile: literals, the variables in them, and sums of both. Nothing is evaluated.

use std::collections::HashMap;

use super::unknown_text::{UNKNOWN, unknown_value};

/// The values of variables, by their names.
pub(super) type GroovyVariables = HashMap<String, String>;

/// The longest expression that is read, in bytes.
const MAX_EXPRESSION_BYTES: usize = 64 * 1024;

/// The length of the literal that a text begins with, its quotes counted; none where it begins with none.
pub(super) fn literal_length(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let mut at = quote.len();
    while at < text.len() {
        if text[at..].starts_with(quote) {
            return Some(at + quote.len());
        }
        let is_escape = text[at..].starts_with('\\');
        at += text[at..].chars().next().map_or(1, char::len_utf8);
        if is_escape {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}

/// The length of a comment that a text begins with, or of nothing.
pub(super) fn comment_length(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    let block = text.strip_prefix("/*");
    block.map_or(0, |inner| inner.find("*/").map_or(text.len(), |end| end + 4))
}

/// The value of literals and variables that are joined by `+`. Anything else is not known.
pub(super) fn evaluate_groovy(expression: &str, variables: &GroovyVariables) -> String {
    let mut value = String::new();
    let mut rest = expression.trim();
    if rest.len() > MAX_EXPRESSION_BYTES {
        return UNKNOWN.to_string();
    }
    loop {
        if let Some(length) = literal_length(rest) {
            value.push_str(&literal_value(&rest[..length], variables));
            rest = rest[length..].trim_start();
            // What a literal is stripped of is only the blanks of its lines.
            for call in [".stripIndent()", ".trim()", ".stripMargin()"] {
                rest = rest.strip_prefix(call).unwrap_or(rest).trim_start();
            }
        } else {
            let length = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
            let name = &rest[..length];
            value.push_str(&variable_value(name, variables));
            rest = rest[length..].trim_start();
        }
        match rest.strip_prefix('+') {
            Some(more) => rest = more.trim_start(),
            None if rest.is_empty() || comment_length(rest) > 0 => return value,
            None => return UNKNOWN.to_string(),
        }
    }
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// The value of a variable; `env.NAME` is that of the environment.
fn variable_value(name: &str, variables: &GroovyVariables) -> String {
    let own = name.strip_prefix("env.").unwrap_or(name);
    variables.get(own).cloned().unwrap_or_else(|| unknown_value(own))
}

/// The value of a literal: in double quotes variables are expanded.
fn literal_value(literal: &str, variables: &GroovyVariables) -> String {
    let width = if literal.starts_with("\"\"\"") || literal.starts_with("'''") { 3 } else { 1 };
    let inner = literal.get(width..literal.len() - width).unwrap_or_default();
    let expands = literal.starts_with('"');
    let mut value = String::new();
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        match c {
            '\\' => {
                let escaped = rest[1..].chars().next();
                match escaped {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    // At the end of a line it joins the next one, to Groovy as to the shell.
                    Some('\n') | None => {}
                    Some(other) => value.push(other),
                }
                rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
            }
            '$' if expands => {
                let after = &rest[1..];
                let (name, length) = match after.strip_prefix('{') {
                    Some(inner) => {
                        inner.split_once('}').map_or((inner, after.len()), |(it, _)| (it, it.len() + 2))
                    }
                    None => {
                        let length = after.find(|c: char| !is_name_part(c)).unwrap_or(after.len());
                        // A dot at the end belongs to the sentence.
                        let name = after[..length].trim_end_matches('.');
                        (name, name.len())
                    }
                };
                if length == 0 {
                    value.push('$');
                } else {
                    value.push_str(&variable_value(name.trim(), variables));
                }
                rest = &after[length..];
            }
            c => {
                value.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{evaluate_groovy, literal_length};
    use crate::builds::unknown_text::has_unknown;

    #[test]
    fn texts_are_joined_and_expanded_as_far_as_they_are_known() {
        let variables = [("NAME".to_owned(), "acme/web".to_owned())].into();
        let value = |text: &str| evaluate_groovy(text, &variables);
        assert_eq!(value("'a' + \"${NAME}:$NAME.\" + env.NAME"), "aacme/web:acme/web.acme/web");
        assert_eq!(value("'$NAME \\'x\\''"), "$NAME 'x'");
        assert_eq!(value("\"\"\"a \\$NAME\n${env.NAME}\"\"\".stripIndent()"), "a $NAME\nacme/web");
        assert!(has_unknown(&value("\"web:${env.BUILD_ID}\"")));
        assert!(has_unknown(&value("name(1)")));
        assert_eq!(literal_length("'''a'b''' c"), Some(9));
        assert_eq!(literal_length("'a"), None);
    }
}
