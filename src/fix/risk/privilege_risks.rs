//! Weighs edits that take privileges away: capabilities, set-user-id programs, system calls.
//!
//! Sources: capabilities(7) ("Transformation of capabilities during execve()", file capabilities); the kernel's
//! no_new_privs.rst (neither set-user-id bits nor file capabilities are granted).

use super::capability_additions::{capabilities_to_keep, knows_root_capabilities};
use super::field_risks::container_refusals;
use super::identity_risks::{LOW_PORT_CAPABILITY, against_user};
use super::{NeedObjection, PodCase};
use crate::finding::FixRisk;
use crate::image::KnownImage;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::rules::identity::known_image;

/// The needs that speak against dropping all capabilities. Those that the same edit keeps are named all the same.
pub(super) fn against_drop<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    if view.container.drops_all_capabilities() {
        return container_refusals(case, container, "securityContext").collect();
    }
    let kept = capabilities_to_keep(case, view, false);
    let knows_all = knows_root_capabilities(case, container);
    let is_root = view.pod.pod.run_as_user(view.container).get().is_none_or(|uid| *uid == 0);
    // A program that can be given its user by the same plan needs none of them.
    let as_root = if may_leave_root(case, container) { FixRisk::MayBreak } else { FixRisk::WillBreak };
    let mut found = Vec::new();
    for need in case.needs_of(container) {
        match &need.kind {
            NeedKind::NodeAccess | NeedKind::SetUserId => found.push(NeedObjection::by_certainty(need)),
            // The fix gives it back, but no block of fixes gives a container a capability that nobody wrote.
            NeedKind::FileCapability(name) if kept.contains(name) => {
                found.push(NeedObjection { need, risk: FixRisk::WillBreak });
            }
            // A trial saw that this one is taken, and which fix gives it back.
            NeedKind::Capability(name) if kept.contains(name) && is_observed(need) => {
                found.push(NeedObjection::possible(need));
            }
            NeedKind::Capability(name) if kept.contains(name) => {
                found.push(NeedObjection { need, risk: as_root });
            }
            NeedKind::RootStart if is_root && !knows_all && !is_observed(need) => {
                found.push(NeedObjection::by_certainty(need));
            }
            NeedKind::LowPort(_) if is_root && kept.contains(LOW_PORT_CAPABILITY) => {
                found.push(NeedObjection { need, risk: as_root });
            }
            NeedKind::RootStart | NeedKind::LowPort(_) if is_root => {
                found.push(NeedObjection::possible(need));
            }
            _ => {}
        }
    }
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

fn is_observed(need: &ProgramNeed) -> bool {
    need.certainty == NeedCertainty::Observed
}

/// True where a user other than root is known for the container, and nothing here says that it has to be root.
fn may_leave_root(case: PodCase<'_>, container: usize) -> bool {
    let Some(view) = case.container(container) else { return false };
    let build = case.repository.link_of_key(&view.key());
    let is_known = match build {
        Some(link) => case.repository.run_as(&link.dockerfile).is_some(),
        None => known_image(view).and_then(KnownImage::built_identity).is_some(),
    };
    is_known && against_user(case, container).iter().all(|objection| objection.risk < FixRisk::WillBreak)
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
    // The default filters of containerd and Docker let who has SYS_ADMIN make namespaces, and nobody else.
    let may_unshare = case
        .container(container)
        .is_some_and(|view| view.container.granted_capabilities().any(|(_, name)| name == "SYS_ADMIN"));
    let namespaces =
        case.needs_of(container).filter(|need| need.kind == NeedKind::UserNamespaces && !may_unshare);
    agents
        .map(NeedObjection::possible)
        .chain(namespaces.map(NeedObjection::by_certainty))
        .chain(refused)
        .collect()
}
