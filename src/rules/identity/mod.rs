//! Who the program runs as.

pub(super) mod low_uid;
pub(super) mod may_run_as_root;
pub(super) mod missing_run_as_group;
pub(super) mod missing_run_as_user;
pub(super) mod missing_user;
pub(super) mod named_user;
pub(super) mod root_user;

use super::ContainerView;
use crate::dockerfile::{self, Word};
use crate::image::{Known, Reference, known};

/// From here on no host's own account is met: package managers give out ids below 1000 to services, and the ids above
/// are people's, one by one. The bound is that of other tools too (checkov CKV_K8S_40, trivy KSV-0020).
pub(crate) const LOWEST_UID: i64 = 10_000;

/// The well-known image that a container runs, if it is one.
pub(super) fn known_image(view: ContainerView<'_>) -> Option<&'static Known> {
    known::of(&Reference::parse(view.image()?).ok()?)
}

/// The user of `user:group`; none where a variable is left open.
pub(super) fn user_of(value: &dockerfile::Value) -> Option<&str> {
    let user = value.text.split(':').next().filter(|user| !user.is_empty());
    if value.open { None } else { user }
}

/// The word of a `USER`, with its variables filled in.
pub(super) fn expand(view: super::BuildView<'_>, instruction: usize, word: &Word) -> dockerfile::Value {
    dockerfile::Scope::at(view.text, view.file, instruction).expand(view.text, word)
}
