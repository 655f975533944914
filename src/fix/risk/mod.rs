//! Weighs each edit of a pod or a Dockerfile against the needs of its programs, one file for each family of edits.

mod answered_needs;
mod capability_additions;
mod decision_risks;
mod dockerfile_risks;
mod field_risks;
mod filesystem_risks;
mod identity_risks;
mod need_objection;
mod pod_case;
mod privilege_risks;
mod resource_risks;

pub(super) use answered_needs::find_answers;
pub(super) use capability_additions::capabilities_to_keep;
pub(super) use dockerfile_risks::find_build_objections;
pub(super) use filesystem_risks::plan_empty_dirs;
pub(super) use identity_risks::{LOW_PORT_SYSCTL, against_image_user, must_stay_root, starts_non_root};
pub(super) use need_objection::NeedObjection;
pub(super) use pod_case::PodCase;

use crate::finding::PodEdit;
use crate::needs::NeedKind;

/// The needs of the pod that speak against an edit.
pub(super) fn find_objections<'n>(case: PodCase<'n>, edit: &PodEdit) -> Vec<NeedObjection<'n>> {
    let mut found = find_need_objections(case, edit);
    found.extend(decision_risks::against_decisions(case, edit));
    found
}

fn find_need_objections<'n>(case: PodCase<'n>, edit: &PodEdit) -> Vec<NeedObjection<'n>> {
    match edit {
        PodEdit::RunAsNonRoot { container } => identity_risks::against_non_root(case, *container),
        PodEdit::RunAsUser { container } | PodEdit::RunAsImageUser { container } => {
            identity_risks::against_user(case, *container)
        }
        PodEdit::RunAsGroup { container } => identity_risks::against_group(case, *container),
        PodEdit::DefaultSeccomp { container } => privilege_risks::against_seccomp(case, *container),
        PodEdit::ReadOnlyRoot { container } => filesystem_risks::against_read_only(case, *container),
        PodEdit::MountWritablePaths { container, paths } => {
            filesystem_risks::against_mounts(case, *container, paths)
        }
        PodEdit::DropAllCapabilities { container } => privilege_risks::against_drop(case, *container),
        PodEdit::ForbidEscalation { container } => privilege_risks::against_no_escalation(case, *container),
        PodEdit::SetResource { container, bound, resource } => {
            resource_risks::against_bound(case, *container, *bound, *resource)
        }
        PodEdit::NoTokenMount => {
            let token = case.needs.of_all().filter(|need| need.kind == NeedKind::ApiToken);
            let refused = field_risks::refusals(case, "automountServiceAccountToken");
            token.map(NeedObjection::by_certainty).chain(refused).collect()
        }
        PodEdit::SetField { container, path, .. } | PodEdit::RemoveField { container, path } => {
            field_risks::against_field(case, *container, path)
        }
    }
}
