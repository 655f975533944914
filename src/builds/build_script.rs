//! Follows a shell script as far as its text says what it does, and finds the images that it builds. Nothing is run.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::build_command::{BuildCommand, read_build_command, read_tag_command};
use super::build_path::{absolute_text, resolve_path};
use super::image_claim::BuildRecipe;
use super::script_blocks::{ScriptBlock, ScriptBlockKind, find_script_blocks};
use super::shell_expansion::{ShellVariables, expand_shell};
use super::unknown_text::{UNKNOWN, has_unknown, unknown_value};
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{CommandConnector, SimpleCommand, parse_script_text};

/// The most commands that are followed in one script, loops and functions counted each time.
const MAX_STEPS: usize = 4_000;
/// The deepest that functions and other scripts are followed.
const MAX_DEPTH: usize = 6;
/// The most values of a loop that are followed.
const MAX_LOOP_VALUES: usize = 100;

/// An image that a script builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptBuild {
    /// The names of the image, expanded.
    pub images: Vec<String>,
    pub recipe: BuildRecipe,
    /// The line of the command, or of the call that leads to it.
    pub line: usize,
}

/// A script's text, with its blocks.
struct ScriptText {
    text: String,
    /// The number of its first line.
    first_line: usize,
    /// True for the file itself, and not one that it reads.
    is_own: bool,
    commands: Vec<SimpleCommand>,
    blocks: Vec<ScriptBlock>,
}

/// Reads other scripts by their paths in the repository.
pub(super) type ReadScript<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A run of a script, without anything being run.
pub(super) struct ScriptRun<'a> {
    variables: HashMap<String, String>,
    arguments: Vec<String>,
    /// The folder it is in; none once that is not known.
    folder: Option<String>,
    /// The folders to which `popd` goes back.
    folder_stack: Vec<Option<String>>,
    functions: HashMap<String, (Rc<ScriptText>, Range<usize>)>,
    called: Vec<String>,
    /// The path of the script itself.
    script: Option<String>,
    read: ReadScript<'a>,
    builds: Vec<ScriptBuild>,
    tags: Vec<(String, String)>,
    steps: usize,
    depth: usize,
    /// The line in the outermost script from which a function or another script is run.
    outer_line: Option<usize>,
}

impl ScriptText {
    fn line_at(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        self.first_line + memchr::memchr_iter(b'\n', before.as_bytes()).count()
    }
}

impl ShellVariables for ScriptRun<'_> {
    fn value_of(&self, name: &str) -> Option<String> {
        match name {
            "PWD" => self.folder.as_deref().map(absolute_text),
            "0" | "BASH_SOURCE" => self.script.as_deref().map(absolute_text),
            "@" | "*" => (!self.arguments.is_empty()).then(|| self.arguments.join(" ")),
            _ => match name.parse::<usize>() {
                Ok(nth) => self.arguments.get(nth.checked_sub(1)?).cloned(),
                Err(_) => self.variables.get(name).cloned(),
            },
        }
    }

    fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }
}

impl<'a> ScriptRun<'a> {
    /// A run that begins in a folder with these variables.
    pub(super) fn new(folder: &str, variables: HashMap<String, String>, read: ReadScript<'a>) -> Self {
        Self {
            variables,
            arguments: Vec::new(),
            folder: Some(folder.to_owned()),
            folder_stack: Vec::new(),
            functions: HashMap::new(),
            called: Vec::new(),
            script: None,
            read,
            builds: Vec::new(),
            tags: Vec::new(),
            steps: 0,
            depth: 0,
            outer_line: None,
        }
    }

    /// The same of a script that lies at a path.
    pub(super) fn of_script(self, path: &str) -> Self {
        Self { script: Some(path.to_owned()), ..self }
    }

    /// Follows a text that begins at a line of its file, in a folder of its own.
    pub(super) fn follow_alone(&mut self, text: &str, first_line: usize) {
        let folder = self.folder.clone();
        self.follow_text(text, first_line);
        self.folder = folder;
    }

    /// Follows a text, as the shell goes on in it.
    pub(super) fn follow_text(&mut self, text: &str, first_line: usize) {
        let commands = parse_script_text(text).commands;
        let (text, blocks, is_own) = (text.to_owned(), find_script_blocks(text), self.depth == 0);
        let script = Rc::new(ScriptText { text, first_line, is_own, commands, blocks });
        for block in &script.blocks {
            if let ScriptBlockKind::Function(name) = &block.kind {
                self.functions.insert(name.clone(), (Rc::clone(&script), block.range.clone()));
            }
        }
        self.run_range(&script, &(0..script.text.len()), None);
    }

    /// The images that the texts build.
    pub(super) fn into_builds(mut self) -> Vec<ScriptBuild> {
        // Functions that are called from elsewhere may need no argument.
        let uncalled =
            self.functions.iter().filter(|(name, (script, _))| script.is_own && !self.called.contains(name));
        let mut uncalled: Vec<String> = uncalled.map(|(name, _)| name.clone()).collect();
        uncalled.sort_unstable();
        uncalled.into_iter().for_each(|name| self.call_function(&name, Vec::new(), None));
        for (old, new) in std::mem::take(&mut self.tags) {
            for build in self.builds.iter_mut().filter(|build| build.images.contains(&old)) {
                build.images.push(new.clone());
            }
        }
        self.builds
    }

    /// Follows the commands within a range, but for those of functions inside of it.
    fn run_range(&mut self, script: &Rc<ScriptText>, range: &Range<usize>, within: Option<&ScriptBlock>) {
        let start = script.commands.partition_point(|command| command.span.start < range.start);
        let mut done = range.start;
        let mut scoped: Option<(usize, Option<String>)> = None;
        for (at, command) in script.commands.iter().enumerate().skip(start) {
            let offset = command.span.start;
            if offset >= range.end || self.steps > MAX_STEPS {
                break;
            }
            if let Some((end, folder)) = scoped.take_if(|(end, _)| offset >= *end) {
                let _ = end;
                self.folder = folder;
            }
            if offset < done {
                continue;
            }
            let inner = script.blocks.iter().filter(|block| block.range.contains(&offset));
            let mut inner = inner.filter(|block| {
                let is_outer = within.is_some_and(|within| block.range.start <= within.range.start);
                !is_outer && block.range.start >= range.start && block.kind != ScriptBlockKind::Branch
            });
            if let Some(block) = inner.next() {
                done = block.range.end;
                if let ScriptBlockKind::Loop { variable, values } = &block.kind {
                    self.run_loop(script, block, variable, values);
                }
                continue;
            }
            if scoped.is_none() && begins_subshell(&script.text, offset) {
                let end = script.text[offset..].find('\n').map_or(script.text.len(), |end| offset + end);
                scoped = Some((end, self.folder.clone()));
            }
            self.steps += 1;
            self.run_command(script, at, command);
        }
        if let Some((_, folder)) = scoped {
            self.folder = folder;
        }
    }

    fn run_loop(&mut self, script: &Rc<ScriptText>, block: &ScriptBlock, variable: &str, values: &str) {
        let values = expand_shell(values, self);
        for value in values.split_whitespace().take(MAX_LOOP_VALUES) {
            let value = value.trim_matches(['"', '\'']);
            let value =
                if value.contains(['*', '?', '{', '[']) { unknown_value(variable) } else { value.to_owned() };
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            self.variables.insert(variable.to_owned(), value);
            self.run_range(script, &block.range, Some(block));
        }
    }

    fn run_command(&mut self, script: &Rc<ScriptText>, at: usize, command: &SimpleCommand) {
        let text = script.text.as_str();
        if command.words.is_empty() {
            for word in &command.assignments {
                self.assign_variable(script, command.span.start, &word.text, word);
            }
            return;
        }
        let words = self.expand_words(text, &command.words);
        let Some((program, rest)) = words.split_first() else { return };
        match program.as_str() {
            "export" | "local" | "declare" | "readonly" | "typeset" => {
                for word in command.words.iter().skip(1).filter(|word| !word.text.starts_with('-')) {
                    self.assign_variable(script, command.span.start, &word.text, word);
                }
            }
            "cd" | "pushd" => {
                if program == "pushd" {
                    self.folder_stack.push(self.folder.clone());
                }
                let target = rest.iter().find(|word| !word.starts_with('-'));
                let from = self.folder.take();
                self.folder = from.zip(target).and_then(|(folder, target)| resolve_path(&folder, target));
            }
            "popd" => self.folder = self.folder_stack.pop().flatten(),
            "shift" => {
                let count = rest.first().and_then(|count| count.parse().ok()).unwrap_or(1);
                self.arguments.drain(..self.arguments.len().min(count));
            }
            "." | "source" => self.source_script(rest.first(), script.line_at(command.span.start)),
            name if self.functions.contains_key(name) => {
                let name = name.to_owned();
                self.call_function(&name, rest.to_vec(), Some(script.line_at(command.span.start)));
            }
            _ => self.note_build(script, at, command, &words),
        }
    }

    fn note_build(&mut self, script: &ScriptText, at: usize, command: &SimpleCommand, words: &[String]) {
        if let Some((old, new)) = read_tag_command(words) {
            return self.tags.push((old.to_owned(), new.to_owned()));
        }
        let Some(build) = read_build_command(words) else { return };
        let input = self.input_of(script, at, command);
        let recipe = self
            .folder
            .as_deref()
            .map_or(BuildRecipe::Unknown, |folder| build.recipe_in(folder, input.as_deref()));
        let BuildCommand { images, .. } = build;
        let line = self.outer_line.unwrap_or_else(|| script.line_at(command.span.start));
        self.builds.push(ScriptBuild { images, recipe, line });
    }

    /// The file that a command reads: `< file`, or `cat file |` before it.
    fn input_of(&self, script: &ScriptText, at: usize, command: &SimpleCommand) -> Option<String> {
        let redirected = command.redirections.iter().find(|redirection| redirection.operator == "<");
        if let Some(redirection) = redirected {
            return Some(expand_shell(&redirection.target.text, self));
        }
        let before = script.commands.get(at.checked_sub(1)?)?;
        let pipes = before.connector == CommandConnector::Pipe && before.pipeline == command.pipeline;
        match self.expand_words(&script.text, &before.words).as_slice() {
            [cat, file] if cat == "cat" && pipes => Some(file.clone()),
            _ => None,
        }
    }

    fn expand_words(&self, text: &str, words: &[SpannedWord]) -> Vec<String> {
        let expand = |word: &SpannedWord| {
            if !word.has_variables {
                return vec![word.text.clone()];
            }
            let value = expand_shell(&word.text, self);
            let is_quoted = word.span.slice(text).starts_with(['"', '\'']);
            if is_quoted || !value.contains(char::is_whitespace) {
                return vec![value];
            }
            value.split_whitespace().map(|part| part.trim_matches(['"', '\'']).to_owned()).collect()
        };
        words.iter().flat_map(expand).collect()
    }

    /// Assigns a variable. One that a branch gives another value is not known any more.
    fn assign_variable(&mut self, script: &ScriptText, offset: usize, text: &str, word: &SpannedWord) {
        let Some((name, value)) = text.split_once('=') else { return };
        let (name, is_added) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
        let value = if word.has_variables { expand_shell(value, self) } else { value.to_owned() };
        let value = match value.as_str() {
            // An array: what stands in its brackets is read as text.
            "" if script.text[word.span.end.min(script.text.len())..].starts_with('(') => {
                let inner = &script.text[word.span.end + 1..];
                let inner = inner.split(')').next().unwrap_or_default();
                expand_shell(inner, self).replace(['"', '\'', '\n'], " ")
            }
            _ => value,
        };
        let known = self.variables.get(name);
        let value = match known {
            Some(known) if is_added => format!("{known}{value}"),
            Some(known) if *known != value && self.is_conditional(script, offset) => unknown_value(name),
            _ => value,
        };
        self.variables.insert(name.to_owned(), value);
    }

    fn is_conditional(&self, script: &ScriptText, offset: usize) -> bool {
        let mut around = script.blocks.iter().filter(|block| block.range.contains(&offset));
        around.any(|block| block.kind == ScriptBlockKind::Branch)
    }

    fn source_script(&mut self, path: Option<&String>, line: usize) {
        let Some(path) = path.filter(|_| self.depth < MAX_DEPTH) else { return };
        // To read a script costs more than to follow a command.
        self.steps += MAX_STEPS / 80;
        // Most are named beside the script itself, through a variable that holds its folder.
        let own = self.script.as_deref().and_then(|script| script.rsplit_once('/')).map(|(folder, _)| folder);
        let named = path.rsplit(UNKNOWN).next().unwrap_or_default().trim_start_matches('/');
        let here = self.folder.as_deref().and_then(|folder| resolve_path(folder, path));
        let beside = || resolve_path(own.unwrap_or_default(), if has_unknown(path) { named } else { path });
        let texts = [here, beside()].into_iter().flatten().find_map(|path| Some(((self.read)(&path)?, path)));
        let Some((text, path)) = texts else { return };
        let outer = (self.outer_line, self.script.replace(path));
        self.outer_line = outer.0.or(Some(line));
        self.depth += 1;
        self.follow_text(&text, 1);
        self.depth -= 1;
        (self.outer_line, self.script) = outer;
    }

    fn call_function(&mut self, name: &str, arguments: Vec<String>, line: Option<usize>) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        let Some((script, range)) = self.functions.get(name).cloned() else { return };
        let Some(block) = script.blocks.iter().find(|block| block.range == range).cloned() else { return };
        self.called.push(name.to_owned());
        let outer = (std::mem::replace(&mut self.arguments, arguments), self.folder.clone(), self.outer_line);
        self.outer_line = self.outer_line.or(line);
        self.depth += 1;
        self.run_range(&script, &range, Some(&block));
        self.depth -= 1;
        (self.arguments, self.folder, self.outer_line) = outer;
    }
}

/// True where a command is the first in brackets on its line: what it changes ends with them.
fn begins_subshell(text: &str, offset: usize) -> bool {
    text[..offset].trim_end_matches([' ', '\t']).ends_with('(')
}
