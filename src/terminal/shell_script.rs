//! Finds out how a shell's script in a command reads a path among its parameters.

use super::path_argument::{CommandWord, command_reading, is_assignment};
use super::program_syntax::{ArgumentReading, find_syntax, is_option, program_name};
use super::script_doubts::may_hand_on;
use super::sourced_path::{is_parameter, is_sourced};
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{
    CommandConnector, Redirection, SimpleCommand, is_reserved, parse_script_text,
};

/// A shell in a shell is looked into so many times; what lies deeper counts as a command.
const MAX_SHELL_DEPTH: usize = 4;
/// The shells in which an unquoted variable is one word, whatever it holds.
const WHOLE_VARIABLES: [&str; 7] = ["fish", "zsh", "nu", "elvish", "xonsh", "rc", "es"];
/// The commands after which a parameter has another number.
const RENUMBERING: [&str; 3] = ["shift", "set", "getopts"];
/// The commands that put their words into variables, or evaluate them as names.
const KEEPING: [&str; 16] = [
    "export", "declare", "typeset", "local", "readonly", "let", "set", "setenv", "var", "mut", "const",
    "unset", "bind", "complete", "compgen", "fc",
];
/// The options of a test, and of `printf`, that evaluate a word.
const EVALUATING_OPTIONS: [&str; 8] = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R"];
/// The variables that a shell sets itself from what was last named.
const OWN_VARIABLES: [&str; 6] = ["_", "PWD", "OLDPWD", "BASH_ARGV", "BASH_COMMAND", "BASH_EXECUTION_STRING"];

/// The parameters of a script that hold the path.
struct PathParameters {
    numbers: Vec<String>,
    /// True where a variable outside of quotes is split into words.
    are_split: bool,
    /// True where something in the script runs what it is given as input.
    pipes_into_language: bool,
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
        pipes_into_language: parsed.commands.iter().any(starts_language),
    };
    let read = |command| held.reading_in(command, script, parameters, depth);
    let doubt = if may_hand_on(script, &parsed) { ArgumentReading::Command } else { ArgumentReading::Data };
    parsed.commands.iter().map(read).fold(doubt, ArgumentReading::max)
}

/// How a shell reads a script with the path in its text: it may start the path.
pub(super) fn code_reading(script: &str) -> ArgumentReading {
    let holds_path = |text: &str| {
        text.contains("{file}") || text.contains("{text}") || text.split('$').skip(1).any(is_parameter)
    };
    let word =
        |word: &SpannedWord| CommandWord { text: word.text.clone(), holds_path: holds_path(&word.text) };
    let read = |command: &SimpleCommand| {
        let words: Vec<_> =
            command.words.iter().skip_while(|word| begins_nothing(&word.text)).map(word).collect();
        let reading = command_reading(&words, MAX_SHELL_DEPTH);
        let is_read = command.redirections.iter().any(|it| it.operator == "<" && holds_path(&it.target.text));
        if is_read && starts_language(command) { ArgumentReading::Program } else { reading }
    };
    parse_script_text(script).commands.iter().map(read).fold(ArgumentReading::Command, ArgumentReading::max)
}

/// True for a reserved word before a command.
fn begins_nothing(word: &str) -> bool {
    is_reserved(word) && !matches!(word, "case" | "[[")
}

/// True for a command that runs what it is given as input.
fn starts_language(command: &SimpleCommand) -> bool {
    let program = command.effective_invocation().map(|call| program_name(call.name()));
    let syntax = program.and_then(|name| find_syntax(&name));
    syntax.is_some_and(|syntax| syntax.first_operand == ArgumentReading::Program)
}

impl PathParameters {
    fn reading_in(
        &self,
        command: &SimpleCommand,
        script: &str,
        parameters: &[CommandWord],
        depth: usize,
    ) -> ArgumentReading {
        if command.assignments.iter().any(|word| self.stands_in(word)) {
            return ArgumentReading::Command;
        }
        let mut words = Vec::new();
        for word in command.words.iter().skip_while(|word| begins_nothing(&word.text)) {
            let is_held = self.stands_in(word);
            let is_bare = self.are_split && is_held && has_bare_variable(word.span.slice(script));
            if is_bare || (is_held && is_option(&word.text)) {
                let is_code = is_sourced(&word.text);
                return if is_code { ArgumentReading::Program } else { ArgumentReading::Command };
            }
            let all = parameters.get(1..).unwrap_or_default();
            if word.text == "$@" {
                words.extend_from_slice(all);
            } else if word.text == "$*" {
                let texts: Vec<&str> = all.iter().map(|word| word.text.as_str()).collect();
                words.push(CommandWord { text: texts.join(" "), holds_path: is_held });
            } else {
                words.push(CommandWord { text: word.text.clone(), holds_path: is_held });
            }
        }
        let is_input = |it: &Redirection| matches!(it.operator, "<" | "<<<") && self.stands_in(&it.target);
        let is_run = command.redirections.iter().any(is_input) && starts_language(command);
        let is_piped =
            command.connector == CommandConnector::Pipe && words.iter().any(|word| word.holds_path);
        if is_run || (is_piped && self.pipes_into_language) {
            return ArgumentReading::Program;
        }
        let doubt = if keeps_word(&words) { ArgumentReading::Command } else { ArgumentReading::Data };
        command_reading(&words, depth + 1).max(doubt)
    }

    /// True where one of the parameters stands in the word.
    fn stands_in(&self, word: &SpannedWord) -> bool {
        let ends_name = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let is_own =
            |name: &str| OWN_VARIABLES.iter().any(|own| name.strip_prefix(own).is_some_and(ends_name));
        let is_all = |name: &str| {
            name.starts_with(['@', '*'])
                || name.starts_with("argv")
                || name.starts_with("args")
                || is_own(name)
        };
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

/// True where the command keeps a word with the path in a variable, or evaluates it: `export M="$1"`, `env M="$1"`,
/// `test -v "$1"`.
fn keeps_word(words: &[CommandWord]) -> bool {
    let names = |program: &str| words.iter().any(|word| word.text == program);
    let tests = ["test", "[", "[[", "printf"].into_iter().any(names);
    let evaluates = tests && EVALUATING_OPTIONS.into_iter().any(names);
    let held = || words.iter().filter(|word| word.holds_path);
    held().any(|word| is_assignment(&word.text))
        || (held().next().is_some() && (evaluates || KEEPING.into_iter().any(names)))
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
