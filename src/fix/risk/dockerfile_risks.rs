//! Weighs edits of a Dockerfile: its final user, and the words that its program is started with.
//!
//! Sources: Dockerfile reference, `USER` and "Understand how CMD and ENTRYPOINT interact"; sudo(8), doas(1): who is not
//! in the password database, or in no rule of theirs, is refused.

use super::NeedObjection;
use super::identity_risks::LOW_PORT_CAPABILITY;
use crate::dockerfile::InstructionKind;
use crate::finding::DockerfileEdit;
use crate::fix::dockerfile::DockerfileContext;
use crate::needs::{NeedKind, ProgramNeed};
use crate::project::{DockerfileFacts, ImageUser};

/// The needs of the image that speak against an edit of its Dockerfile.
pub(in crate::fix) fn find_build_objections<'n>(
    case: DockerfileContext<'_>,
    facts: &'n DockerfileFacts,
    edit: &DockerfileEdit,
) -> Vec<NeedObjection<'n>> {
    let needs = facts.program_needs.iter();
    match edit {
        DockerfileEdit::SetUser => {
            let is_root = matches!(facts.user, ImageUser::Number { uid: 0, .. });
            let (current, planned) = (facts.user.uid(), case.run_as.map(|user| user.uid));
            let is_agreed = |uid: i64| {
                let is = |own: Option<u32>| own.is_some_and(|own| i64::from(own) == uid);
                is(current) && !is(planned)
            };
            let found: Vec<_> =
                needs.filter_map(|need| against_final_user(need, is_root, is_agreed)).collect();
            without_repeats(&found)
        }
        DockerfileEdit::UseExecForm { instruction } => {
            let starts = |index: usize| {
                case.file
                    .instruction_at(Some(index))
                    .is_some_and(|found| matches!(found.kind, InstructionKind::Entrypoint(_)))
            };
            let reads = needs.filter(|need| need.kind == NeedKind::StartWords && !starts(*instruction));
            reads.map(NeedObjection::possible).collect()
        }
        DockerfileEdit::ReplaceWords { .. }
        | DockerfileEdit::CommentOut { .. }
        | DockerfileEdit::RemoveInstruction { .. }
        | DockerfileEdit::InsertBefore { .. } => Vec::new(),
    }
}

/// Without the capabilities of a command that speaks against the edit by more than them.
fn without_repeats<'n>(found: &[NeedObjection<'n>]) -> Vec<NeedObjection<'n>> {
    let is_capability = |need: &ProgramNeed| matches!(need.kind, NeedKind::Capability(_));
    let says_more = |objection: &NeedObjection<'_>, other: &NeedObjection<'_>| {
        !is_capability(other.need)
            && other.risk >= objection.risk
            && objection.need.evidence.iter().all(|place| other.need.evidence.contains(place))
    };
    let is_repeat = |objection: &NeedObjection<'_>| {
        is_capability(objection.need) && found.iter().any(|other| says_more(objection, other))
    };
    found.iter().filter(|objection| !is_repeat(objection)).copied().collect()
}

/// What a need says against another final user. `is_root`: the image certainly starts as root today, so that its
/// program is nobody's that sudo's rules could name.
fn against_final_user(
    need: &ProgramNeed,
    is_root: bool,
    is_agreed: impl Fn(i64) -> bool,
) -> Option<NeedObjection<'_>> {
    match &need.kind {
        NeedKind::RootStart | NeedKind::RootOnlyPath(_) | NeedKind::NodeAccess => {
            Some(NeedObjection::by_certainty(need))
        }
        NeedKind::AgreedUid(uid) if is_agreed(*uid) => Some(NeedObjection::by_certainty(need)),
        NeedKind::SetUserId if is_root => Some(NeedObjection::by_certainty(need)),
        NeedKind::Capability(name) if is_root && name != LOW_PORT_CAPABILITY => {
            Some(NeedObjection::by_certainty(need))
        }
        NeedKind::SetUserId
        | NeedKind::Capability(_)
        | NeedKind::LowPort(_)
        | NeedKind::OwnedPath(_)
        | NeedKind::AgreedUid(_) => Some(NeedObjection::possible(need)),
        _ => None,
    }
}
