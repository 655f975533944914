//! Holds what a shell would run as plain data, for those who read it, and for the file that it stands in.

use super::super::SpannedWord;
use super::super::lazy_list::LazyList;
use super::{is_builtin, is_reserved};
use crate::text::Span;

/// The commands that a shell would run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellScript {
    /// In the order they begin; those in substitutions after the one that substitutes them.
    pub commands: Vec<SimpleCommand>,
    /// True when nothing but simple commands and newlines stands in it: no operator, group or reserved word.
    pub(super) is_only_command: bool,
    /// True when every quote and parenthesis is closed, and all of the text is read.
    pub is_complete: bool,
}

/// A simple command: a program with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleCommand {
    /// `NAME=value` before the program.
    pub assignments: Vec<SpannedWord>,
    /// The program and its arguments.
    pub words: Vec<SpannedWord>,
    pub redirections: Vec<Redirection>,
    /// From its first to its last byte.
    pub span: Span,
    /// The connector between this command and the next.
    pub connector: CommandConnector,
    /// The index of the first command of its pipeline.
    pub pipeline: usize,
    /// The command that substitutes it, or the shell that runs it.
    pub parent: Option<usize>,
}

/// The connector between a command and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommandConnector {
    /// Nothing: it is the last.
    #[default]
    End,
    /// `;` or a newline.
    Sequence,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
}

/// `> file` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    pub operator: &'static str,
    pub target: SpannedWord,
}

impl SimpleCommand {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirections.is_empty()
    }
}

impl ShellScript {
    pub(super) fn empty_script() -> Self {
        Self { commands: Vec::new(), is_only_command: true, is_complete: true }
    }

    /// Its one simple command, where there is nothing else in it but what that command substitutes.
    #[must_use]
    pub fn only_command(&self) -> Option<&SimpleCommand> {
        let mut outer = self.commands.iter().filter(|command| command.parent.is_none());
        let only = outer.next().filter(|_| self.is_only_command && self.is_complete)?;
        outer.next().is_none().then_some(only)
    }

    /// The words of its one simple command, where running them without a shell is the same: every word is written out
    /// in `[A-Za-z0-9_@%+:,./=-]`, and the first is no assignment, builtin or reserved word.
    #[must_use]
    pub fn exec_words(&self, text: &str) -> Option<&[SpannedWord]> {
        let single = self.only_command()?;
        let program = &single.words.first()?.text;
        let plain = single.assignments.is_empty() && single.redirections.is_empty();
        let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./=-".contains(c);
        let written_out =
            |word: &SpannedWord| word.span.slice(text) == word.text && word.text.chars().all(safe);
        let runs = !program.contains('=') && !is_builtin(program) && !is_reserved(program);
        (plain && runs && single.words.iter().all(written_out)).then_some(&single.words)
    }

    /// The commands of the same pipeline that come after the one at `index`.
    pub fn pipeline_after(&self, index: usize) -> impl Iterator<Item = &SimpleCommand> {
        let pipeline = self.commands.get(index).map(|command| command.pipeline);
        self.commands.iter().skip(index + 1).filter(move |command| Some(command.pipeline) == pipeline)
    }
}

/// The scripts of a file's instructions, by their indices.
pub type ScriptMemo = LazyList<ShellScript>;
