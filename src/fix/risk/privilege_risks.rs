//! Weighs edits that take privileges away: capabilities, set-user-id programs, system calls.
//!
//! Sources: capabilities(7) ("Transformation of capabilities during execve()", file capabilities); the kernel's
//! no_new_privs.rst (neither set-user-id bits nor file capabilities are granted).

use super::capability_additions::{capabilities_to_keep, knows_root_capabilities};
use super::field_risks::container_refusals;
use super::identity_risks::LOW_PORT_CAPABILITY;
use super::{NeedObjection, PodCase};
use crate::finding::FixRisk;
use crate::needs::NeedKind;

/// The needs that speak against dropping all capabilities. Those that the same edit keeps are named all the same.
pub(super) fn against_drop<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let kept = capabilities_to_keep(case, view, false);
    let knows_all = knows_root_capabilities(case, container);
    let is_root = view.pod.pod.run_as_user(view.container).get().is_none_or(|uid| *uid == 0);
    let mut found = Vec::new();
    for need in case.needs_of(container) {
        match &need.kind {
            NeedKind::NodeAccess | NeedKind::SetUserId => found.push(NeedObjection::by_certainty(need)),
            NeedKind::Capability(name) | NeedKind::FileCapability(name) if kept.contains(name) => {
                found.push(NeedObjection::possible(need));
            }
            NeedKind::RootStart if is_root && !knows_all => found.push(NeedObjection::by_certainty(need)),
            NeedKind::RootStart | NeedKind::LowPort(_) if is_root => {
                found.push(NeedObjection::possible(need));
            }
            _ => {}
        }
    }
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

/// The needs that speak against `allowPrivilegeEscalation: false`.
pub(super) fn against_no_escalation<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let is_root = view.pod.pod.run_as_user(view.container).get() == Some(&0);
    let mut found = Vec::new();
    for need in case.needs_of(container) {
        match &need.kind {
            NeedKind::SetUserId if !is_root => found.push(NeedObjection::by_certainty(need)),
            NeedKind::FileCapability(name) if !is_root => {
                let objection = NeedObjection::by_certainty(need);
                let risk = if name == LOW_PORT_CAPABILITY { FixRisk::MayBreak } else { objection.risk };
                found.push(NeedObjection { risk, ..objection });
            }
            NeedKind::NodeAccess => found.push(NeedObjection::by_certainty(need)),
            _ => {}
        }
    }
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

/// The needs that speak against the runtime's filter of system calls.
pub(super) fn against_seccomp<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let agents = case.needs_of(container).filter(|need| need.kind == NeedKind::NodeAccess);
    let refused = container_refusals(case, container, "securityContext");
    agents.map(NeedObjection::possible).chain(refused).collect()
}
