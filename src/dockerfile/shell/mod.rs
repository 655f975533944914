//! The shell text of an instruction as simple commands, each word where it stands in the file.

mod invocation;
mod lexer;
mod names;
mod parser;
mod scripts;
mod skip;

pub use invocation::Invocation;
pub use names::{is_builtin, is_reserved};
pub use scripts::Scripts;

use super::line::Line;
use super::read::LARGEST;
use super::{Command, Dockerfile, Escape, Instruction, Kind, Word};
use crate::text::Span;
use parser::Parser;

/// What a shell would run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// In the order they begin; those in substitutions after the one that substitutes them.
    pub commands: Vec<Simple>,
    /// Whether nothing but simple commands and newlines stands in it: no operator, group or reserved word.
    pub(super) lone: bool,
    /// Whether every quote and parenthesis is closed, and all of the text is read.
    pub complete: bool,
}

/// A simple command: a program with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// `NAME=value` before the program.
    pub assignments: Vec<Word>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    pub redirections: Vec<Redirection>,
    /// From its first to its last byte.
    pub span: Span,
    /// How the next command is joined to this one.
    pub joint: Joint,
    /// The index of the first command of its pipeline.
    pub pipeline: usize,
    /// The command that substitutes it, or that is a shell told to run it.
    pub within: Option<usize>,
}

/// What stands between a command and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joint {
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
    pub target: Word,
}

impl Simple {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirections.is_empty()
    }
}

impl Script {
    fn empty() -> Self {
        Self { commands: Vec::new(), lone: true, complete: true }
    }

    /// Its one simple command, where there is nothing else in it but what that command substitutes.
    #[must_use]
    pub fn single(&self) -> Option<&Simple> {
        let mut outer = self.commands.iter().filter(|command| command.within.is_none());
        let only = outer.next().filter(|_| self.lone && self.complete)?;
        outer.next().is_none().then_some(only)
    }

    /// The words of its one simple command, where running them without a shell is the same: every word is written out
    /// in `[A-Za-z0-9_@%+:,./=-]`, and the first is no assignment, builtin or reserved word.
    #[must_use]
    pub fn exec_words(&self, text: &str) -> Option<&[Word]> {
        let single = self.single()?;
        let program = &single.words.first()?.text;
        let plain = single.assignments.is_empty() && single.redirections.is_empty();
        let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./=-".contains(c);
        let written_out = |word: &Word| word.span.of(text) == word.text && word.text.chars().all(safe);
        let runs = !program.contains('=') && !is_builtin(program) && !is_reserved(program);
        (plain && runs && single.words.iter().all(written_out)).then_some(&single.words)
    }

    /// The commands of the same pipeline that come after the one at `index`.
    pub fn piped_into(&self, index: usize) -> impl Iterator<Item = &Simple> {
        let pipeline = self.commands.get(index).map(|command| command.pipeline);
        self.commands.iter().skip(index + 1).filter(move |command| Some(command.pipeline) == pipeline)
    }
}

/// Reads shell text: the span of a [`Command::Shell`].
#[must_use]
pub fn script(text: &str, span: Span, escape: Escape) -> Script {
    let mut script = Script::empty();
    add(&Line::join(text, span, escape), span, &mut script);
    script
}

/// All that an instruction runs: shell text, the words of an exec form with the script of a `sh -c` among them, and
/// the heredocs that a shell reads.
#[must_use]
pub fn commands(text: &str, file: &Dockerfile, instruction: &Instruction) -> Script {
    let mut all = Script::empty();
    match instruction.command() {
        Some(Command::Shell(span)) => add(&Line::join(text, *span, file.escape), *span, &mut all),
        Some(Command::Exec(words)) => exec(text, words, &mut all),
        None => return all,
    }
    if matches!(instruction.kind, Kind::Run(_)) {
        for heredoc in &instruction.heredocs {
            let read_by_shell = all.commands.iter().any(|command| invocation::reads_script(command, heredoc));
            if read_by_shell && invocation::is_shell_script(heredoc.body.of(text)) {
                all.lone = false;
                add(&Line::verbatim(text, heredoc.body), heredoc.body, &mut all);
            }
        }
    }
    all
}

fn add(line: &Line<'_>, span: Span, script: &mut Script) {
    if span.len() > LARGEST {
        script.complete = false;
        return;
    }
    Parser { line, script, depth: 0, within: None }.parse(0..line.text().len());
}

fn exec(text: &str, words: &[Word], script: &mut Script) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let span = first.span.to(last.span);
    script.commands.push(Simple { words: words.to_vec(), span, ..Simple::default() });
    let Some(word) = invocation::script_word(words).and_then(|index| words.get(index)) else { return };
    let inner = Span::new(word.span.start + 1, word.span.end.saturating_sub(1));
    if inner.of(text) == word.text {
        let line = Line::verbatim(text, inner);
        Parser { line: &line, script, depth: 1, within: Some(0) }.parse(0..line.text().len());
    }
}
