//! Weighs edits of the user and the group that a container runs as.
//!
//! Sources: Kubernetes, "Configure a Security Context for a Pod or Container" (fsGroup, ownership of volumes);
//! capabilities(7): a process that is not root has none of the capabilities that its container is given.

use super::field_risks::container_refusals;
use super::{NeedObjection, PodCase};
use crate::image::KnownImage;
use crate::image::known::DefaultUser;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::project::{ImageUser, RepositoryView};
use crate::rules::ContainerView;
use crate::rules::identity::known_image;

/// The capability with which a program listens on a low port; some runtimes let any program do so.
pub(super) const LOW_PORT_CAPABILITY: &str = "NET_BIND_SERVICE";
/// The namespaced setting of the kernel that lets any program listen on a low port.
pub(in crate::fix) const LOW_PORT_SYSCTL: &str = "net.ipv4.ip_unprivileged_port_start";

/// True where the container certainly starts as a number that is not root's.
pub(in crate::fix) fn starts_non_root(view: ContainerView<'_>, repository: RepositoryView<'_>) -> bool {
    if let Some(uid) = view.pod.pod.run_as_user(view.container).get() {
        return *uid > 0;
    }
    if let Some(build) =
        repository.link_of_key(&view.key()).and_then(|link| repository.dockerfile_facts(link))
    {
        return matches!(build.user, ImageUser::Number { uid, .. } if uid != 0);
    }
    matches!(
        known_image(view).map(KnownImage::default_user),
        Some(DefaultUser::NonRoot { numeric: true, .. })
    )
}

/// True where these files say that the container is root and has to be: a user written for the whole pod would break it.
pub(in crate::fix) fn must_stay_root(case: PodCase<'_>, container: usize) -> bool {
    against_root_loss(case, container)
        .iter()
        .any(|objection| objection.need.certainty >= NeedCertainty::Shown)
}

/// The needs that speak against `runAsNonRoot`, and against the user that it requires where the image proves none.
pub(super) fn against_non_root<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let is_assigned = case.has_need(container, |kind| *kind == NeedKind::AssignedUid);
    if starts_non_root(view, case.repository) || is_assigned || view.pod.is_windows() {
        let mut found = against_root_loss(case, container);
        found.extend(container_refusals(case, container, "securityContext"));
        return found;
    }
    against_user(case, container)
}

/// The needs that speak against another user.
pub(super) fn against_user<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let mut found = against_root_loss(case, container);
    for need in case.needs_of(container) {
        match &need.kind {
            NeedKind::AssignedUid => found.push(NeedObjection::by_certainty(need)),
            NeedKind::KeptVolume { takes_fs_group: false, .. } => {
                found.push(NeedObjection::by_certainty(need));
            }
            NeedKind::OwnedPath(path) if mounts_exactly(view, path) => {
                found.push(NeedObjection::by_certainty(need));
            }
            // Root is in the rules of `sudo`; a number that nobody knows is not.
            NeedKind::SetUserId if current_uid(case, view) == Some(0) => {
                found.push(NeedObjection::by_certainty(need));
            }
            NeedKind::AgreedUid(agreed) => found.extend(against_agreed_uid(case, view, (need, *agreed))),
            NeedKind::KeptVolume { takes_fs_group: true, .. }
            | NeedKind::OwnedPath(_)
            | NeedKind::SetUserId => found.push(NeedObjection::possible(need)),
            _ => {}
        }
    }
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

/// The needs that speak against another user in the Dockerfile that builds the container's image; none where the pod
/// itself says who runs it.
pub(in crate::fix) fn against_image_user<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let own = view.pod.pod.run_as_user(view.container).get().copied();
    let by_image = case.repository.image_uid(&view.key()).map(i64::from);
    if own.is_some() && own != by_image {
        return Vec::new();
    }
    let mut found = against_user(case, container);
    found.retain(|found| !matches!(found.need.kind, NeedKind::AssignedUid | NeedKind::RefusedField(_)));
    let is_seen = |need: &&ProgramNeed| need.observed_uid().is_some();
    found.extend(case.needs_of(container).filter(is_seen).map(NeedObjection::by_certainty));
    found
}

/// The uid that runs the container today: the pod's, else that of the Dockerfile here which builds its image.
fn current_uid(case: PodCase<'_>, view: ContainerView<'_>) -> Option<i64> {
    let own = view.pod.pod.run_as_user(view.container).get().copied();
    own.or_else(|| case.repository.image_uid(&view.key()).map(i64::from))
}

/// A uid that others rely on, and that is in effect now. Where only a person can give another, it may be theirs to know;
/// where the Dockerfile's new one would follow, nobody does.
fn against_agreed_uid<'n>(
    case: PodCase<'n>,
    view: ContainerView<'_>,
    (need, agreed): (&'n ProgramNeed, i64),
) -> Option<NeedObjection<'n>> {
    let key = view.key();
    // What a trial saw is what is written, unless something else is written already.
    if need.observed_uid().is_some() {
        let is_written = view.pod.pod.run_as_user(view.container).get() == Some(&agreed);
        return is_written.then(|| NeedObjection::by_certainty(need));
    }
    let Some(link) = case.repository.link_of_key(&key) else { return Some(NeedObjection::possible(need)) };
    let planned = case.repository.run_as(&link.dockerfile).map(|user| i64::from(user.uid));
    if planned == Some(agreed) {
        return None;
    }
    let current = current_uid(case, view);
    // What root may write today, a new number may not: it is another's.
    let is_in_effect =
        current == Some(agreed) || current == Some(0) && need.certainty >= NeedCertainty::Shown;
    Some(if is_in_effect { NeedObjection::by_certainty(need) } else { NeedObjection::possible(need) })
}

/// The needs that speak against another group.
pub(super) fn against_group<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let mut found: Vec<NeedObjection<'n>> = Vec::new();
    for need in case.needs_of(container) {
        match need.kind {
            NeedKind::GroupZero | NeedKind::AssignedUid | NeedKind::NodeAccess => {
                found.push(NeedObjection::by_certainty(need));
            }
            NeedKind::KeptVolume { .. } => found.push(NeedObjection::possible(need)),
            _ => {}
        }
    }
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

/// The needs that only a process of root meets, where the container is one today.
fn against_root_loss<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let pod = view.pod.pod;
    let is_other = pod.run_as_user(view.container).get().is_some_and(|uid| *uid > 0)
        || pod.run_as_non_root(view.container).get() == Some(&true);
    let opens_low_ports = pod
        .model
        .security_context
        .map_field(|context| &context.sysctls)
        .valid_items()
        .any(|(_, sysctl)| sysctl.name.is(LOW_PORT_SYSCTL));
    let mut found = Vec::new();
    for need in case.needs_of(container) {
        match &need.kind {
            NeedKind::NodeAccess => found.push(NeedObjection::by_certainty(need)),
            NeedKind::LowPort(_) if !is_other && !opens_low_ports => {
                found.push(NeedObjection::possible(need));
            }
            NeedKind::Capability(name) if name == LOW_PORT_CAPABILITY && !is_other && !opens_low_ports => {
                found.push(NeedObjection::possible(need));
            }
            NeedKind::Capability(name) if name == LOW_PORT_CAPABILITY => {}
            NeedKind::RootStart | NeedKind::RootOnlyPath(_) | NeedKind::Capability(_) if !is_other => {
                found.push(NeedObjection::by_certainty(need));
            }
            _ => {}
        }
    }
    found
}

/// True where a volume is mounted at the very path: it is root's, and no other may change its mode.
fn mounts_exactly(view: ContainerView<'_>, path: &str) -> bool {
    let mounts = view.container.model.volume_mounts.valid_items();
    let mut paths = mounts.filter_map(|(_, mount)| mount.mount_path.get());
    paths.any(|mount| mount.trim_end_matches('/') == path.trim_end_matches('/'))
}
