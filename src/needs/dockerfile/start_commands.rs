//! Follows an image's start, from ENTRYPOINT and CMD through the scripts that they reach, for those who look for what its
//! commands need.

use std::collections::{BTreeMap, BTreeSet};

use super::ImageBuild;
use super::image_files::{ImageScript, find_script};
use super::supervised_programs::find_supervised;
use crate::dockerfile::shell::SimpleCommand;
use crate::dockerfile::{BuildStage, CommandForm, Instruction, SpannedWord, join_path};
use crate::needs::NeedCertainty;
use crate::repo::RelPath;

/// The deepest that scripts are followed that call each other.
const MAX_SCRIPT_DEPTH: usize = 6;
/// The most commands that are followed.
const MAX_COMMANDS: usize = 4000;
/// The folders of programs, in the order in which most images look through them (Docker's default PATH).
const PROGRAM_FOLDERS: [&str; 6] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// A command that runs when the image starts.
#[derive(Clone, Debug)]
pub(super) struct StartCommand {
    pub command: SimpleCommand,
    /// The file that it stands in, with its places.
    pub path: RelPath,
    /// Who runs it: `CMD`, or the script by its name.
    pub runner: String,
    /// Likely where only the name of a script says that it hands on what it is given.
    pub certainty: NeedCertainty,
    /// True where its program is a script of the image's own, whose commands come after it.
    pub is_followed: bool,
}

/// All commands of the start, in the order in which they are reached.
pub(super) fn find_start_commands(build: ImageBuild<'_>) -> Vec<StartCommand> {
    let Some(stage) = build.file().final_stage() else { return Vec::new() };
    let mut reader = StartReader { build, stage, found: Vec::new(), visited: BTreeSet::new() };
    let entrypoint = build.file().instruction_at(stage.environment.entrypoint);
    let cmd = build.file().instruction_at(stage.environment.cmd);
    let handed = cmd.map(|cmd| reader.handed_words(cmd)).unwrap_or_default();
    match (entrypoint, cmd) {
        (Some(entrypoint), _) if matches!(entrypoint.command_form(), Some(CommandForm::Shell(_))) => {
            reader.read_instruction(entrypoint, &HandedWords::default());
        }
        (Some(entrypoint), _) => reader.read_instruction(entrypoint, &handed),
        (None, Some(cmd)) => reader.read_instruction(cmd, &HandedWords::default()),
        (None, None) => {}
    }
    reader.found
}

/// What a script is handed: `"$@"`.
#[derive(Clone, Debug, Default)]
struct HandedWords {
    words: Vec<SpannedWord>,
    /// The commands of a script among them, as of `sh -c`.
    nested: Vec<SimpleCommand>,
}

/// The surroundings of the commands of one script.
#[derive(Clone)]
struct ScriptFrame<'a> {
    path: &'a RelPath,
    runner: &'a str,
    handed: &'a HandedWords,
    /// What the script gave its variables.
    values: BTreeMap<String, String>,
    depth: usize,
    certainty: NeedCertainty,
}

struct StartReader<'a> {
    build: ImageBuild<'a>,
    stage: &'a BuildStage,
    found: Vec<StartCommand>,
    visited: BTreeSet<String>,
}

impl StartReader<'_> {
    /// The words of a CMD as an entrypoint gets them.
    fn handed_words(&self, cmd: &Instruction) -> HandedWords {
        let commands = &self.build.scripts.script_of(cmd).commands;
        match cmd.command_form() {
            Some(CommandForm::Exec(words)) => {
                HandedWords { words: words.clone(), nested: commands.get(1..).unwrap_or_default().to_vec() }
            }
            Some(CommandForm::Shell(span)) => {
                let word =
                    |text: &str| SpannedWord { span: *span, text: text.to_owned(), has_variables: false };
                let script = word(span.slice(self.build.text()));
                HandedWords { words: vec![word("/bin/sh"), word("-c"), script], nested: commands.clone() }
            }
            None => HandedWords::default(),
        }
    }

    fn read_instruction(&mut self, instruction: &Instruction, handed: &HandedWords) {
        let path = self.build.path.clone();
        let frame = ScriptFrame {
            path: &path,
            runner: instruction.keyword.name(),
            handed,
            values: BTreeMap::new(),
            depth: 0,
            certainty: NeedCertainty::Shown,
        };
        let mut commands = self.build.scripts.script_of(instruction).commands.clone();
        if !matches!(instruction.command_form(), Some(CommandForm::Exec(_))) {
            return self.read_commands(commands, frame);
        }
        let Some(first) = commands.first_mut() else { return };
        first.words.extend(handed.words.iter().cloned());
        // What only starts another program starts the CMD.
        let starts_handed =
            first.effective_invocation().is_some_and(|call| call.arguments().len() < handed.words.len());
        self.read_commands(commands, frame.clone());
        if starts_handed {
            self.read_commands(handed.nested.clone(), ScriptFrame { runner: "CMD", ..frame });
        }
    }

    fn read_commands(&mut self, commands: Vec<SimpleCommand>, mut frame: ScriptFrame<'_>) {
        for command in commands {
            if self.found.len() > MAX_COMMANDS {
                return;
            }
            for assignment in command.assignments.iter().filter(|_| command.words.is_empty()) {
                if let Some((name, value)) = assignment.text.split_once('=') {
                    frame.values.insert(name.to_owned(), value.to_owned());
                }
            }
            self.read_command(command, &frame);
        }
    }

    fn read_command(&mut self, mut command: SimpleCommand, frame: &ScriptFrame<'_>) {
        let hands_on = self.substitute_words(&mut command, frame);
        self.found.push(StartCommand {
            command: command.clone(),
            path: frame.path.clone(),
            runner: frame.runner.to_owned(),
            certainty: frame.certainty,
            is_followed: false,
        });
        let own = self.found.len() - 1;
        if hands_on {
            self.read_nested(frame);
        }
        // `set -- gosu app "$@"` puts together what `exec "$@"` then runs.
        let is_set = |at: usize, text: &str| command.words.get(at).is_some_and(|word| word.text == text);
        if is_set(0, "set") && is_set(1, "--") {
            let words = command.words.split_off(2);
            if words.first().is_some_and(|word| !word.text.starts_with(['-', '$'])) {
                self.read_command(SimpleCommand { words, ..command }, frame);
            }
            return;
        }
        self.follow_command(&command, own, frame);
    }

    /// The scripts within what was handed on.
    fn read_nested(&mut self, frame: &ScriptFrame<'_>) {
        let nested = frame.handed.nested.clone();
        if frame.depth < MAX_SCRIPT_DEPTH && !nested.is_empty() {
            let (path, empty) = (self.build.path.clone(), HandedWords::default());
            let inner = ScriptFrame {
                path: &path,
                runner: "CMD",
                handed: &empty,
                values: BTreeMap::new(),
                depth: frame.depth + 1,
                certainty: frame.certainty,
            };
            self.read_commands(nested, inner);
        }
    }

    /// Goes on into the script that a command starts.
    fn follow_command(&mut self, command: &SimpleCommand, own: usize, frame: &ScriptFrame<'_>) {
        let Some(call) = command.effective_invocation().filter(|_| frame.depth < MAX_SCRIPT_DEPTH) else {
            return;
        };
        for program in find_supervised(self.build, self.stage, call) {
            let inner = ScriptFrame {
                path: &program.path,
                runner: &program.runner,
                handed: &HandedWords::default(),
                values: BTreeMap::new(),
                depth: frame.depth + 1,
                certainty: frame.certainty,
            };
            self.read_commands(program.commands, inner);
        }
        let takes_script = SHELLS.contains(&call.name()) || matches!(call.name(), "." | "source");
        let program = if takes_script {
            let Some(script) = call.operands(&["-o"]).next() else { return };
            script
        } else {
            call.program_word()
        };
        let at = command.words.iter().position(|word| word == program).unwrap_or_default();
        let words = command.words.get(at + 1..).unwrap_or_default().to_vec();
        let handed = HandedWords { words, nested: frame.handed.nested.clone() };
        let Some((name, script)) = self.find_program(&program.text) else {
            return self.follow_unknown(&program.text, command, &handed, frame);
        };
        self.found[own].is_followed = true;
        if !self.visited.insert(name.clone()) {
            return;
        }
        let name = name.rsplit('/').next().unwrap_or(&name);
        let inner = ScriptFrame {
            path: &script.path,
            runner: name,
            handed: &handed,
            values: BTreeMap::new(),
            depth: frame.depth + 1,
            certainty: frame.certainty,
        };
        self.read_commands(script.commands, inner);
    }

    /// A script that cannot be read mostly hands on what it is given, where it is named as one that does.
    fn follow_unknown(
        &mut self,
        program: &str,
        command: &SimpleCommand,
        handed: &HandedWords,
        frame: &ScriptFrame<'_>,
    ) {
        if frame.depth > 0 || !program.contains("entrypoint") || handed.words.is_empty() {
            return;
        }
        let words = handed.words.clone();
        if words[0].text.starts_with('-') {
            return;
        }
        let inner = ScriptFrame { certainty: NeedCertainty::Likely, depth: frame.depth + 1, ..frame.clone() };
        self.read_commands(vec![SimpleCommand { words, ..command.clone() }], inner.clone());
        self.read_commands(handed.nested.clone(), inner);
    }

    /// The script of a program, with its path in the image.
    fn find_program(&self, program: &str) -> Option<(String, ImageScript)> {
        let program = self.fill_variables(program, &BTreeMap::new());
        if program.contains(['$', '*', '"']) || program.is_empty() {
            return None;
        }
        if program.contains('/') {
            let path = self.build.absolute_path(self.stage, self.stage.instructions.end, &program);
            let script = find_script(self.build, self.stage, &path)?;
            return Some((path, script));
        }
        let own = self.build.variable(self.stage, "PATH").unwrap_or_default();
        let folders = own.split(':').filter(|folder| folder.starts_with('/')).chain(PROGRAM_FOLDERS);
        let paths = folders.map(|folder| join_path(folder.trim_end_matches('/'), &program));
        paths.into_iter().find_map(|path| {
            let script = find_script(self.build, self.stage, &path)?;
            Some((path, script))
        })
    }

    /// Puts what is handed on in the place of `"$@"`, and values that are known in that of variables. True where words are
    /// handed on.
    fn substitute_words(&self, command: &mut SimpleCommand, frame: &ScriptFrame<'_>) -> bool {
        let mut hands_on = false;
        let mut words = Vec::with_capacity(command.words.len());
        for word in std::mem::take(&mut command.words) {
            if !word.has_variables {
                words.push(word);
            } else if matches!(word.text.as_str(), "$@" | "$*" | "${@}" | "${*}") {
                hands_on = true;
                let span = word.span;
                let is_script = *frame.path != *self.build.path;
                // The words stand in another file: the place is that of what hands them on.
                words.extend(frame.handed.words.iter().map(|handed| SpannedWord {
                    span: if is_script { span } else { handed.span },
                    ..handed.clone()
                }));
            } else {
                let text = self.fill_variables(&word.text, &frame.values);
                let is_variable = word.text.starts_with('$') && !word.text.starts_with("$(");
                let parts = text.split_whitespace().filter(|_| is_variable);
                let parts: Vec<&str> = parts.collect();
                let made = |text: &str| SpannedWord {
                    span: word.span,
                    text: text.to_owned(),
                    has_variables: text.contains('$'),
                };
                if parts.is_empty() {
                    words.push(made(&text));
                } else {
                    words.extend(parts.into_iter().map(made));
                }
            }
        }
        command.words = words;
        hands_on
    }

    /// The text with its plain variables filled in, as far as their values are known.
    fn fill_variables(&self, text: &str, values: &BTreeMap<String, String>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let (name, length) = variable_name(after);
            let value = values.get(name).filter(|value| !value.contains('$')).cloned();
            match value.or_else(|| self.build.variable(self.stage, name)).filter(|_| length > 0) {
                Some(value) => out.push_str(&value),
                None => out.push_str(&rest[at..at + 1 + length]),
            }
            rest = &after[length..];
        }
        out.push_str(rest);
        out
    }
}

/// The name of the variable that begins here, and the length of all that names it; of `${NAME:-x}` no name.
fn variable_name(after: &str) -> (&str, usize) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(body) = after.strip_prefix('{') {
        let Some(end) = body.find('}') else { return ("", 0) };
        let name = &body[..end];
        return if name.chars().all(is_name) { (name, end + 2) } else { ("", end + 2) };
    }
    let length = after.find(|c| !is_name(c)).unwrap_or(after.len());
    (&after[..length], length)
}
