//! Finds uids that others rely on: packet rules of a mesh, volumes that are given to them, other manifests.
//!
//! Sources: Istio, "Application Requirements" (1337 is the proxy's, whose traffic the rules let pass), Linkerd,
//! "Proxy configuration" (2102); Kubernetes, "Configure a Security Context" (`fsGroup`).

use super::container_commands::ContainerCommand;
use super::container_facts::ContainerCase;
use super::{PodPlace, PodSurroundings};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;

/// The uids of meshes' proxies, with the names of their containers.
const PROXY_UIDS: [(i64, &[&str]); 3] = [
    (1337, &["istio-proxy", "istio-init", "istio-validation"]),
    (2102, &["linkerd-proxy"]),
    (2103, &["linkerd-init"]),
];

/// The chown of a path to a uid, with its place.
pub(super) struct GivenPath {
    /// The container that does it, by its index.
    container: usize,
    path: String,
    uid: i64,
    span: Span,
}

/// The paths that a container's commands give to a uid.
pub(super) fn find_given_paths(container: usize, commands: &[ContainerCommand]) -> Vec<GivenPath> {
    let mut given = Vec::new();
    for command in commands.iter().flat_map(|line| &line.commands) {
        let Some(call) = command.effective_invocation().filter(|call| call.name() == "chown") else {
            continue;
        };
        let mut operands = call.operands(&[]);
        let Some(owner) = operands.next() else { continue };
        let uid = owner.text.split([':', '.']).next().and_then(|uid| uid.parse().ok());
        let Some(uid) = uid else { continue };
        given.extend(operands.map(|word| GivenPath {
            container,
            path: word.text.clone(),
            uid,
            span: word.span,
        }));
    }
    given
}

/// A uid in effect for the container that its pod, or others, rely on.
pub(super) fn find_agreed_uids(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    given: &[GivenPath],
    around: &PodSurroundings,
    needs: &mut Vec<ProgramNeed>,
) {
    let name = case.name;
    let effective = place.pod.run_as_user(case.container);
    let uid = match effective.value.is_absent() {
        true => around.image_uids.get(case.index).copied().flatten(),
        false => effective.get().copied(),
    };
    let span = effective.span.unwrap_or(case.container.label_span);
    let mut add = |uid: i64, reason: String, certainty, text: String, span| {
        needs.push(ProgramNeed {
            kind: NeedKind::AgreedUid(uid),
            certainty,
            reason: reason.into(),
            evidence: vec![place.evidence_at(text, span)],
        });
    };
    let proxy = PROXY_UIDS.iter().find(|(own, names)| uid == Some(*own) || names.contains(&name));
    if let Some((own, _)) = proxy {
        let reason = format!("the packet rules of the mesh let the traffic of uid {own} pass");
        add(*own, reason, NeedCertainty::Shown, format!("`{name}` is the proxy of the mesh"), span);
    }
    for mount in case.mounts() {
        let given = given.iter().filter(|given| {
            given.container != case.index && given.path.starts_with(mount.path.trim_end_matches('/'))
        });
        for GivenPath { path, uid, span, .. } in given {
            let reason = format!("`{path}` is given to uid {uid} before `{name}` starts");
            add(*uid, reason, NeedCertainty::Shown, format!("`chown` gives `{path}` to {uid}"), *span);
        }
    }
    if let (Some(uid), Some(others)) = (uid.filter(|uid| *uid != 0), around.uid_sharers.first()) {
        let reason =
            format!("{} shares a volume or an image with it, and runs as uid {uid}, too", others.text);
        needs.push(ProgramNeed {
            kind: NeedKind::AgreedUid(uid),
            certainty: NeedCertainty::Shown,
            reason: reason.into(),
            evidence: around.uid_sharers.clone(),
        });
    }
}
