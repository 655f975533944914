//! Knows of a container, for those who find its needs, what decides whether a need holds at all.

use super::{PodPlace, PodSurroundings};
use crate::kubernetes::Container;
use crate::text::Span;
use crate::yaml::path;

/// One container of a pod, with what is known of its start.
pub(super) struct ContainerCase<'a> {
    /// Its index among all of the pod's containers.
    pub index: usize,
    pub container: &'a Container,
    /// As people would call it.
    pub name: &'a str,
    /// True where its first process is root, false where it is another; none where the image decides and is not known.
    pub starts_as_root: Option<bool>,
}

impl<'a> ContainerCase<'a> {
    pub(super) fn new(place: PodPlace<'a>, index: usize, around: &PodSurroundings) -> Option<Self> {
        let container = place.pod.containers.get(index)?;
        let uid = place.pod.run_as_user(container).get().map(|uid| *uid == 0);
        let refuses_root = place.pod.run_as_non_root(container).get().copied() == Some(true);
        let of_image = || around.images_start_as_root.get(index).copied().flatten();
        Some(Self {
            index,
            container,
            name: container.name.as_deref().unwrap_or("the container"),
            starts_as_root: uid.or(refuses_root.then_some(false)).or_else(of_image),
        })
    }

    /// The variables whose value is written out: name, value and the place of it.
    pub(super) fn variables(&self) -> Vec<(&'a str, &'a str, Span)> {
        let variables = self.container.model.env.valid_items();
        let written = variables.filter_map(|(at, variable)| {
            let (name, value) = (variable.name.get()?.as_str(), variable.value.get()?.as_str());
            Some((name, value, self.container.span_of(&path!["env", at, "value"])?))
        });
        written.collect()
    }

    /// The paths at which volumes are mounted: path, volume's name, and the place of the mount's path.
    pub(super) fn mounts(&self) -> Vec<ContainerMount<'a>> {
        let mounts = self.container.model.volume_mounts.valid_items();
        let found = mounts.filter_map(|(at, mount)| {
            Some(ContainerMount {
                path: mount.mount_path.get()?,
                volume: mount.name.get()?,
                is_read_only: mount.read_only.get() == Some(&true),
                span: self.container.span_of(&path!["volumeMounts", at, "mountPath"])?,
            })
        });
        found.collect()
    }
}

/// A volume mounted in a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct ContainerMount<'a> {
    pub path: &'a str,
    /// The volume's name.
    pub volume: &'a str,
    pub is_read_only: bool,
    /// The place of its path.
    pub span: Span,
}
