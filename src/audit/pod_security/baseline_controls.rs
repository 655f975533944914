//! Checks a pod for what the baseline standard demands: nothing that is known to give a pod its node.

use super::super::PodSecurity;
use super::PodSecurityControl;
use super::pod_predicates::{
    any_container, any_context, any_item, any_own_context, has_own_users, is_set, is_unconfined,
};
use crate::kubernetes::model::{ContainerSpec, ProbeHandler};
use crate::kubernetes::{Pod, pod_security_standards};
use crate::yaml::Lenient;

pub(super) const BASELINE_CONTROLS: &[PodSecurityControl] = &[
    baseline_control("appArmorProfile", "AppArmor", "forbidden AppArmor profile", app_armor),
    baseline_control(
        "capabilities_baseline",
        "Capabilities (added)",
        "non-default capabilities",
        adds_capabilities,
    ),
    baseline_control("hostNamespaces", "Host Namespaces", "host namespaces", host_namespaces),
    baseline_control("hostPathVolumes", "HostPath Volumes", "hostPath volumes", host_path),
    baseline_control("hostPorts", "Host Ports", "hostPort", host_ports),
    baseline_control(
        "hostProbesAndHostLifecycle",
        "Host Probes and Lifecycle Hooks",
        "probe or lifecycle host",
        probe_hosts,
    ),
    baseline_control("privileged", "Privileged Containers", "privileged", has_privileged_container),
    baseline_control("procMount", "/proc Mount Type", "procMount", proc_mount),
    baseline_control(
        "seccompProfile_baseline",
        "Seccomp (not unconfined)",
        "seccompProfile",
        has_unconfined_seccomp,
    ),
    baseline_control("seLinuxOptions", "SELinux", "seLinuxOptions", se_linux),
    baseline_control("sysctls", "Sysctls", "forbidden sysctls", sets_unsafe_sysctls),
    baseline_control("windowsHostProcess", "HostProcess", "hostProcess", windows_host_process),
];

const fn baseline_control(
    id: &'static str,
    name: &'static str,
    reason: &'static str,
    fails: fn(&Pod) -> bool,
) -> PodSecurityControl {
    PodSecurityControl {
        id,
        name,
        reason,
        replaced_by: stricter_check(id),
        level: PodSecurity::Baseline,
        fails,
    }
}

/// The check of the restricted level that asks what this one does, and more (`OverrideCheckIDs` of its own).
const fn stricter_check(id: &str) -> Option<&'static str> {
    match id.as_bytes() {
        b"capabilities_baseline" => Some("capabilities_restricted"),
        b"hostPathVolumes" => Some("restrictedVolumes"),
        b"procMount" => Some("procMount_restricted"),
        b"seccompProfile_baseline" => Some("seccompProfile_restricted"),
        _ => None,
    }
}

fn app_armor(pod: &Pod) -> bool {
    let annotated = pod.annotations.iter().any(|(key, value)| {
        key.starts_with(pod_security_standards::APP_ARMOR_ANNOTATION)
            && !pod_security_standards::is_confining_annotation(value)
    });
    annotated || any_context(pod, |context| is_unconfined(&context.map_field(|c| &c.app_armor_profile)))
}

fn adds_capabilities(pod: &Pod) -> bool {
    any_own_context(pod, |context| {
        let add = context.map_field(|c| &c.capabilities).map_field(|c| &c.add);
        any_item(&add, |name| !pod_security_standards::is_baseline_capability(name))
    })
}

fn host_namespaces(pod: &Pod) -> bool {
    let model = &pod.model;
    [&model.host_network, &model.host_pid, &model.host_ipc].into_iter().any(|field| is_set(field, |on| *on))
}

fn host_path(pod: &Pod) -> bool {
    any_item(&pod.model.volumes, |volume| volume.source_of_type("hostPath").is_some())
}

fn host_ports(pod: &Pod) -> bool {
    any_container(pod, |container| {
        any_item(&container.ports, |port| is_set(&port.host_port, |port| *port != 0))
    })
}

fn probe_hosts(pod: &Pod) -> bool {
    any_container(pod, names_host)
}

fn names_host(container: &ContainerSpec) -> bool {
    let hook = |hook: &Lenient<Box<ProbeHandler>>| is_set(hook, |hook| handler_names_host(hook));
    [&container.liveness_probe, &container.readiness_probe, &container.startup_probe].into_iter().any(hook)
        || is_set(&container.lifecycle, |lifecycle| hook(&lifecycle.post_start) || hook(&lifecycle.pre_stop))
}

fn handler_names_host(handler: &ProbeHandler) -> bool {
    [&handler.http_get, &handler.tcp_socket]
        .into_iter()
        .any(|action| is_set(action, |action| is_set(&action.host, |host| !host.is_empty())))
}

fn has_privileged_container(pod: &Pod) -> bool {
    any_own_context(pod, |context| is_set(&context.map_field(|c| &c.privileged), |on| *on))
}

fn proc_mount(pod: &Pod) -> bool {
    !has_own_users(pod) && unmasks_proc(pod)
}

/// The same check at both levels; only baseline relaxes it for a pod with users of its own.
pub(super) fn unmasks_proc(pod: &Pod) -> bool {
    any_own_context(pod, |context| is_set(&context.map_field(|c| &c.proc_mount), |kind| kind != "Default"))
}

/// True for an unconfined profile: the pod's own counts even where every container has another.
fn has_unconfined_seccomp(pod: &Pod) -> bool {
    any_context(pod, |context| is_unconfined(&context.map_field(|c| &c.seccomp_profile)))
}

fn se_linux(pod: &Pod) -> bool {
    any_context(pod, |context| {
        is_set(&context.map_field(|c| &c.se_linux_options), |options| {
            is_set(&options.kind, |kind| !pod_security_standards::is_standard_se_linux_type(kind))
                || [&options.user, &options.role].into_iter().any(|f| is_set(f, |text| !text.is_empty()))
        })
    })
}

fn sets_unsafe_sysctls(pod: &Pod) -> bool {
    let sysctls = pod.model.security_context.map_field(|context| &context.sysctls);
    any_item(&sysctls, |sysctl| {
        !sysctl.name.get().is_some_and(|name| pod_security_standards::is_safe_sysctl(name))
    })
}

fn windows_host_process(pod: &Pod) -> bool {
    any_context(pod, |context| {
        is_set(&context.map_field(|c| &c.windows_options).map_field(|o| &o.host_process), |on| *on)
    })
}
