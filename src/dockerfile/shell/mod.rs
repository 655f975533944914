//! Reads an instruction's shell text as simple commands, each word with its place in the file, for rules.

mod invocation;
mod script_cache;
mod script_commands;
mod shell_lexer;
mod shell_parser;
mod shell_words;
mod skip_quoted;

pub use invocation::{Invocation, is_shell_script, script_word};
pub use script_cache::ScriptCache;
pub use script_commands::{CommandConnector, Redirection, ScriptMemo, ShellScript, SimpleCommand};
pub use shell_words::{is_builtin, is_reserved};

use super::instruction::MAX_ARGUMENT_BYTES;
use super::logical_line::LogicalLine;
use super::{CommandForm, Dockerfile, EscapeChar, Instruction, InstructionKind, SpannedWord};
use crate::text::Span;
use shell_parser::ShellParser;

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
