//! Reads an instruction's shell text as simple commands, each word with its place in the file, for rules.

mod invocation;
mod script_cache;
mod shell_lexer;
mod shell_parser;
mod shell_words;
mod skip_quoted;

pub use invocation::{Invocation, is_shell_script, script_word};
pub use script_cache::ScriptCache;
pub use shell_words::{is_builtin, is_reserved};

use super::instruction::MAX_ARGUMENT_BYTES;
use super::logical_line::LogicalLine;
use super::{CommandForm, Dockerfile, EscapeChar, Instruction, InstructionKind, SpannedWord};
use crate::text::Span;
use shell_parser::ShellParser;

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
    fn empty_script() -> Self {
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

/// Reads shell text: the span of a [`CommandForm::Shell`].
#[must_use]
pub fn parse_script(text: &str, span: Span, escape: EscapeChar) -> ShellScript {
    let mut script = ShellScript::empty_script();
    parse_into_script(&LogicalLine::join_lines(text, span, escape), span, &mut script);
    script
}

/// Reads the whole text of a script, as a shell reads a file.
#[must_use]
pub fn parse_script_text(text: &str) -> ShellScript {
    parse_script_body(text, Span::new(0, text.len()))
}

/// Reads a part of a text in the same way, such as the body of a heredoc.
#[must_use]
pub fn parse_script_body(text: &str, span: Span) -> ShellScript {
    let mut script = ShellScript::empty_script();
    parse_into_script(&LogicalLine::from_span(text, span), span, &mut script);
    script
}

/// All that an instruction runs: shell text, the words of an exec form with the script of a `sh -c` among them, and
/// the heredocs that a shell reads.
#[must_use]
pub fn parse_instruction_script(text: &str, file: &Dockerfile, instruction: &Instruction) -> ShellScript {
    let mut all = ShellScript::empty_script();
    match instruction.command_form() {
        Some(CommandForm::Shell(span)) => {
            parse_into_script(&LogicalLine::join_lines(text, *span, file.escape), *span, &mut all);
        }
        Some(CommandForm::Exec(words)) => add_exec_form(text, words, &mut all),
        None => return all,
    }
    if matches!(instruction.kind, InstructionKind::Run(_)) {
        for heredoc in &instruction.heredocs {
            let read_by_shell = all.commands.iter().any(|command| invocation::reads_script(command, heredoc));
            if read_by_shell && invocation::is_shell_script(heredoc.body.slice(text)) {
                all.is_only_command = false;
                parse_into_script(&LogicalLine::from_span(text, heredoc.body), heredoc.body, &mut all);
            }
        }
    }
    all
}

fn parse_into_script(line: &LogicalLine<'_>, span: Span, script: &mut ShellScript) {
    if span.len() > MAX_ARGUMENT_BYTES {
        script.is_complete = false;
        return;
    }
    ShellParser { line, script, depth: 0, parent: None }.parse(0..line.text().len());
}

fn add_exec_form(text: &str, words: &[SpannedWord], script: &mut ShellScript) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let span = first.span.to(last.span);
    script.commands.push(SimpleCommand { words: words.to_vec(), span, ..SimpleCommand::default() });
    let Some(word) = invocation::script_word(words).and_then(|index| words.get(index)) else { return };
    let inner = Span::new(word.span.start + 1, word.span.end.saturating_sub(1));
    if inner.slice(text) == word.text {
        let line = LogicalLine::from_span(text, inner);
        ShellParser { line: &line, script, depth: 1, parent: Some(0) }.parse(0..line.text().len());
    }
}
