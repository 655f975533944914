//! Finds out how a shell's script in a command reads a path among its parameters.

use super::path_argument::{CommandWord, command_reading};
use super::program_syntax::{ArgumentReading, is_option};
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{CommandConnector, SimpleCommand, is_reserved, parse_script_text};

/// A shell in a shell is looked into so many times; what lies deeper counts as a command.
const MAX_SHELL_DEPTH: usize = 4;
/// The shells in which an unquoted variable is one word, whatever it holds.
const WHOLE_VARIABLES: [&str; 7] = ["fish", "zsh", "nu", "elvish", "xonsh", "rc", "es"];
/// The commands after which a parameter has another number.
const RENUMBERING: [&str; 3] = ["shift", "set", "getopts"];

/// The parameters of a script that hold the path.
struct PathParameters {
    numbers: Vec<String>,
    /// True where a variable outside of quotes is split into words.
    are_split: bool,
}

/// How the script reads the path among its parameters, of which the first is `$0`.
pub(super) fn script_reading(
    shell: &str,
    script: &str,
    parameters: &[CommandWord],
    depth: usize,
) -> ArgumentReading {
    let parsed = parse_script_text(script);
    let first_words = || parsed.commands.iter().filter_map(|command| command.words.first());
    let has_functions = script.contains("()") || first_words().any(|word| word.text == "function");
    if depth >= MAX_SHELL_DEPTH || !parsed.is_complete || has_functions {
        return ArgumentReading::Command;
    }
    let is_renumbered = first_words().any(|word| RENUMBERING.contains(&word.text.as_str()));
    let holds = |number: &usize| is_renumbered || parameters.get(*number).is_some_and(|word| word.holds_path);
    let count = if is_renumbered { parameters.len().max(10) } else { parameters.len() };
    let held = PathParameters {
        numbers: (0..count).filter(holds).map(|number| number.to_string()).collect(),
        are_split: !WHOLE_VARIABLES.contains(&shell),
    };
    let read = |command| held.reading_in(command, script, parameters, depth);
    parsed.commands.iter().map(read).max().unwrap_or(ArgumentReading::Data)
}

impl PathParameters {
    fn reading_in(
        &self,
        command: &SimpleCommand,
        script: &str,
        parameters: &[CommandWord],
        depth: usize,
    ) -> ArgumentReading {
        let mut words = Vec::new();
        for word in command.words.iter().skip_while(|word| is_reserved(&word.text) && word.text != "case") {
            let is_held = self.stands_in(word);
            let is_bare = self.are_split && is_held && has_bare_variable(word.span.slice(script));
            if is_bare || (is_held && is_option(&word.text)) {
                return ArgumentReading::Command;
            }
            if word.text == "$@" {
                words.extend_from_slice(parameters.get(1..).unwrap_or_default());
            } else {
                words.push(CommandWord { text: word.text.clone(), holds_path: is_held });
            }
        }
        // What goes into a pipe or a file may be read there as anything.
        let is_text = command.connector == CommandConnector::Pipe
            || (command.only_prints() && !command.redirections.is_empty());
        let is_input =
            command.redirections.iter().any(|it| it.operator == "<<<" && self.stands_in(&it.target));
        if is_input || (is_text && words.iter().any(|word| word.holds_path)) {
            return ArgumentReading::Command;
        }
        command_reading(&words, depth + 1)
    }

    /// True where one of the parameters stands in the word.
    fn stands_in(&self, word: &SpannedWord) -> bool {
        let ends_name = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let is_all = |name: &str| name.starts_with(['@', '*']) || name.starts_with("argv");
        let is_held = |part: &str| match part.strip_prefix('{') {
            Some(inner) => {
                let name = inner.trim_start_matches(['#', '!']);
                let numbered = |number: &String| name.strip_prefix(number.as_str()).is_some_and(ends_name);
                is_all(name) || self.numbers.iter().any(numbered)
            }
            // Without braces a number has one digit.
            None => {
                let numbered = |number: &String| number.len() == 1 && part.starts_with(number.as_str());
                is_all(part) || self.numbers.iter().any(numbered)
            }
        };
        word.has_variables && word.text.split('$').skip(1).any(is_held)
    }
}

/// True where a variable stands outside of double quotes in a word as it is written.
fn has_bare_variable(word: &str) -> bool {
    let (mut is_quoted, mut is_literal) = (false, false);
    let mut bytes = word.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if !is_literal => drop(bytes.next()),
            b'"' if !is_literal => is_quoted = !is_quoted,
            b'\'' if !is_quoted => is_literal = !is_literal,
            b'$' if !is_quoted && !is_literal => return true,
            _ => {}
        }
    }
    false
}
