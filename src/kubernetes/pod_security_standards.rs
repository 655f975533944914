//! Holds the lists of the Pod Security Standards, as the API server of Kubernetes 1.37 has them, for rules.

/// Capabilities that baseline lets a container add ("Capabilities"); the runtimes give most of them by default.
const BASELINE_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The one capability that restricted lets a container add.
pub const RESTRICTED_CAPABILITY: &str = "NET_BIND_SERVICE";

/// Kernel parameters that baseline lets a pod set ("Sysctls"), with the version that added them.
const SAFE_SYSCTLS: [&str; 14] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_syncookies",
    // 1.27
    "net.ipv4.ip_local_reserved_ports",
    // 1.29
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    // 1.32
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    // 1.37
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_slow_start_after_idle",
];

/// SELinux types that baseline allows ("SELinux"); the last since 1.31.
const SE_LINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// Volume types that restricted allows ("Volume Types"); `image` since 1.33.
const RESTRICTED_VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Before 1.30 AppArmor profiles were annotations of the pod: this, and the container's name. They still count.
pub const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// True for a capability that baseline lets a container add.
#[must_use]
pub fn is_baseline_capability(name: &str) -> bool {
    BASELINE_CAPABILITIES.contains(&name)
}

/// True for a kernel parameter that baseline lets a pod set.
#[must_use]
pub fn is_safe_sysctl(name: &str) -> bool {
    SAFE_SYSCTLS.contains(&name)
}

/// True for an SELinux type that baseline allows.
#[must_use]
pub fn is_standard_se_linux_type(name: &str) -> bool {
    SE_LINUX_TYPES.contains(&name)
}

/// True for a type of volume that restricted allows.
#[must_use]
pub fn is_restricted_volume(kind: &str) -> bool {
    RESTRICTED_VOLUMES.contains(&kind)
}

/// True when a seccomp or AppArmor profile of this `type` confines.
#[must_use]
pub fn is_confining(kind: &str) -> bool {
    matches!(kind, "RuntimeDefault" | "Localhost")
}

/// True when the value of an AppArmor annotation confines, or is empty.
#[must_use]
pub fn is_confining_annotation(value: &str) -> bool {
    value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
}
