//! Answers questions about a pod that several controls ask.

use crate::kubernetes::model::{ContainerSpec, SecurityContext, SecurityProfile};
use crate::kubernetes::{Pod, pod_security_standards};
use crate::yaml::{Lenient, LenientList};

/// True where `bad` holds for any container; a container that cannot be read counts as bad.
pub(super) fn any_container(pod: &Pod, bad: impl Fn(&ContainerSpec) -> bool) -> bool {
    pod.hides_container || pod.containers.iter().any(|container| bad(&container.model))
}

/// True where `bad` holds for any container's security context.
pub(super) fn any_own_context(pod: &Pod, bad: impl Fn(&Lenient<SecurityContext>) -> bool) -> bool {
    any_container(pod, |container| bad(&container.security_context))
}

/// True where `bad` holds for the pod's security context or any container's.
pub(super) fn any_context(pod: &Pod, bad: impl Fn(&Lenient<SecurityContext>) -> bool) -> bool {
    bad(&pod.model.security_context) || any_own_context(pod, bad)
}

/// True where `bad` holds for any item; an item that cannot be read counts as bad.
pub(super) fn any_item<T>(list: &LenientList<T>, bad: impl Fn(&T) -> bool) -> bool {
    match list {
        Lenient::Absent => false,
        Lenient::Wrong(_) => true,
        Lenient::Value(items) => items.iter().any(|item| item.get().is_none_or(&bad)),
    }
}

/// True for a field set to something bad, or to something that cannot be read.
pub(super) fn is_set<T>(field: &Lenient<T>, bad: impl Fn(&T) -> bool) -> bool {
    field.is_wrong() || field.get().is_some_and(bad)
}

/// True for a given profile that does not confine.
pub(super) fn is_unconfined(profile: &Lenient<SecurityProfile>) -> bool {
    is_set(profile, |profile| {
        !profile.kind.get().is_some_and(|kind| pod_security_standards::is_confining(kind))
    })
}

/// True where the pod's users are mapped to others on the host, which relaxes some controls (since 1.35).
pub(super) fn has_own_users(pod: &Pod) -> bool {
    pod.host_users == Some(false)
}
