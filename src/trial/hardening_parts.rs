//! Parts the hardening of a pod into what can be tried one by one, so that it is certain which of them breaks it.

use super::launch_volumes::API_TOKEN_VOLUME;
use super::pod_launch::{ContainerLaunch, LaunchMount, PodLaunch};
use crate::finding::{DockerfileEdit, Edit, PodEdit};

/// A part of the hardening that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HardeningPart {
    /// Volumes at the paths that are written.
    Mounts,
    ReadOnlyRoot,
    User,
    Capabilities,
    NoNewPrivileges,
    SystemCalls,
    Limits,
    Token,
}

impl HardeningPart {
    /// All of them; volumes first, since others are tried with them.
    pub const ALL: [Self; 8] = [
        Self::Mounts,
        Self::ReadOnlyRoot,
        Self::User,
        Self::Capabilities,
        Self::NoNewPrivileges,
        Self::SystemCalls,
        Self::Limits,
        Self::Token,
    ];

    /// The part in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mounts => "the empty volumes",
            Self::ReadOnlyRoot => "the read-only root",
            Self::User => "the user that is not root",
            Self::Capabilities => "the dropped capabilities",
            Self::NoNewPrivileges => "no new privileges",
            Self::SystemCalls => "the filter of system calls",
            Self::Limits => "the limits",
            Self::Token => "no API token",
        }
    }

    /// The part to which an edit of a fix belongs; none for one that changes nothing of how a container is started here.
    #[must_use]
    pub const fn of_edit(edit: &Edit) -> Option<Self> {
        match edit {
            Edit::Pod { edit, .. } => match edit {
                PodEdit::RunAsNonRoot { .. }
                | PodEdit::RunAsUser { .. }
                | PodEdit::RunAsImageUser { .. }
                | PodEdit::RunAsGroup { .. } => Some(Self::User),
                PodEdit::DefaultSeccomp { .. } => Some(Self::SystemCalls),
                PodEdit::ReadOnlyRoot { .. } => Some(Self::ReadOnlyRoot),
                PodEdit::MountWritablePaths { .. } => Some(Self::Mounts),
                PodEdit::DropAllCapabilities { .. } => Some(Self::Capabilities),
                PodEdit::ForbidEscalation { .. } => Some(Self::NoNewPrivileges),
                PodEdit::SetResource { .. } => Some(Self::Limits),
                PodEdit::NoTokenMount => Some(Self::Token),
                PodEdit::SetField { .. } | PodEdit::RemoveField { .. } => None,
            },
            Edit::Dockerfile(DockerfileEdit::SetUser) => Some(Self::User),
            _ => None,
        }
    }

    /// True where the two starts differ in this part.
    #[must_use]
    pub fn differs(self, as_is: &PodLaunch, hardened: &PodLaunch) -> bool {
        with_parts(as_is, hardened, &[self]) != with_parts(as_is, hardened, &[])
    }
}

/// The pod as it is, with these parts of its hardening alone.
#[must_use]
pub(super) fn with_parts(as_is: &PodLaunch, hardened: &PodLaunch, parts: &[HardeningPart]) -> PodLaunch {
    let has = |part| parts.contains(&part);
    let mut pod = as_is.clone();
    // What no container mounts is never made.
    for volume in &hardened.volumes {
        match pod.volumes.iter_mut().find(|own| own.name == volume.name) {
            Some(own) if has(HardeningPart::User) => own.group = volume.group,
            Some(_) => {}
            None => pod.volumes.push(volume.clone()),
        }
    }
    if has(HardeningPart::User) {
        pod.sysctls.clone_from(&hardened.sysctls);
    }
    for own in &mut pod.containers {
        if let Some(other) = hardened.container(&own.name) {
            take_parts(own, other, parts);
        }
    }
    pod
}

fn take_parts(own: &mut ContainerLaunch, other: &ContainerLaunch, parts: &[HardeningPart]) {
    let is_token = |mount: &LaunchMount| mount.volume == API_TOKEN_VOLUME;
    for part in parts {
        match part {
            HardeningPart::Mounts => {
                let tokens: Vec<LaunchMount> =
                    own.mounts.iter().filter(|mount| is_token(mount)).cloned().collect();
                own.mounts = other.mounts.iter().filter(|mount| !is_token(mount)).cloned().collect();
                own.mounts.extend(tokens);
            }
            HardeningPart::Token => {
                own.mounts.retain(|mount| !is_token(mount));
                own.mounts.extend(other.mounts.iter().filter(|mount| is_token(mount)).cloned());
            }
            HardeningPart::ReadOnlyRoot => own.read_only_root = other.read_only_root,
            HardeningPart::User => {
                (own.uid, own.gid, own.is_root) = (other.uid, other.gid, other.is_root);
                own.groups.clone_from(&other.groups);
                own.home.clone_from(&other.home);
            }
            HardeningPart::Capabilities => {
                own.drops_all = other.drops_all;
                own.dropped.clone_from(&other.dropped);
                own.added.clone_from(&other.added);
            }
            HardeningPart::NoNewPrivileges => own.no_new_privileges = other.no_new_privileges,
            HardeningPart::SystemCalls => own.filters_calls = other.filters_calls,
            HardeningPart::Limits => (own.memory, own.cpu) = (other.memory, other.cpu),
        }
    }
}

/// The parts with those that each is tried together with: a user and a read-only root without the volumes that their fix
/// mounts would fail for want of those; a process that is not root any more misses no capability.
#[must_use]
pub(super) fn parts_to_try(part: HardeningPart, is_user_well: bool) -> Vec<HardeningPart> {
    match part {
        HardeningPart::ReadOnlyRoot | HardeningPart::User => vec![HardeningPart::Mounts, part],
        HardeningPart::Capabilities | HardeningPart::NoNewPrivileges if is_user_well => {
            vec![HardeningPart::Mounts, HardeningPart::User, part]
        }
        _ => vec![part],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_taken_alone() {
        let own = |uid, read_only_root| ContainerLaunch {
            name: "web".to_owned(),
            uid,
            read_only_root,
            is_root: uid.is_none(),
            ..ContainerLaunch::default()
        };
        let pod = |own| PodLaunch { containers: vec![own], ..PodLaunch::default() };
        let (as_is, hardened) = (pod(own(None, false)), pod(own(Some(40_000), true)));
        let differing: Vec<_> =
            HardeningPart::ALL.into_iter().filter(|part| part.differs(&as_is, &hardened)).collect();
        assert_eq!(differing, [HardeningPart::ReadOnlyRoot, HardeningPart::User]);
        let user = with_parts(&as_is, &hardened, &[HardeningPart::User]);
        assert_eq!((user.containers[0].uid, user.containers[0].read_only_root), (Some(40_000), false));
        assert_eq!(with_parts(&as_is, &hardened, &HardeningPart::ALL), hardened);
    }
}
