//! Edits of a Dockerfile: from what is to be true to splices of its text.

mod dockerfile_accounts;
mod exec_form;
mod line_placement;
mod renumber_account;
mod user_edit;
mod verify_dockerfile;
mod word_edits;

use std::collections::HashSet;

use crate::dockerfile::{Dockerfile, Instruction};
use crate::finding::BuildIntent;
use crate::project::RunAs;
use crate::text::{Splice, apply_splices};

pub(super) use verify_dockerfile::verify_dockerfile;

/// A Dockerfile to be edited.
#[derive(Clone, Copy)]
pub(super) struct DockerfileContext<'a> {
    pub text: &'a str,
    pub file: &'a Dockerfile,
    /// As whom the image should run.
    pub run_as: Option<RunAs>,
}

impl<'a> DockerfileContext<'a> {
    fn find_instruction(self, index: usize) -> Result<&'a Instruction, String> {
        self.file.instructions.get(index).ok_or_else(|| "the instruction is not there any more".to_owned())
    }
}

/// The whole text after the intents, all made at once.
///
/// # Errors
/// The reason, for the screen, where that cannot be done. What is returned is not yet verified.
pub(super) fn apply_edits(case: DockerfileContext<'_>, intents: &[&BuildIntent]) -> Result<String, String> {
    if let Some(problem) = case.file.problems.first() {
        return Err(format!("a build refuses the file as it is: {}", problem.fault));
    }
    let mut done: HashSet<&BuildIntent> = HashSet::new();
    let gone = removed_instructions(intents);
    let mut splices = Vec::new();
    // What is added at the end of an instruction stands before a line that comes after it.
    let (user, others): (Vec<_>, Vec<_>) =
        intents.iter().copied().partition(|intent| matches!(intent, BuildIntent::User));
    for intent in others.into_iter().chain(user) {
        if !is_superseded(intent, &gone) && done.insert(intent) {
            splices.extend(edit_splices(case, intent)?);
        }
    }
    apply_splices(case.text, &splices).map_err(|_| "two of its fixes meet at one place".to_owned())
}

fn edit_splices(case: DockerfileContext<'_>, intent: &BuildIntent) -> Result<Vec<Splice>, String> {
    match intent {
        BuildIntent::User => user_edit::set_final_user(case),
        BuildIntent::ExecForm { instruction } => {
            exec_form::to_exec_form(case, case.find_instruction(*instruction)?)
        }
        BuildIntent::Reword { span, to, .. } => {
            word_edits::replace_words(case, *span, to).map(|splice| vec![splice])
        }
        BuildIntent::CommentOut { instruction } => {
            Ok(vec![word_edits::comment_out(case, case.find_instruction(*instruction)?)])
        }
        BuildIntent::Drop { instruction } => {
            Ok(vec![word_edits::drop_lines(case, case.find_instruction(*instruction)?)])
        }
        BuildIntent::Precede { instruction, with } => Ok(vec![line_placement::insert_before(
            case,
            case.find_instruction(*instruction)?,
            std::slice::from_ref(with),
        )]),
    }
}

/// The instructions that an intent takes away.
fn removed_instructions(intents: &[&BuildIntent]) -> HashSet<usize> {
    let gone = intents.iter().filter_map(|intent| match intent {
        BuildIntent::CommentOut { instruction } | BuildIntent::Drop { instruction } => Some(*instruction),
        _ => None,
    });
    gone.collect()
}

/// Whether another intent takes away the instruction that this one would change.
fn is_superseded(intent: &BuildIntent, gone: &HashSet<usize>) -> bool {
    match intent {
        BuildIntent::ExecForm { instruction } | BuildIntent::Reword { instruction, .. } => {
            gone.contains(instruction)
        }
        _ => false,
    }
}
