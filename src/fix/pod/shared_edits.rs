//! Finds what a pod's edits come to for its other containers, for who weighs them: what is said of the pod is said of all.

use super::plan_pod_ops;
use super::pod_identity::setting_level;
use crate::finding::PodEdit;
use crate::fix::risk::PodCase;
use crate::kubernetes::SettingLevel;
use crate::path;
use crate::rules::ContainerView;
use crate::yaml::PathStep;
use crate::yaml::edit::YamlEdit;

/// The most containers of a pod that is looked at: one with more is not edited.
const MAX_CONTAINERS: usize = 200;

/// The same edits for each other container that they change, since they are written at the pod's level.
pub(in crate::fix) fn shared_edits(case: PodCase<'_>, edits: &[&PodEdit]) -> Vec<PodEdit> {
    let is_shared = (2..=MAX_CONTAINERS).contains(&case.view.pod.containers.len());
    if !is_shared || !edits.iter().any(|edit| shared_key(edit).is_some()) {
        return Vec::new();
    }
    let Ok(ops) = plan_pod_ops(case, edits) else { return Vec::new() };
    let context = [case.view.pod.path.clone(), path!["securityContext"]].concat();
    let is_of_pod = |key: &str| {
        ops.iter().any(|op| match op {
            YamlEdit::Set { path, .. } => {
                path.strip_prefix(&*context).is_some_and(|rest| rest.first() == Some(&PathStep::from(key)))
            }
            _ => false,
        })
    };
    let mut shared = Vec::new();
    for edit in edits {
        let Some((key, own, edit_of)) = shared_key(edit).filter(|(key, ..)| is_of_pod(key)) else { continue };
        let inherits = |other: &ContainerView<'_>| setting_level(*other, key) != SettingLevel::Container;
        for other in case.view.containers().filter(|other| other.index != own && inherits(other)) {
            let edit = edit_of(other.index);
            if !edits.contains(&&edit) && !shared.contains(&edit) {
                shared.push(edit);
            }
        }
    }
    shared
}

/// The same edit for a container of the pod, by its index.
type EditOfContainer = fn(usize) -> PodEdit;

/// The key of the security context that an edit sets, which a pod may say for all of its containers, with its container and
/// the same edit of any.
fn shared_key(edit: &PodEdit) -> Option<(&'static str, usize, EditOfContainer)> {
    match edit {
        PodEdit::DefaultSeccomp { container } => {
            Some(("seccompProfile", *container, |container| PodEdit::DefaultSeccomp { container }))
        }
        PodEdit::RunAsNonRoot { container } => {
            Some(("runAsNonRoot", *container, |container| PodEdit::RunAsNonRoot { container }))
        }
        PodEdit::RunAsUser { container } => {
            Some(("runAsUser", *container, |container| PodEdit::RunAsUser { container }))
        }
        PodEdit::RunAsGroup { container } => {
            Some(("runAsGroup", *container, |container| PodEdit::RunAsGroup { container }))
        }
        _ => None,
    }
}
