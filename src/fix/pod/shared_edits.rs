//! Finds what a pod's edits come to for its other containers, for who weighs them: what is said of the pod is said of all.

use super::plan_pod_ops;
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
        let Some((key, own)) = shared_key(edit).filter(|(key, _)| is_of_pod(key)) else { continue };
        for other in case.view.containers().filter(|other| other.index != own && inherits(*other, key)) {
            let edit = for_container(edit, other.index);
            if !edits.contains(&&edit) && !shared.contains(&edit) {
                shared.push(edit);
            }
        }
    }
    shared
}

/// The key of the security context that an edit sets, which a pod may say for all of its containers, and its container.
fn shared_key(edit: &PodEdit) -> Option<(&'static str, usize)> {
    match edit {
        PodEdit::DefaultSeccomp { container } => Some(("seccompProfile", *container)),
        PodEdit::RunAsNonRoot { container } => Some(("runAsNonRoot", *container)),
        PodEdit::RunAsUser { container } => Some(("runAsUser", *container)),
        PodEdit::RunAsGroup { container } => Some(("runAsGroup", *container)),
        _ => None,
    }
}

fn for_container(edit: &PodEdit, container: usize) -> PodEdit {
    match edit {
        PodEdit::DefaultSeccomp { .. } => PodEdit::DefaultSeccomp { container },
        PodEdit::RunAsNonRoot { .. } => PodEdit::RunAsNonRoot { container },
        PodEdit::RunAsUser { .. } => PodEdit::RunAsUser { container },
        PodEdit::RunAsGroup { .. } => PodEdit::RunAsGroup { container },
        other => other.clone(),
    }
}

/// True where the container has no value of its own.
fn inherits(view: ContainerView<'_>, key: &str) -> bool {
    let (pod, container) = (view.pod.pod, view.container);
    let level = match key {
        "seccompProfile" => pod.seccomp_type(container).level,
        "runAsNonRoot" => pod.run_as_non_root(container).level,
        "runAsUser" => pod.run_as_user(container).level,
        _ => pod.run_as_group(container).level,
    };
    level != SettingLevel::Container
}
