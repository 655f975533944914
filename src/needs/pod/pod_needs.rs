//! Gathers the needs of a pod and of each of its containers, for those who ask once per pod.

use super::{PodPlace, token_injectors, token_needs};
use crate::needs::ProgramNeed;
use crate::repo::RelPath;
use crate::text::Span;

/// The needs of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodNeeds {
    /// Those of the pod as a whole: its token, its platform, its place on the node.
    pub shared: Vec<ProgramNeed>,
    /// Those of each container alone, in the order of the pod's containers.
    pub by_container: Vec<Vec<ProgramNeed>>,
}

impl PodNeeds {
    /// All that holds for one container: its own needs, and those of its pod.
    pub fn of_container(&self, container: usize) -> impl Iterator<Item = &ProgramNeed> {
        self.by_container.get(container).into_iter().flatten().chain(&self.shared)
    }

    /// All that holds for any of the containers.
    pub fn of_all(&self) -> impl Iterator<Item = &ProgramNeed> {
        self.by_container.iter().flatten().chain(&self.shared)
    }
}

/// The facts about a pod that stand outside its own manifest.
#[derive(Clone, Debug, Default)]
pub struct PodSurroundings {
    /// The needs of each container's image: of the Dockerfile that builds it, or else of the well-known image.
    pub image_needs: Vec<Vec<ProgramNeed>>,
    /// The roles that are bound to the pod's ServiceAccount.
    pub bound_roles: Vec<BoundRole>,
}

/// A role that a binding gives a ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundRole {
    /// `Kind/name` of the role.
    pub role: String,
    /// The file with the binding, and the place of the account in it.
    pub path: RelPath,
    pub span: Span,
}

/// All needs that show, for a pod and its containers.
#[must_use]
pub fn find_pod_needs(place: PodPlace<'_>, around: PodSurroundings) -> PodNeeds {
    let mut needs = PodNeeds::default();
    token_needs::find_bound_roles(place, &around.bound_roles, &mut needs.shared);
    token_injectors::find_token_injectors(place, &mut needs.shared);
    needs.by_container = around.image_needs;
    needs.by_container.resize_with(place.pod.containers.len(), Vec::new);
    needs
}
