//! Edits a Dockerfile for the fixer: turns intents into splices of its text.

mod dockerfile_accounts;
mod exec_form;
mod identity_variables;
mod identity_words;
mod line_placement;
mod renumber_account;
mod user_edit;
mod verify_dockerfile;
mod word_edits;

use std::collections::HashSet;

use crate::dockerfile::shell::{ScriptCache, ShellScript};
use crate::dockerfile::{Dockerfile, Instruction};
use crate::finding::DockerfileEdit;
use crate::project::RunAs;
use crate::text::{Span, Splice, apply_splices};

pub(super) use verify_dockerfile::verify_dockerfile;

/// A Dockerfile to be edited.
#[derive(Clone, Copy)]
pub(super) struct DockerfileContext<'a> {
    pub text: &'a str,
    pub file: &'a Dockerfile,
    /// The user that the image should run as.
    pub run_as: Option<RunAs>,
}

impl<'a> DockerfileContext<'a> {
    fn find_instruction(self, index: usize) -> Result<&'a Instruction, String> {
        self.file.instructions.get(index).ok_or_else(|| "the instruction is not there any more".to_owned())
    }

    /// What an instruction runs.
    fn script_of(self, instruction: &Instruction) -> &'a ShellScript {
        ScriptCache::new(self.text, self.file).script_of(instruction)
    }
}

/// The whole text after the edits, all made at once.
///
/// # Errors
/// The reason, for the screen, where that cannot be done. What is returned is not yet verified.
pub(super) fn apply_edits(case: DockerfileContext<'_>, edits: &[&DockerfileEdit]) -> Result<String, String> {
    if let Some(problem) = case.file.problems.first() {
        return Err(format!("a build refuses the file as it is: {}", problem.fault));
    }
    let mut done: HashSet<&DockerfileEdit> = HashSet::new();
    let gone = removed_instructions(edits);
    let mut splices = Vec::new();
    // Text added at the end of an instruction goes before a line that comes after it.
    let (user, others): (Vec<_>, Vec<_>) =
        edits.iter().copied().partition(|edit| matches!(edit, DockerfileEdit::SetUser));
    for edit in others.into_iter().chain(user) {
        if !is_superseded(edit, &gone) && done.insert(edit) {
            splices.extend(edit_splices(case, edit)?);
        }
    }
    apply_splices(case.text, &splices).map_err(|_| "two of its fixes meet at one place".to_owned())
}

/// The words that an edit takes away or replaces, each by its span.
pub(super) fn replaced_spans(case: DockerfileContext<'_>, edit: &DockerfileEdit) -> Vec<Span> {
    let splices = edit_splices(case, edit).unwrap_or_default();
    splices.into_iter().map(|splice| splice.span).filter(|span| !span.is_empty()).collect()
}

fn edit_splices(case: DockerfileContext<'_>, edit: &DockerfileEdit) -> Result<Vec<Splice>, String> {
    match edit {
        DockerfileEdit::SetUser => user_edit::set_final_user(case),
        DockerfileEdit::UseExecForm { instruction } => {
            exec_form::to_exec_form(case, case.find_instruction(*instruction)?)
        }
        DockerfileEdit::ReplaceWords { span, to, .. } => {
            word_edits::replace_words(case, *span, to).map(|splice| vec![splice])
        }
        DockerfileEdit::CommentOut { instruction } => {
            Ok(vec![word_edits::comment_out(case, case.find_instruction(*instruction)?)])
        }
        DockerfileEdit::RemoveInstruction { instruction } => {
            Ok(vec![word_edits::drop_lines(case, case.find_instruction(*instruction)?)])
        }
        DockerfileEdit::InsertBefore { instruction, text } => Ok(vec![line_placement::insert_before(
            case,
            case.find_instruction(*instruction)?,
            std::slice::from_ref(text),
        )]),
    }
}

/// The instructions that an edit takes away.
fn removed_instructions(edits: &[&DockerfileEdit]) -> HashSet<usize> {
    let gone = edits.iter().filter_map(|edit| match edit {
        DockerfileEdit::CommentOut { instruction } | DockerfileEdit::RemoveInstruction { instruction } => {
            Some(*instruction)
        }
        _ => None,
    });
    gone.collect()
}

/// Whether another edit takes away the instruction that this one would change.
fn is_superseded(edit: &DockerfileEdit, gone: &HashSet<usize>) -> bool {
    match edit {
        DockerfileEdit::UseExecForm { instruction } | DockerfileEdit::ReplaceWords { instruction, .. } => {
            gone.contains(instruction)
        }
        _ => false,
    }
}
