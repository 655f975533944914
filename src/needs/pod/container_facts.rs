//! Knows of a container, for those who find its needs, what decides whether a need holds at all.

use super::{PodPlace, PodSurroundings};
use crate::kubernetes::Container;

/// One container of a pod, with what is known of its start.
pub(super) struct ContainerCase<'a> {
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
            container,
            name: container.name.as_deref().unwrap_or("the container"),
            starts_as_root: uid.or(refuses_root.then_some(false)).or_else(of_image),
        })
    }
}
