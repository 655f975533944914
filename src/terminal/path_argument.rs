//! Finds out how the programs of a command would read a path in it: as a name, as a command, or as a program.

use super::program_syntax::{
    ArgumentReading, ProgramSyntax, ends_cluster, find_syntax, hands_on, is_code_option, is_option,
    program_name, starts_next, starts_text,
};
use super::shell_script;
use super::sourced_path::is_sourced;
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::SimpleCommand;

/// A word of a command, which may hold the path.
#[derive(Clone, Debug)]
pub(super) struct CommandWord {
    pub text: String,
    pub holds_path: bool,
}

/// How the path is read where it stands in the command; of several places the worst.
pub(super) fn path_reading(words: &[CommandWord]) -> ArgumentReading {
    let mut split = Vec::with_capacity(words.len());
    for (nth, word) in words.iter().enumerate() {
        split.extend(split_env_string(&words[..nth], word));
    }
    command_reading(&split, 0)
}

/// The words of a word: several where `env -S` splits it.
fn split_env_string(before: &[CommandWord], word: &CommandWord) -> Vec<CommandWord> {
    let is_split =
        before.last().is_some_and(|last| last.text == "--split-string" || ends_cluster(&last.text, "S"));
    let inline = word.text.strip_prefix("--split-string=").or_else(|| word.text.strip_prefix("-S"));
    match inline.or(is_split.then_some(word.text.as_str())) {
        Some(string) if before.iter().any(|word| program_name(&word.text) == "env") => string
            .split_whitespace()
            .map(|part| CommandWord { text: part.to_owned(), holds_path: word.holds_path })
            .collect(),
        _ => vec![word.clone()],
    }
}

pub(super) fn command_reading(words: &[CommandWord], depth: usize) -> ArgumentReading {
    let places = words.iter().enumerate().filter(|(_, word)| word.holds_path);
    places.map(|(at, _)| word_reading(words, at, depth)).max().unwrap_or(ArgumentReading::Data)
}

fn word_reading(words: &[CommandWord], at: usize, depth: usize) -> ArgumentReading {
    let reading = place_reading(words, at, depth);
    // Code that reads the file in is started with it, whatever its name.
    let is_code = reading == ArgumentReading::Command || is_option(&words[at].text);
    if is_code && is_sourced(&words[at].text) { ArgumentReading::Program } else { reading }
}

fn place_reading(words: &[CommandWord], at: usize, depth: usize) -> ArgumentReading {
    let effective = effective_program(words);
    let before = &words[..at];
    if at < effective {
        // A variable that a shell is given may be anything to its script.
        let is_shell =
            |word: &CommandWord| find_syntax(&program_name(&word.text)).is_some_and(|it| it.is_shell);
        return match is_assignment(&words[at].text) {
            true if words[at..].iter().any(is_shell) => ArgumentReading::Program,
            true => ArgumentReading::Command,
            false => ArgumentReading::Data,
        };
    }
    if at == effective && is_assignment(&words[at].text) {
        return ArgumentReading::Command;
    }
    if at == effective {
        return if edits_for_root(before) { ArgumentReading::Data } else { ArgumentReading::Program };
    }
    for (nth, word) in before.iter().enumerate().filter(|(nth, word)| *nth == 0 || !is_option(&word.text)) {
        let program = program_name(&word.text);
        let after = || before[nth + 1..].iter().map(|word| word.text.as_str());
        if hands_on(&program, after()) {
            let last = before.iter().rposition(|word| !is_option(&word.text)).unwrap_or(nth);
            let is_started =
                last == nth || starts_text(&before[last].text) || starts_text(&before[at - 1].text);
            let is_whole = is_whole_path(&words[at]);
            return if is_started && is_whole { ArgumentReading::Program } else { ArgumentReading::Command };
        }
        if starts_next(&program, after()) {
            return ArgumentReading::Program;
        }
        if let Some(syntax) = find_syntax(&program) {
            let reading = operand_reading(syntax, &words[nth..], at - nth, depth);
            // Further back a word may only look like a program's name.
            let reading = if nth <= effective { reading } else { reading.min(ArgumentReading::Command) };
            return if syntax.is_whole { reading } else { reading.max(option_reading(before)) };
        }
    }
    match option_reading(before) {
        // Of a program that is not known, a terminal perhaps, it may be a command for a shell.
        ArgumentReading::Command if is_whole_path(&words[at]) && starts_text(&words[at - 1].text) => {
            ArgumentReading::Program
        }
        reading => reading,
    }
}

/// True for `NAME=…`.
pub(super) fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name).filter(|name| !name.is_empty());
    name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// True for a word that is nothing but the path.
fn is_whole_path(word: &CommandWord) -> bool {
    let text = word.text.trim_matches(['"', '\'', ' ']);
    matches!(text, "{file}" | "{text}" | "$0" | "$@" | "$*" | "${1}" | "$1" | "$2")
}

/// The index of the program that does the work, behind `sudo`, `env` and the like.
fn effective_program(words: &[CommandWord]) -> usize {
    let spanned = |word: &CommandWord| SpannedWord { text: word.text.clone(), ..SpannedWord::default() };
    let command = SimpleCommand { words: words.iter().map(spanned).collect(), ..SimpleCommand::default() };
    command.effective_invocation().map_or(0, |call| words.len() - call.arguments().len() - 1)
}

/// True for `sudo -e` and `doas -e`, which open a file as another user.
fn edits_for_root(before: &[CommandWord]) -> bool {
    let root = before.iter().rposition(|word| matches!(program_name(&word.text).as_str(), "sudo" | "doas"));
    let options = root.map_or(&[][..], |root| &before[root + 1..]);
    options.iter().any(|word| matches!(word.text.as_str(), "-e" | "--edit"))
}

/// What the options directly before a word make of it, in a program of which nothing is known.
fn option_reading(before: &[CommandWord]) -> ArgumentReading {
    let mut options =
        before.iter().skip(1).rev().take_while(|word| word.text == "+" || is_option(&word.text));
    if options.any(|word| is_code_option(&word.text)) {
        ArgumentReading::Command
    } else {
        ArgumentReading::Data
    }
}

/// How the program that is the first of the words reads the one at `at`.
fn operand_reading(
    syntax: &ProgramSyntax,
    words: &[CommandWord],
    at: usize,
    depth: usize,
) -> ArgumentReading {
    let mut runs_code = false;
    let mut nth = 1;
    while nth < at {
        let word = words[nth].text.as_str();
        let is_named = syntax.code_options.contains(&word) || syntax.script_options.contains(&word);
        if matches!(word, "-" | "--") || !(is_named || is_option(word)) {
            break;
        }
        let takes_code = syntax.takes_code(word);
        let takes_file = syntax.takes_script(word);
        let has_value = (takes_code && !syntax.is_shell) || takes_file || syntax.takes_value(word);
        if has_value && nth + 1 == at {
            return match takes_file {
                true => ArgumentReading::Program,
                false if syntax.is_shell => shell_script::code_reading(&words[at].text),
                false => ArgumentReading::Command,
            };
        }
        // Perl's `-n` and `-p` open a name as its `open` does, which runs one that ends in a pipe.
        if syntax.names.contains(&"perl") && word.contains(['n', 'p']) {
            return ArgumentReading::Command;
        }
        runs_code |= takes_code || syntax.gives_program(word);
        nth += if has_value { 2 } else { 1 };
    }
    let ends_options = |word: &str| word == "--" || (syntax.is_shell && word == "-");
    nth += usize::from(nth < at && ends_options(&words[nth].text));
    match (runs_code, nth >= at) {
        (true, _) if syntax.runs_all => ArgumentReading::Command,
        (true, true) if syntax.is_shell => shell_script::code_reading(&words[at].text),
        (true, false) if syntax.is_shell => {
            let shell = program_name(&words[0].text);
            shell_script::script_reading(&shell, &words[nth].text, &words[nth + 1..], depth)
        }
        (false, true) => syntax.first_operand,
        (true, _) | (false, false) => ArgumentReading::Data,
    }
}
