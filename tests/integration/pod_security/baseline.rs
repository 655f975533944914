//! Baseline: each control with what it allows and what it does not.

use super::{ROLES, each_fails, each_passes, fails, failures, passes, pod};

const SAFE_SYSCTLS: [&str; 14] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

#[test]
fn app_armor() {
    let control = ["appArmorProfile"];
    fails("spec.securityContext.appArmorProfile", "{type: Unconfined}", &control);
    each_fails("securityContext.appArmorProfile", "{type: Unconfined}", &control);
    each_passes("securityContext.appArmorProfile", "{type: RuntimeDefault}");
    passes("spec.securityContext.appArmorProfile", "{type: Localhost, localhostProfile: tides}");
    let key = "container.apparmor.security.beta.kubernetes.io/api";
    for (value, allowed) in [
        ("unconfined", false),
        ("other", false),
        ("runtime/default", true),
        ("localhost/tides", true),
        ("''", true),
    ] {
        let found = failures(&pod(&[("metadata.annotations", &format!("{{{key}: {value}}}"))]));
        assert_eq!(found.is_empty(), allowed, "{value}");
    }
}

#[test]
fn capabilities() {
    for name in ["NET_RAW", "SYS_ADMIN", "ALL", "chown", "CAP_CHOWN"] {
        let both = ["capabilities_baseline", "capabilities_restricted"];
        each_fails("securityContext.capabilities", &format!("{{drop: [ALL], add: [{name}]}}"), &both);
    }
    for name in [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ] {
        let add = format!("{{drop: [ALL], add: [{name}]}}");
        each_fails("securityContext.capabilities", &add, &["capabilities_restricted"]);
    }
    each_passes("securityContext.capabilities", "{drop: [ALL], add: [NET_BIND_SERVICE]}");
}

#[test]
fn host_namespaces() {
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        fails(&format!("spec.{field}"), "true", &["hostNamespaces"]);
        passes(&format!("spec.{field}"), "false");
    }
}

#[test]
fn host_paths() {
    let both = ["hostPathVolumes", "restrictedVolumes"];
    fails("spec.volumes", "[{name: a, hostPath: {path: /a}}]", &both);
    fails("spec.volumes", "[{name: a, emptyDir: {}}, {name: b, hostPath: {}}]", &both);
    passes("spec.volumes", "[{name: a, hostPath: null, emptyDir: {}}]");
}

#[test]
fn host_ports() {
    each_fails("ports", "[{containerPort: 80}, {containerPort: 81, hostPort: 81}]", &["hostPorts"]);
    each_passes("ports", "[{containerPort: 80, hostPort: 0}]");
}

#[test]
fn hosts_of_probes_and_hooks() {
    let control = ["hostProbesAndHostLifecycle"];
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        each_fails(probe, "{httpGet: {host: 127.0.0.1, port: 80}}", &control);
        each_fails(probe, "{tcpSocket: {host: db.example, port: 80}}", &control);
        each_passes(probe, "{httpGet: {port: 80}, tcpSocket: {host: '', port: 80}}");
        each_passes(probe, "{grpc: {port: 80}}");
    }
    for hook in ["lifecycle.postStart", "lifecycle.preStop"] {
        each_fails(hook, "{httpGet: {host: bad.example, port: 80}}", &control);
        each_fails(hook, "{tcpSocket: {host: bad.example, port: 80}}", &control);
        each_passes(hook, "{httpGet: {port: 80}}");
    }
}

#[test]
fn privileged() {
    each_fails("securityContext.privileged", "true", &["privileged"]);
    each_passes("securityContext.privileged", "false");
}

#[test]
fn proc_mount() {
    each_fails("securityContext.procMount", "Unmasked", &["procMount", "procMount_restricted"]);
    each_passes("securityContext.procMount", "Default");
    for role in ROLES {
        let changes =
            [(&*format!("{role}securityContext.procMount"), "Unmasked"), ("spec.hostUsers", "false")];
        assert_eq!(
            failures(&pod(&changes)),
            ["procMount_restricted"],
            "users of its own relax baseline alone"
        );
    }
}

#[test]
fn seccomp() {
    let both = ["seccompProfile_baseline", "seccompProfile_restricted"];
    fails("spec.securityContext.seccompProfile", "{type: Unconfined}", &both);
    each_fails("securityContext.seccompProfile", "{type: Unconfined}", &both);
    each_passes("securityContext.seccompProfile", "{type: Localhost, localhostProfile: tides.json}");
    let annotated = "{seccomp.security.alpha.kubernetes.io/pod: unconfined}";
    passes("metadata.annotations", annotated);
}

#[test]
fn se_linux() {
    let control = ["seLinuxOptions"];
    for options in ["{type: spc_t}", "{user: system_u}", "{role: system_r}"] {
        fails("spec.securityContext.seLinuxOptions", options, &control);
        each_fails("securityContext.seLinuxOptions", options, &control);
    }
    for kind in ["''", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"] {
        each_passes("securityContext.seLinuxOptions", &format!("{{type: {kind}, level: s0}}"));
    }
    passes("spec.securityContext.seLinuxOptions", "{user: '', role: ''}");
}

#[test]
fn sysctls() {
    for name in SAFE_SYSCTLS {
        passes("spec.securityContext.sysctls", &format!("[{{name: {name}, value: '1'}}]"));
    }
    for name in ["kernel.msgmax", "net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog"] {
        let sysctls = format!("[{{name: net.ipv4.tcp_rmem, value: '1'}}, {{name: {name}, value: '1'}}]");
        fails("spec.securityContext.sysctls", &sysctls, &["sysctls"]);
    }
}

#[test]
fn windows_host_process() {
    fails("spec.securityContext.windowsOptions", "{hostProcess: true}", &["windowsHostProcess"]);
    each_fails("securityContext.windowsOptions", "{hostProcess: true}", &["windowsHostProcess"]);
    each_passes("securityContext.windowsOptions", "{hostProcess: false, runAsUserName: ContainerUser}");
}
