//! Checks a pod for what the restricted standard demands beyond baseline: the practice of careful programs.

use super::super::PodSecurity;
use super::PodSecurityControl;
use super::baseline_controls::unmasks_proc;
use super::pod_predicates::{any_context, any_item, any_own_context, has_own_users, is_set, is_unconfined};
use crate::kubernetes::model::SecurityContext;
use crate::kubernetes::{Pod, pod_security_standards};
use crate::yaml::Lenient;

pub(super) const RESTRICTED_CONTROLS: &[PodSecurityControl] = &[
    restricted_control(
        "allowPrivilegeEscalation",
        "Privilege Escalation",
        "allowPrivilegeEscalation != false",
        privilege_escalation,
    ),
    restricted_control(
        "capabilities_restricted",
        "Capabilities",
        "unrestricted capabilities",
        keeps_capabilities,
    ),
    restricted_control("procMount_restricted", "/proc Mount Type", "procMount", unmasks_proc),
    restricted_control(
        "restrictedVolumes",
        "Volume Types",
        "restricted volume types",
        has_unrestricted_volume,
    ),
    restricted_control("runAsNonRoot", "Running as Non-root", "runAsNonRoot != true", run_as_non_root),
    restricted_control("runAsUser", "Running as Non-root user", "runAsUser=0", run_as_user),
    restricted_control("seccompProfile_restricted", "Seccomp", "seccompProfile", lacks_seccomp),
];

const fn restricted_control(
    id: &'static str,
    name: &'static str,
    reason: &'static str,
    fails: fn(&Pod) -> bool,
) -> PodSecurityControl {
    PodSecurityControl { id, name, reason, replaced_by: None, level: PodSecurity::Restricted, fails }
}

/// True for a pod that fails. Windows has neither this nor capabilities nor seccomp, and only `os.name` tells that a
/// pod is for it.
fn privilege_escalation(pod: &Pod) -> bool {
    let allows = |context: &Lenient<SecurityContext>| {
        !context.get().is_some_and(|context| context.allow_privilege_escalation.is(&false))
    };
    !pod.has_windows_os && any_own_context(pod, allows)
}

fn keeps_capabilities(pod: &Pod) -> bool {
    !pod.has_windows_os
        && any_own_context(pod, |context| {
            let capabilities = context.map_field(|context| &context.capabilities);
            let dropped =
                capabilities.get().is_some_and(|c| c.drop.valid_items().any(|(_, name)| name == "ALL"));
            let add = capabilities.map_field(|c| &c.add);
            !dropped || any_item(&add, |name| name != pod_security_standards::RESTRICTED_CAPABILITY)
        })
}

/// True for a volume type that restricted forbids; a volume without any type is an `emptyDir`.
fn has_unrestricted_volume(pod: &Pod) -> bool {
    any_item(&pod.model.volumes, |volume| {
        volume.source_types().any(|kind| !pod_security_standards::is_restricted_volume(kind))
    })
}

/// True for a pod that fails: a container may leave the field to the pod; neither the pod nor any container may set it
/// to false.
fn run_as_non_root(pod: &Pod) -> bool {
    if has_own_users(pod) {
        return false;
    }
    let says = |context: &Lenient<SecurityContext>| context.map_field(|context| &context.run_as_non_root);
    let shared = says(&pod.model.security_context).is(&true);
    let refuses = |context: &Lenient<SecurityContext>| is_set(&says(context), |on| !on);
    let lacks = |context: &Lenient<SecurityContext>| says(context).is_absent() && !shared;
    any_context(pod, refuses) || any_own_context(pod, lacks)
}

fn run_as_user(pod: &Pod) -> bool {
    let is_root = |context: &Lenient<SecurityContext>| {
        is_set(&context.map_field(|context| &context.run_as_user), |uid| *uid == 0)
    };
    !has_own_users(pod) && any_context(pod, is_root)
}

fn lacks_seccomp(pod: &Pod) -> bool {
    if pod.has_windows_os {
        return false;
    }
    let profile = |context: &Lenient<SecurityContext>| context.map_field(|context| &context.seccomp_profile);
    let shared = !profile(&pod.model.security_context).is_absent();
    any_context(pod, |context| is_unconfined(&profile(context)))
        || any_own_context(pod, |context| profile(context).is_absent() && !shared)
}
