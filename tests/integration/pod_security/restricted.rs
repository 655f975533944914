//! Restricted: each control with what it allows and what it does not, and for whom it is relaxed.

use super::{ROLES, each_fails, each_passes, fails, failures, passes, pod};

#[test]
fn privilege_escalation() {
    each_fails("securityContext.allowPrivilegeEscalation", "true", &["allowPrivilegeEscalation"]);
    each_fails("securityContext.allowPrivilegeEscalation", "~", &["allowPrivilegeEscalation"]);
}

#[test]
fn capabilities() {
    for capabilities in
        ["~", "{}", "{drop: []}", "{drop: [NET_RAW]}", "{drop: [all]}", "{add: [NET_BIND_SERVICE]}"]
    {
        each_fails("securityContext.capabilities", capabilities, &["capabilities_restricted"]);
    }
    each_passes("securityContext.capabilities", "{drop: [NET_RAW, ALL]}");
}

#[test]
fn volume_types() {
    for kind in [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ] {
        passes("spec.volumes", &format!("[{{name: a, {kind}: {{}}}}]"));
    }
    for kind in [
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "fc",
        "flexVolume",
        "flocker",
        "gcePersistentDisk",
        "gitRepo",
        "glusterfs",
        "iscsi",
        "nfs",
        "photonPersistentDisk",
        "portworxVolume",
        "quobyte",
        "rbd",
        "scaleIO",
        "storageos",
        "vsphereVolume",
    ] {
        let volumes = format!("[{{name: a, emptyDir: {{}}}}, {{name: b, {kind}: {{}}}}]");
        fails("spec.volumes", &volumes, &["restrictedVolumes"]);
    }
    passes("spec.volumes", "[{name: a}]");
}

#[test]
fn run_as_non_root() {
    let control = ["runAsNonRoot"];
    fails("spec.securityContext.runAsNonRoot", "false", &control);
    fails("spec.securityContext.runAsNonRoot", "~", &control);
    each_fails("securityContext.runAsNonRoot", "false", &control);
    let by_container = || ROLES.map(|role| format!("{role}securityContext.runAsNonRoot"));
    let mut changes: Vec<(String, &str)> = by_container().into_iter().map(|path| (path, "true")).collect();
    changes.push(("spec.securityContext.runAsNonRoot".to_owned(), "~"));
    let said = |changes: &[(String, &str)]| {
        failures(&pod(&changes.iter().map(|(path, value)| (path.as_str(), *value)).collect::<Vec<_>>()))
    };
    assert!(said(&changes).is_empty(), "each container says so");
    changes[2].1 = "~";
    assert_eq!(said(&changes), control, "one container says nothing");
    changes[2].1 = "true";
    changes[3].1 = "false";
    assert_eq!(said(&changes), control, "the pod says no, though each container overrides it");
    let uid = [("spec.securityContext.runAsNonRoot", "~"), ("spec.securityContext.runAsUser", "43122")];
    assert_eq!(failures(&pod(&uid)), control, "a uid alone is not enough");
}

#[test]
fn run_as_user() {
    fails("spec.securityContext.runAsUser", "0", &["runAsUser"]);
    each_fails("securityContext.runAsUser", "0", &["runAsUser"]);
    each_passes("securityContext.runAsUser", "1");
    let overridden: Vec<String> = ROLES.map(|role| format!("{role}securityContext.runAsUser")).into();
    let mut changes: Vec<(&str, &str)> = overridden.iter().map(|path| (path.as_str(), "43122")).collect();
    changes.push(("spec.securityContext.runAsUser", "0"));
    assert_eq!(failures(&pod(&changes)), ["runAsUser"], "the pod's own counts though nobody takes it");
}

#[test]
fn seccomp() {
    fails("spec.securityContext.seccompProfile", "~", &["seccompProfile_restricted"]);
    let own = ROLES.map(|role| format!("{role}securityContext.seccompProfile"));
    let mut changes: Vec<(&str, &str)> =
        own.iter().map(|path| (path.as_str(), "{type: RuntimeDefault}")).collect();
    changes.push(("spec.securityContext.seccompProfile", "~"));
    assert!(failures(&pod(&changes)).is_empty(), "each container has its own");
    changes[0].1 = "~";
    assert_eq!(failures(&pod(&changes)), ["seccompProfile_restricted"], "one has none");
}

#[test]
fn windows_is_exempt_from_what_it_has_not() {
    let bare = |path: &str| {
        pod(&[
            (path, "{name: windows}"),
            ("spec.containers.0.securityContext", "{}"),
            ("spec.securityContext", "{runAsNonRoot: true}"),
        ])
    };
    assert!(failures(&bare("spec.os")).is_empty());
    let selected = [
        ("spec.nodeSelector", "{kubernetes.io/os: windows}"),
        ("spec.containers.0.securityContext", "{}"),
        ("spec.securityContext", "{runAsNonRoot: true}"),
    ];
    let linux = ["allowPrivilegeEscalation", "capabilities_restricted", "seccompProfile_restricted"];
    assert_eq!(failures(&pod(&selected)), linux, "only `os.name` says it");
    let root = [("spec.os", "{name: windows}"), ("spec.securityContext", "{}")];
    assert_eq!(failures(&pod(&root)), ["runAsNonRoot"], "not from this one");
}

#[test]
fn users_of_its_own_relax_who_it_runs_as() {
    let relaxed = [
        ("spec.hostUsers", "false"),
        ("spec.securityContext.runAsNonRoot", "false"),
        ("spec.securityContext.runAsUser", "0"),
    ];
    assert!(failures(&pod(&relaxed)).is_empty());
    let strict = [relaxed[1], relaxed[2], ("spec.hostUsers", "true")];
    assert_eq!(failures(&pod(&strict)), ["runAsNonRoot", "runAsUser"]);
}
