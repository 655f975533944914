//! Expands the variables and the plain functions of a Makefile.

use super::build_path::absolute_text;
use super::shell_expansion::find_closing;
use super::unknown_text::{ROOT, UNKNOWN, has_unknown, is_unknown, unknown_value};

/// The deepest that variables name each other.
const MAX_DEPTH: usize = 24;
/// The longest text that an expansion makes, in bytes.
const MAX_EXPANDED_BYTES: usize = 64 * 1024;
/// The most values of a loop that are followed.
const MAX_LOOP_VALUES: usize = 100;

/// The values that a recipe sees.
pub(super) trait MakeVariables {
    /// The value as it is written; none where the Makefile does not set it.
    fn raw_value(&self, name: &str) -> Option<String>;

    /// The folder that make runs in.
    fn folder(&self) -> &str;

    /// False where no more is expanded: variables may name each other very often.
    fn spend_step(&self) -> bool;
}

/// The text with its variables expanded. What is not known is marked; `$$` becomes `$`.
pub(super) fn expand_make(text: &str, variables: &dyn MakeVariables) -> String {
    expand_within(text, variables, 0)
}

fn expand_within(text: &str, variables: &dyn MakeVariables, depth: usize) -> String {
    if depth > MAX_DEPTH || !variables.spend_step() {
        return UNKNOWN.to_string();
    }
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$').filter(|_| expanded.len() < MAX_EXPANDED_BYTES) {
        expanded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let mut chars = after.chars();
        match chars.next() {
            None => return expanded,
            Some('$') => {
                expanded.push('$');
                rest = chars.as_str();
            }
            Some(open @ ('(' | '{')) => {
                let inner = chars.as_str();
                let length = find_closing(inner, open, if open == '(' { ')' } else { '}' });
                expanded.push_str(&expand_reference(&inner[..length], variables, depth));
                rest = inner.get(length + 1..).unwrap_or_default();
            }
            Some(name) => {
                let mut bytes = [0; 4];
                expanded.push_str(&variable_value(name.encode_utf8(&mut bytes), variables, depth));
                rest = chars.as_str();
            }
        }
    }
    expanded.push_str(rest);
    expanded
}

fn variable_value(name: &str, variables: &dyn MakeVariables, depth: usize) -> String {
    match name {
        "CURDIR" | "PWD" => return absolute_text(variables.folder()),
        "MAKE" => return "make".to_owned(),
        _ => {}
    }
    let value = variables.raw_value(name).filter(|_| depth < MAX_DEPTH);
    let value = value.map(|raw| expand_within(&raw, variables, depth + 1));
    // What a command says of a platform is a platform.
    value.filter(|value| !is_unknown(value)).unwrap_or_else(|| unknown_value(name))
}

/// The variables within a call or a loop: its own, before those around it.
struct InnerVariables<'a> {
    outer: &'a dyn MakeVariables,
    own: Vec<(String, String)>,
}

impl MakeVariables for InnerVariables<'_> {
    fn raw_value(&self, name: &str) -> Option<String> {
        let own = self.own.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.replace('$', "$$")).or_else(|| self.outer.raw_value(name))
    }

    fn folder(&self) -> &str {
        self.outer.folder()
    }

    fn spend_step(&self) -> bool {
        self.outer.spend_step()
    }
}

/// `$(call NAME,…)`: the text of a variable, with its arguments.
fn call_variable(parts: &[&str], variables: &dyn MakeVariables, depth: usize) -> Option<String> {
    let (name, arguments) = parts.split_first()?;
    let raw = variables.raw_value(expand_within(name, variables, depth).trim())?;
    let values = arguments.iter().map(|argument| expand_within(argument.trim(), variables, depth));
    let own = values.enumerate().map(|(nth, value)| ((nth + 1).to_string(), value)).collect();
    (depth < MAX_DEPTH).then(|| expand_within(&raw, &InnerVariables { outer: variables, own }, depth + 1))
}

/// `$(foreach NAME,LIST,TEXT)`.
fn expand_loop(parts: &[&str], variables: &dyn MakeVariables, depth: usize) -> Option<String> {
    let [name, list, text @ ..] = parts else { return None };
    let (name, text) = (name.trim().to_owned(), text.join(","));
    let list = expand_within(list, variables, depth);
    let each = list.split_whitespace().take(MAX_LOOP_VALUES).map(|value| {
        let own = vec![(name.clone(), value.to_owned())];
        expand_within(&text, &InnerVariables { outer: variables, own }, depth + 1)
    });
    (depth < MAX_DEPTH).then(|| each.collect::<Vec<_>>().join(" "))
}

/// What stands between the brackets: a variable, one with its words replaced, or a function.
fn expand_reference(inner: &str, variables: &dyn MakeVariables, depth: usize) -> String {
    let expand = |text: &str| expand_within(text, variables, depth + 1);
    let name_length = inner.find([' ', '\t', ':']).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_length);
    if rest.is_empty() {
        let name = if name.contains('$') { expand(name) } else { name.to_owned() };
        return variable_value(&name, variables, depth);
    }
    if let Some(replaced) = rest.strip_prefix(':') {
        let Some((from, to)) = replaced.split_once('=') else { return UNKNOWN.to_string() };
        let from = if from.contains('%') { from.to_owned() } else { format!("%{from}") };
        let to = if to.contains('%') { to.to_owned() } else { format!("%{to}") };
        let value = variable_value(name, variables, depth);
        return replace_words(&expand(&from), &expand(&to), &value);
    }
    let rest = rest.trim_start();
    let parts = split_arguments(rest);
    let special = match name {
        "call" => call_variable(&parts, variables, depth),
        "foreach" => expand_loop(&parts, variables, depth),
        // What it makes is read as a part of the Makefile.
        "eval" => Some(format!("\n{}\n", expand(rest))),
        "shell" => shell_text(&expand(rest), variables),
        "origin" => variables.raw_value(rest.trim()).is_none().then(|| "undefined".to_owned()),
        _ => None,
    };
    if let Some(value) = special {
        return value;
    }
    let arguments: Vec<String> = parts.into_iter().map(expand).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    apply_function(name, &words).unwrap_or_else(|| UNKNOWN.to_string())
}

/// The arguments of a function; commas in brackets belong to one.
fn split_arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The value of a function that needs nothing but its arguments; none for any other, and where an argument is not known.
fn apply_function(name: &str, arguments: &[&str]) -> Option<String> {
    let each = |text: &str, change: &dyn Fn(&str) -> String| {
        text.split_whitespace().map(change).collect::<Vec<_>>().join(" ")
    };
    let last_name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    Some(match (name, arguments) {
        ("addprefix", [prefix, words]) => each(words, &|word| format!("{prefix}{word}")),
        ("addsuffix", [suffix, words]) => each(words, &|word| format!("{word}{suffix}")),
        ("notdir", [words]) => each(words, &last_name),
        ("dir", [words]) => each(words, &|word| {
            word.rsplit_once('/').map_or_else(|| "./".to_owned(), |(folder, _)| format!("{folder}/"))
        }),
        ("abspath" | "realpath" | "strip" | "info", [words]) => each(words, &str::to_owned),
        ("firstword", [words]) => words.split_whitespace().next().unwrap_or_default().to_owned(),
        ("lastword", [words]) => words.split_whitespace().last().unwrap_or_default().to_owned(),
        ("subst", [from, to, text]) if !from.is_empty() => text.replace(from, to),
        ("patsubst", [from, to, words]) => replace_words(from.trim(), to.trim(), words),
        ("or", [first, ..]) if !first.trim().is_empty() && !has_unknown(first) => first.trim().to_owned(),
        ("sort", [words]) => {
            let mut words: Vec<&str> = words.split_whitespace().collect();
            words.sort_unstable();
            words.join(" ")
        }
        _ => return None,
    })
}

/// `$(patsubst from,to,words)`.
fn replace_words(from: &str, to: &str, words: &str) -> String {
    let replace = |word: &str| {
        let Some((before, after)) = from.split_once('%') else {
            return if word == from { to.to_owned() } else { word.to_owned() };
        };
        let stem = word.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        stem.map_or_else(|| word.to_owned(), |stem| to.replacen('%', stem, 1))
    };
    words.split_whitespace().map(replace).collect::<Vec<_>>().join(" ")
}

/// What a command prints, for the few that name a folder of the repository.
fn shell_text(command: &str, variables: &dyn MakeVariables) -> Option<String> {
    let command = command.trim();
    if command.starts_with("git rev-parse --show-toplevel") {
        return Some(ROOT.to_string());
    }
    if let Some(path) = command.strip_prefix("dirname ").filter(|path| !path.contains(' ')) {
        return Some(path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned());
    }
    matches!(command, "pwd" | "pwd -P").then(|| absolute_text(variables.folder()))
}
