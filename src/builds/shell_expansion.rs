//! Expands the variables of shell text as far as a build file itself says their values.

use super::build_path::{absolute_text, resolve_path};
use super::unknown_text::{ROOT, UNKNOWN, has_unknown, unknown_value};

/// The longest text that an expansion makes, in bytes.
const MAX_EXPANDED_BYTES: usize = 64 * 1024;

/// The values of a script's variables; none where one is not known.
pub(super) trait ShellVariables {
    /// The value of a variable by its name, `1` and `@` included.
    fn value_of(&self, name: &str) -> Option<String>;

    /// The folder that the script is in at this point, from the repository's root.
    fn folder(&self) -> Option<&str>;
}

/// The deepest that expansions stand in one another.
const MAX_DEPTH: usize = 16;

/// The text with its variables expanded. What is not known is marked.
pub(super) fn expand_shell(text: &str, variables: &dyn ShellVariables) -> String {
    expand_within(text, variables, 0)
}

fn expand_within(text: &str, variables: &dyn ShellVariables, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return UNKNOWN.to_string();
    }
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '`']).filter(|_| expanded.len() < MAX_EXPANDED_BYTES) {
        expanded.push_str(&rest[..at]);
        let (value, length) = expand_one(&rest[at..], variables, depth);
        expanded.push_str(&value);
        rest = &rest[at + length..];
    }
    expanded.push_str(rest);
    expanded
}

/// The value of the expansion that a text begins with, and its length.
fn expand_one(text: &str, variables: &dyn ShellVariables, depth: usize) -> (String, usize) {
    if let Some(inner) = text.strip_prefix('`') {
        let length = inner.find('`').unwrap_or(inner.len());
        return (substitute(&inner[..length], variables, depth + 1), (length + 2).min(text.len()));
    }
    let rest = &text[1..];
    if let Some(inner) = rest.strip_prefix('(') {
        let length = find_closing(inner, '(', ')');
        return (substitute(&inner[..length], variables, depth + 1), (length + 3).min(text.len()));
    }
    if let Some(inner) = rest.strip_prefix('{') {
        let length = find_closing(inner, '{', '}');
        return (expand_parameter(&inner[..length], variables, depth + 1), (length + 3).min(text.len()));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = if rest.starts_with(|c: char| c.is_ascii_digit() || "@*".contains(c)) {
        1
    } else {
        rest.find(|c: char| !is_name(c)).unwrap_or(rest.len())
    };
    match &rest[..length] {
        "" => ("$".to_owned(), 1),
        name => (variables.value_of(name).unwrap_or_else(|| unknown_value(name)), 1 + length),
    }
}

/// The place of the bracket that closes, or the end.
pub(super) fn find_closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return at;
            }
            depth -= 1;
        }
    }
    text.len()
}

/// `NAME`, `NAME:-word` and their kin.
fn expand_parameter(inner: &str, variables: &dyn ShellVariables, depth: usize) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '*');
    let length = inner.find(|c: char| !is_name(c)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(length);
    let operator = operator.strip_prefix("[0]").unwrap_or(operator);
    let value = variables.value_of(name);
    let set = value.as_ref().is_some_and(|value| !value.is_empty());
    let default = operator.strip_prefix(":-").or_else(|| operator.strip_prefix(":="));
    let default = default.or_else(|| operator.strip_prefix(['-', '=']));
    match (default, value) {
        (Some(word), None) => expand_within(word, variables, depth),
        (Some(word), Some(_)) if operator.starts_with(':') && !set => expand_within(word, variables, depth),
        (Some(_), Some(value)) => value,
        (None, Some(value)) if matches!(operator, "" | "[@]" | "[*]") || operator.starts_with(['?']) => value,
        (None, Some(value)) if operator.starts_with(":?") => value,
        (None, Some(value)) if !has_unknown(&value) => strip_pattern(&value, operator),
        _ => unknown_value(name),
    }
}

/// `${NAME%word}` and `${NAME#word}` with words that hold no pattern but a star at the open end.
fn strip_pattern(value: &str, operator: &str) -> String {
    let plain = |word: &str| !word.contains(['*', '?', '[', '$']);
    let result = if let Some(word) = operator.strip_prefix("##*") {
        plain(word).then(|| value.rsplit_once(word).map_or(value, |(_, rest)| rest))
    } else if let Some(word) = operator.strip_prefix("#*") {
        plain(word).then(|| value.split_once(word).map_or(value, |(_, rest)| rest))
    } else if let Some(word) = operator.strip_prefix("%%").and_then(|word| word.strip_suffix('*')) {
        plain(word).then(|| value.split_once(word).map_or(value, |(rest, _)| rest))
    } else if let Some(word) = operator.strip_prefix('%') {
        match word.strip_suffix('*') {
            Some(word) => plain(word).then(|| value.rsplit_once(word).map_or(value, |(rest, _)| rest)),
            None => plain(word).then(|| value.strip_suffix(word).unwrap_or(value)),
        }
    } else if let Some(word) = operator.strip_prefix('#') {
        plain(word).then(|| value.strip_prefix(word).unwrap_or(value))
    } else {
        None
    };
    result.map_or_else(|| UNKNOWN.to_string(), str::to_owned)
}

/// The text that a command prints, for the few that name a folder of the repository.
fn substitute(command: &str, variables: &dyn ShellVariables, depth: usize) -> String {
    let unknown = || UNKNOWN.to_string();
    let command = command.trim();
    let here = || variables.folder().map_or_else(unknown, absolute_text);
    if matches!(command, "pwd" | "pwd -P" | "pwd -L" | "realpath ." | "readlink -f .") {
        return here();
    }
    if command.starts_with("git rev-parse --show-toplevel") || command.starts_with("git root") {
        return ROOT.to_string();
    }
    let words: Vec<&str> = command.split("&&").map(str::trim).collect();
    if let [first, "pwd" | "pwd -P" | "pwd -L"] = words.as_slice()
        && let Some(target) = first.strip_prefix("cd ")
    {
        let target =
            target.trim_start_matches("-- ").trim_end_matches("> /dev/null").trim_end_matches(">/dev/null");
        let target = expand_within(&target.trim().replace('"', ""), variables, depth);
        let folder = variables.folder().and_then(|folder| resolve_path(folder, &target));
        return folder.map_or_else(unknown, |folder| absolute_text(&folder));
    }
    if let Some(path) = command.strip_prefix("dirname ") {
        let path = expand_within(unquote(path.trim_start_matches("-- ").trim()), variables, depth);
        return match path.rsplit_once('/') {
            Some((folder, _)) if !has_unknown(folder) => folder.to_owned(),
            None if !has_unknown(&path) => ".".to_owned(),
            _ => unknown(),
        };
    }
    if let Some(path) = command.strip_prefix("basename ") {
        let path = expand_within(unquote(path.trim()), variables, depth);
        let name = path.rsplit('/').next().unwrap_or_default();
        return if has_unknown(name) || name.contains(' ') { unknown() } else { name.to_owned() };
    }
    for printer in ["realpath ", "readlink -f "] {
        if let Some(path) = command.strip_prefix(printer) {
            return expand_within(unquote(path.trim()), variables, depth);
        }
    }
    unknown()
}

fn unquote(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.or_else(|| text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''))).unwrap_or(text)
}
