//! Checks the user and group that the program runs as.

pub(super) mod low_uid;
pub(super) mod may_run_as_root;
pub(super) mod missing_run_as_group;
pub(super) mod missing_run_as_user;
pub(super) mod missing_user;
pub(super) mod named_user;
pub(super) mod root_user;

use super::{ContainerView, DockerfileView, FindingCollector};
use crate::dockerfile::{InstructionKind, SpannedWord, VariableScope};
use crate::image::{KnownImage, Reference, known};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};

/// The well-known image that a container runs, if it is one.
pub(crate) fn known_image(view: ContainerView<'_>) -> Option<&'static KnownImage> {
    known::find_known_image(&Reference::parse(view.image()?).ok()?)
}

/// Refuses another user to a program that must start as root, or that only root can reach, with the reason.
pub(super) fn refuse_root_start(view: DockerfileView<'_>) -> Result<(), String> {
    let of_kind = |is: fn(&ProgramNeed) -> bool| view.needs.iter().find(|need| is(need));
    if let Some(need) = of_kind(|need| need.kind == NeedKind::RootStart) {
        return Err(format!("it starts as root for a purpose: {}", need.reason));
    }
    if let Some(need) = of_kind(|need| matches!(need.kind, NeedKind::RootOnlyPath(_))) {
        return Err(format!("another user could not start it: {}", need.reason));
    }
    if let Some(need) =
        of_kind(|need| need.kind == NeedKind::NodeAccess && need.certainty >= NeedCertainty::Shown)
    {
        return Err(format!("it works on the node by design: {}", need.reason));
    }
    Ok(())
}

/// The `USER` in effect at the end of the final stage, with its variables filled in.
pub(super) struct LastUser<'a> {
    pub word: &'a SpannedWord,
    /// `user` or `user:group`.
    pub text: String,
}

impl LastUser<'_> {
    /// The user without the group; never empty.
    pub(super) fn user_name(&self) -> &str {
        self.text.split(':').next().unwrap_or_default()
    }
}

/// Reads the last `USER`. None where there is none, and where it is unresolved, which is then reported.
pub(super) fn read_last_user<'a>(
    view: DockerfileView<'a>,
    out: &mut FindingCollector<'_>,
) -> Option<LastUser<'a>> {
    let instruction = view.instruction_at(view.final_stage()?.environment.user?)?;
    let InstructionKind::User(word) = &instruction.kind else {
        out.mark_unknown();
        return None;
    };
    let value =
        VariableScope::at_instruction(view.text, view.file, instruction.index).expand_word(view.text, word);
    let last = LastUser { word, text: value.text };
    if value.unresolved || last.user_name().is_empty() {
        out.mark_unknown();
        return None;
    }
    Some(last)
}
