//! Who the program runs as.

pub(super) mod low_uid;
pub(super) mod may_run_as_root;
pub(super) mod missing_run_as_group;
pub(super) mod missing_run_as_user;
pub(super) mod missing_user;
pub(super) mod named_user;
pub(super) mod root_user;

use super::{BuildView, ContainerView, Findings};
use crate::dockerfile::{Kind, Scope, Word};
use crate::image::{Known, Reference, known};

pub(crate) use crate::rules::repository::LOWEST_UID;

/// The well-known image that a container runs, if it is one.
pub(crate) fn known_image(view: ContainerView<'_>) -> Option<&'static Known> {
    known::of(&Reference::parse(view.image()?).ok()?)
}

/// The `USER` in effect at the end of the final stage, with its variables filled in.
pub(super) struct LastUser<'a> {
    pub word: &'a Word,
    /// `user` or `user:group`.
    pub text: String,
}

impl LastUser<'_> {
    /// The user without the group; never empty.
    pub(super) fn name(&self) -> &str {
        self.text.split(':').next().unwrap_or_default()
    }
}

/// Reads the last `USER`. None where there is none, and where it cannot be told, which is then said.
pub(super) fn last_user<'a>(view: BuildView<'a>, out: &mut Findings<'_>) -> Option<LastUser<'a>> {
    let instruction = view.instruction(view.final_stage()?.in_effect.user?)?;
    let Kind::User(word) = &instruction.kind else {
        out.unknown();
        return None;
    };
    let value = Scope::at(view.text, view.file, instruction.index).expand(view.text, word);
    let last = LastUser { word, text: value.text };
    if value.open || last.name().is_empty() {
        out.unknown();
        return None;
    }
    Some(last)
}
