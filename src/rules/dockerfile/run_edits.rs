//! Reads the commands of a RUN, and decides which of their words a fix may edit, for rules.

use crate::dockerfile::shell::{CommandConnector, ShellScript, SimpleCommand};
use crate::dockerfile::{CommandForm, EscapeChar, Instruction, InstructionKind};
use crate::finding::{DockerfileEdit, Edit};
use crate::rules::DockerfileView;
use crate::text::{Span, line_ending};

/// An instruction that runs commands, with these.
pub(super) struct RunInstruction<'a> {
    pub(super) view: DockerfileView<'a>,
    pub(super) instruction: &'a Instruction,
    pub(super) script: &'a ShellScript,
}

/// Each RUN of the file, in whatever stage, and behind `ONBUILD`.
pub(super) fn run_instructions<'a>(view: &DockerfileView<'a>) -> impl Iterator<Item = RunInstruction<'a>> {
    let view = *view;
    let runs = view.file.instructions_with_onbuild().filter(|i| matches!(i.kind, InstructionKind::Run(_)));
    runs.map(move |instruction| RunInstruction::from_instruction(view, instruction))
}

/// Words reworded.
pub(super) fn reword_edit(instruction: &Instruction, span: Span, to: impl Into<String>) -> Edit {
    Edit::Dockerfile(DockerfileEdit::ReplaceWords { instruction: instruction.index, span, to: to.into() })
}

impl<'a> RunInstruction<'a> {
    pub(super) fn from_instruction(view: DockerfileView<'a>, instruction: &'a Instruction) -> Self {
        Self { view, instruction, script: view.scripts.script_of(instruction) }
    }

    /// The value of a variable where the commands run.
    pub(super) fn variable_value(&self, name: &str) -> crate::dockerfile::VariableValue {
        crate::dockerfile::VariableScope::at_instruction(
            self.view.text,
            self.view.file,
            self.instruction.index,
        )
        .lookup_variable(name)
    }

    /// Fails when words of a command cannot be edited where they stand.
    ///
    /// # Errors
    /// The reason why not.
    pub(super) fn check_editable(&self, command: &SimpleCommand) -> Result<(), String> {
        if self.instruction.heredocs.iter().any(|heredoc| heredoc.body.contains(command.span.start)) {
            return Err("it stands in a heredoc, which is left as it is".to_owned());
        }
        if command.parent.is_some() {
            return Err("it stands within another command".to_owned());
        }
        match &self.instruction.kind {
            InstructionKind::Run(CommandForm::Shell(_)) => Ok(()),
            _ => Err("it stands in exec form".to_owned()),
        }
    }

    /// Fails when a command cannot be edited as a whole: it must begin right after an operator, amid no group, loop or
    /// condition.
    ///
    /// # Errors
    /// The reason why not.
    pub(super) fn check_plain(&self, command: &SimpleCommand) -> Result<(), String> {
        self.check_editable(command)?;
        let InstructionKind::Run(CommandForm::Shell(span)) = self.instruction.kind else { return Ok(()) };
        let before = Span::new(span.start, command.span.start).slice(self.view.text);
        let escape = self.view.file.escape.as_char();
        let before = before.trim_end_matches(|c: char| c.is_whitespace() || c == escape);
        if before.is_empty() || before.ends_with([';', '&', '|']) {
            Ok(())
        } else {
            Err("it stands amid a compound command".to_owned())
        }
    }

    /// A command added after all others.
    ///
    /// # Errors
    /// The reason why that cannot be done.
    pub(super) fn append_edit(&self, command: &str) -> Result<Edit, String> {
        let InstructionKind::Run(CommandForm::Shell(span)) = self.instruction.kind else {
            return Err("it stands in exec form".to_owned());
        };
        let shell = span.slice(self.view.text).trim_end();
        let last = shell.lines().next_back().unwrap_or_default();
        let ends = shell.ends_with([';', '&', '|', self.view.file.escape.as_char()]);
        if !self.instruction.heredocs.is_empty() || !self.script.is_complete || ends || last.contains('#') {
            return Err("nothing can be added at its end for certain".to_owned());
        }
        let joint = if shell.contains('\n') && self.view.file.escape == EscapeChar::Backslash {
            let joined = shell.lines().skip(1).filter(|line| line.trim_start().starts_with("&&"));
            let model = joined.last().or_else(|| shell.lines().nth(1)).unwrap_or(last);
            let indent = &model[..model.len() - model.trim_start().len()];
            let newline = line_ending(shell);
            format!(" {}{newline}{indent}&& {command}", self.view.file.escape.as_char())
        } else {
            format!(" && {command}")
        };
        Ok(reword_edit(self.instruction, Span::empty_at(span.start + shell.len()), joint))
    }

    /// A command taken out, with what joins it to the next one or the one before.
    ///
    /// # Errors
    /// The reason why that cannot be done.
    pub(super) fn remove_edit(&self, index: usize) -> Result<Edit, String> {
        let command = &self.script.commands[index];
        self.check_plain(command)?;
        let joins =
            |c: &SimpleCommand| matches!(c.connector, CommandConnector::And | CommandConnector::Sequence);
        let outer: Vec<&SimpleCommand> = self.script.commands.iter().filter(|c| c.parent.is_none()).collect();
        let at = outer.iter().position(|c| c.span == command.span).unwrap_or_default();
        match (at.checked_sub(1).and_then(|before| outer.get(before)), outer.get(at + 1)) {
            (_, Some(next)) if joins(command) => {
                self.check_plain(next)?;
                let gone = Span::new(command.span.start, next.span.start);
                Ok(reword_edit(self.instruction, gone, ""))
            }
            (Some(before), None) if joins(before) => {
                Ok(reword_edit(self.instruction, Span::new(before.span.end, command.span.end), ""))
            }
            (None, None) if self.script.only_command().is_some() => {
                Ok(Edit::Dockerfile(DockerfileEdit::RemoveInstruction {
                    instruction: self.instruction.index,
                }))
            }
            _ => Err("other commands depend on it".to_owned()),
        }
    }
}
