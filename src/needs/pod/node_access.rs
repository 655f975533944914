//! Finds pods that work on the node itself by design: agents, drivers, plugins, exporters.
//!
//! Sources: Kubernetes, "DaemonSet" (its uses: storage, logs, monitoring of nodes), "Network Plugins" (`/etc/cni/net.d`),
//! "Device Plugins" and CSI's "Node plugin deployment" (`/var/lib/kubelet`); nfsd(7): the server of NFS is the kernel's.

use super::container_facts::ContainerCase;
use super::kept_volumes::find_volume;
use super::{PodPlace, PodSurroundings};
use crate::base::at_or_below;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;
use crate::yaml::path;

/// Paths of the node that are nothing but the node's own business, at and below.
const NODE_PATHS: [&str; 17] = [
    "/proc",
    "/sys",
    "/dev",
    "/var/lib/kubelet",
    "/etc/cni",
    "/opt/cni",
    "/run/containerd",
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/run/containerd",
    "/lib/modules",
    "/etc/kubernetes",
    "/boot",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/run/xtables.lock",
    "/var/log/pods",
];

/// The port of NFS.
const NFS_PORT: i64 = 2049;

/// Below these, and yet every program's.
const ORDINARY_PATHS: [&str; 2] = ["/dev/log", "/dev/shm"];

/// The pod shares a namespace of the node, and runs on each: it is there for the node.
pub(super) fn find_node_sharing(place: PodPlace<'_>, needs: &mut Vec<ProgramNeed>) {
    if !is_on_each_node(place) {
        return;
    }
    let model = &place.pod.model;
    let fields =
        [("hostNetwork", &model.host_network), ("hostPID", &model.host_pid), ("hostIPC", &model.host_ipc)];
    for (field, value) in fields {
        let Some(span) = place.pod.span_of(&path![field]).filter(|_| value.get() == Some(&true)) else {
            continue;
        };
        needs.push(ProgramNeed {
            kind: NeedKind::NodeAccess,
            certainty: NeedCertainty::Shown,
            reason: format!("the DaemonSet works on each node by design, with `{field}`").into(),
            evidence: vec![place.evidence_at(format!("`{field}` in a DaemonSet"), span)],
        });
    }
}

/// A container that mounts the node's own paths, or is privileged on each node.
pub(super) fn find_node_access(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    around: &PodSurroundings,
    needs: &mut Vec<ProgramNeed>,
) {
    let on_each = is_on_each_node(place);
    let name = case.name;
    for mount in case.mounts() {
        let volume = find_volume(place, around, mount.volume).and_then(|volume| volume.host_path());
        let Some(host) = volume.filter(|host| on_each || is_node_path(host)) else { continue };
        needs.push(ProgramNeed {
            kind: NeedKind::NodeAccess,
            certainty: NeedCertainty::Shown,
            reason: format!("`{name}` works on the node by design, with its `{host}`").into(),
            evidence: vec![place.evidence_at(format!("`{name}` mounts the node's `{host}`"), mount.span)],
        });
    }
    let context = case.container.model.security_context.get();
    let privileged = context.is_some_and(|context| context.privileged.get() == Some(&true));
    if privileged {
        // What is known of the image and what is written for it agree.
        let known = needs.iter_mut().filter(|need| need.kind == NeedKind::NodeAccess);
        known.for_each(|need| need.certainty = NeedCertainty::Shown);
    }
    let span = case.container.span_of(&path!["securityContext", "privileged"]);
    if let Some(span) = span.filter(|_| privileged && on_each) {
        needs.push(ProgramNeed {
            kind: NeedKind::NodeAccess,
            certainty: NeedCertainty::Shown,
            reason: format!("`{name}` works on each node by design, privileged").into(),
            evidence: vec![place.evidence_at(format!("`{name}` is privileged in a DaemonSet"), span)],
        });
    }
    if let Some(span) = nfs_port(case).filter(|_| privileged) {
        needs.push(ProgramNeed {
            kind: NeedKind::NodeAccess,
            certainty: NeedCertainty::Shown,
            reason: format!("`{name}` serves NFS, privileged: the server is the node's kernel").into(),
            evidence: vec![place.evidence_at(format!("`{name}` listens on {NFS_PORT}"), span)],
        });
    }
}

fn nfs_port(case: &ContainerCase<'_>) -> Option<Span> {
    let mut ports = case.container.model.ports.valid_items();
    let (at, _) = ports.find(|(_, port)| port.container_port.get() == Some(&NFS_PORT))?;
    case.container.span_of(&path!["ports", at, "containerPort"])
}

fn is_on_each_node(place: PodPlace<'_>) -> bool {
    place.object().kind == "DaemonSet"
}

fn is_node_path(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    if ORDINARY_PATHS.contains(&path) {
        return false;
    }
    path.is_empty() || NODE_PATHS.iter().any(|own| at_or_below(path, own))
}
