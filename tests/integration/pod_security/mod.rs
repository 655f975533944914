//! The Pod Security Standards, control by control: pods that pass all of restricted but for one change.

mod baseline;
mod restricted;

use seaworthy::audit::PodSecurity;
use seaworthy::audit::pod_security::{failed_controls, next_level_obstacles, pod_security_level};
use seaworthy::kubernetes;
use seaworthy::kubernetes::Pod;
use serde_yaml::{Mapping, Value};

/// Meets restricted, with a container of each role.
const CAREFUL: &str = r#"
apiVersion: v1
kind: Pod
metadata:
  name: tides
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  volumes: [{name: data, emptyDir: {}}]
  initContainers: [CONTAINER]
  containers: [CONTAINER]
  ephemeralContainers: [CONTAINER]
"#;
const CONTAINER: &str = "{name: api, image: registry.example/tides:1.4.2, \
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}";

/// Where a container of each role stands.
const ROLES: [&str; 3] = ["spec.initContainers.0.", "spec.containers.0.", "spec.ephemeralContainers.0."];

/// The pod of the careful text with these changes: a path, and the value there in YAML; `~` takes it away.
fn pod(changes: &[(&str, &str)]) -> Pod {
    let mut root: Value = serde_yaml::from_str(&CAREFUL.replace("CONTAINER", CONTAINER)).unwrap();
    for (path, value) in changes {
        let (holder, key) = path.rsplit_once('.').unwrap();
        let holder = holder.split('.').fold(&mut root, |node, step| match step.parse::<usize>() {
            Ok(index) => &mut node[index],
            Err(_) => {
                let entry = node.as_mapping_mut().unwrap().entry(step.into());
                entry.or_insert_with(|| Value::Mapping(Mapping::new()))
            }
        });
        holder.as_mapping_mut().unwrap().insert(key.into(), serde_yaml::from_str(value).unwrap());
    }
    let manifest = kubernetes::parse_manifest(&serde_yaml::to_string(&root).unwrap());
    manifest.documents[0].pods[0].clone()
}

fn failures(pod: &Pod) -> Vec<&'static str> {
    failed_controls(pod).map(|control| control.id).collect()
}

/// With this value at this path the pod fails exactly these controls.
#[track_caller]
fn fails(path: &str, value: &str, controls: &[&str]) {
    assert_eq!(failures(&pod(&[(path, value)])), controls, "{path}: {value}");
}

/// In a container of any role.
#[track_caller]
fn each_fails(path: &str, value: &str, controls: &[&str]) {
    for role in ROLES {
        fails(&format!("{role}{path}"), value, controls);
    }
}

#[track_caller]
fn passes(path: &str, value: &str) {
    fails(path, value, &[]);
}

#[track_caller]
fn each_passes(path: &str, value: &str) {
    each_fails(path, value, &[]);
}

#[test]
fn a_careful_pod_is_restricted() {
    assert_eq!(pod_security_level(&pod(&[])), PodSecurity::Restricted);
    assert!(next_level_obstacles(&pod(&[])).is_empty());
}

#[test]
fn one_baseline_control_failed_is_privileged() {
    let pod = pod(&[("spec.hostNetwork", "true"), ("spec.containers.0.securityContext", "{}")]);
    assert_eq!(pod_security_level(&pod), PodSecurity::Privileged);
    assert_eq!(
        next_level_obstacles(&pod).iter().map(|control| control.name).collect::<Vec<_>>(),
        ["Host Namespaces"]
    );
}

#[test]
fn one_restricted_control_failed_is_baseline() {
    let pod = pod(&[("spec.securityContext", "{}")]);
    assert_eq!(pod_security_level(&pod), PodSecurity::Baseline);
    let ids: Vec<_> = next_level_obstacles(&pod).iter().map(|control| control.id).collect();
    assert_eq!(ids, ["runAsNonRoot", "seccompProfile_restricted"]);
}

#[test]
fn the_standard_has_nineteen_controls() {
    let worst =
        "{apiVersion: v1, kind: Pod, spec: {securityContext: x, volumes: x, containers: [x], hostPID: x}}";
    let pod = kubernetes::parse_manifest(worst).documents[0].pods[0].clone();
    let ids = failures(&pod);
    assert_eq!(ids.len(), 19, "what cannot be read fails everything: {ids:?}");
    assert_eq!(pod_security_level(&pod), PodSecurity::Privileged);
}

#[test]
fn what_the_api_server_would_refuse_meets_nothing_by_accident() {
    for (path, value, level_of) in [
        ("spec.containers.0.securityContext.privileged", "'true'", PodSecurity::Privileged),
        ("spec.securityContext.runAsNonRoot", "'true'", PodSecurity::Baseline),
        ("spec.securityContext.seccompProfile", "{}", PodSecurity::Privileged),
        ("spec.hostUsers", "'false'", PodSecurity::Restricted),
    ] {
        assert_eq!(pod_security_level(&pod(&[(path, value)])), level_of, "{path}: {value}");
    }
}
