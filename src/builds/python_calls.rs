//! Reads the calls in a Tiltfile whose arguments are plain texts. Nothing is evaluated.

use std::collections::HashMap;

use super::unknown_text::UNKNOWN;

/// A call of a function by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PythonCall {
    pub name: String,
    pub line: usize,
    /// The arguments without a name, expanded.
    pub positional: Vec<String>,
    pub named: HashMap<String, String>,
    /// Those of them that are lists, by their names or their places, with what stands in them.
    pub lists: HashMap<String, Vec<String>>,
}

/// The most mentions of a function that are looked at.
const MAX_CALLS: usize = 500;
/// The longest arguments of a call that are read, in bytes.
const MAX_CALL_BYTES: usize = 16 * 1024;

/// The calls of these functions, in the order of the text, with the values of variables that are set once to a text.
pub(super) fn find_python_calls(text: &str, names: &[&str]) -> Vec<PythonCall> {
    let variables = read_variables(text);
    let mut calls = Vec::new();
    for name in names {
        for (at, _) in text.match_indices(name).take(MAX_CALLS) {
            let before = text[..at].chars().next_back();
            let is_word =
                before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '"' | '\''));
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let leading = &text[line_start..at];
            let rest = text[at + name.len()..].trim_start();
            let Some(arguments) = rest.strip_prefix('(') else { continue };
            if is_word || leading.contains('#') || leading.trim_start().starts_with("def ") {
                continue;
            }
            let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
            let call = PythonCall { name: (*name).to_owned(), line, ..PythonCall::default() };
            calls.push(call.with_arguments(arguments, &variables));
        }
    }
    calls.sort_by_key(|call| call.line);
    calls
}

/// The variables that are set to a text, once in the whole file.
fn read_variables(text: &str) -> HashMap<String, String> {
    let mut variables = HashMap::new();
    for line in text.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name || value.starts_with('=') {
            continue;
        }
        let value = evaluate_text(value.trim(), &variables);
        let is_again = variables.contains_key(name);
        variables.insert(name.to_owned(), if is_again { UNKNOWN.to_string() } else { value });
    }
    variables
}

impl PythonCall {
    /// The same with the arguments up to the bracket that closes the call.
    fn with_arguments(mut self, text: &str, variables: &HashMap<String, String>) -> Self {
        for argument in split_arguments(text) {
            let argument = argument.trim();
            if argument.is_empty() {
                continue;
            }
            let name_length = argument.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(0);
            let after = argument[name_length..].trim_start();
            let value = after.strip_prefix('=').filter(|rest| name_length > 0 && !rest.starts_with('='));
            let (name, value) = match value {
                Some(value) => (argument[..name_length].to_owned(), value.trim()),
                None => (self.positional.len().to_string(), argument),
            };
            if let Some(inner) = value.strip_prefix('[') {
                let items = split_arguments(inner).into_iter().map(str::trim).filter(|item| !item.is_empty());
                self.lists.insert(name.clone(), items.map(|item| evaluate_text(item, variables)).collect());
            }
            let value_text = evaluate_text(value, variables);
            match value == argument {
                true => self.positional.push(value_text),
                false => drop(self.named.insert(name, value_text)),
            }
        }
        self
    }

    /// The list that is given by name, or at a place.
    pub(super) fn list(&self, position: usize, name: &str) -> Option<&[String]> {
        self.lists.get(name).or_else(|| self.lists.get(&position.to_string())).map(Vec::as_slice)
    }
}

fn split_arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).filter(|_| at < MAX_CALL_BYTES) {
        match byte {
            b'\'' | b'"' => at += quoted_length(&text[at..]) - 1,
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at).saturating_sub(1),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' if depth == 0 => {
                parts.push(&text[start..at]);
                return parts;
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts
}

/// The length of a text in quotes, with them; triple quotes are taken whole.
fn quoted_length(text: &str) -> usize {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    if text.starts_with(&triple) {
        return text[3..].find(&triple).map_or(text.len(), |end| end + 6);
    }
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !is_escaped && text[at..].starts_with(quote) {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len().max(1)
}

/// The value of texts and variables joined by `+`; anything else is not known.
fn evaluate_text(expression: &str, variables: &HashMap<String, String>) -> String {
    let mut value = String::new();
    let mut rest = expression.trim();
    loop {
        if rest.starts_with(['"', '\'']) {
            let length = quoted_length(rest);
            value.push_str(rest[..length].trim_matches(['"', '\'']));
            rest = rest[length..].trim_start();
        } else {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            match variables.get(&rest[..length]) {
                Some(known) => value.push_str(known),
                None => value.push(UNKNOWN),
            }
            rest = rest[length..].trim_start();
        }
        match rest.strip_prefix('+') {
            Some(more) => rest = more.trim_start(),
            None if rest.is_empty() || rest.starts_with('#') => return value,
            None => return UNKNOWN.to_string(),
        }
    }
}
