//! Reports a mounted socket of the container runtime, which gives control of the node (`container-socket-mount`).

use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "container-socket-mount",
    severity: Severity::Critical,
    theme: RuleTheme::Filesystem,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("container-socket-mount"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// The runtimes' sockets by name, wherever a distribution puts them.
const SOCKET_NAMES: [&str; 5] =
    ["docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "podman.sock"];

/// The usual sockets, below `/run`.
const SOCKET_PATHS: [&str; 7] = [
    "docker.sock",
    "containerd/containerd.sock",
    "crio/crio.sock",
    "cri-dockerd.sock",
    "podman/podman.sock",
    "k3s/containerd/containerd.sock",
    "k0s/containerd.sock",
];

fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let volumes = view.pod.model.volumes.valid_items();
    let paths = volumes.filter_map(|(at, volume)| Some((at, volume.host_path()?)));
    let Some((at, path)) = paths.into_iter().find(|(_, path)| leads_to_socket(path)) else { return };
    let span = view.field_or_spec_span(&path!["volumes", at, "hostPath", "path"]);
    let message =
        format!("the node's `{path}` leads to the container runtime, which starts whatever it is told to");
    out.report(span, message, Ok(None));
}

/// True when the path is a runtime's socket, or a folder that holds one. `/var/run` is a link to `/run`, which leads
/// there when it is mounted itself, and not when `/var` is.
fn leads_to_socket(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.last().is_some_and(|name| SOCKET_NAMES.contains(name)) {
        return true;
    }
    match parts.as_slice() {
        [] => path.starts_with('/'),
        ["run", below @ ..] | ["var", "run", below @ ..] => {
            SOCKET_PATHS.iter().any(|place| place.split('/').take(below.len()).eq(below.iter().copied()))
        }
        _ => false,
    }
}
