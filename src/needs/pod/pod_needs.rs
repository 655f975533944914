//! Gathers the needs of a pod and of each of its containers, for those who ask once per pod.

use super::command_privileges::find_command_privileges;
use super::container_commands::read_commands;
use super::container_facts::ContainerCase;
use super::{PodPlace, PodSurroundings, token_injectors, token_needs};
use crate::needs::ProgramNeed;

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

/// All needs that show, for a pod and its containers.
#[must_use]
pub fn find_pod_needs(place: PodPlace<'_>, around: PodSurroundings) -> PodNeeds {
    let mut shared = Vec::new();
    token_needs::find_bound_roles(place, &around.bound_roles, &mut shared);
    token_injectors::find_token_injectors(place, &mut shared);
    let by_container =
        (0..place.pod.containers.len()).map(|index| find_container_needs(place, index, &around));
    PodNeeds { by_container: by_container.collect(), shared }
}

fn find_container_needs(place: PodPlace<'_>, index: usize, around: &PodSurroundings) -> Vec<ProgramNeed> {
    let mut needs = Vec::new();
    let Some(case) = ContainerCase::new(place, index, around) else { return needs };
    let commands = read_commands(place, case.container);
    find_command_privileges(place, &case, &commands, &mut needs);
    needs.extend(around.image_needs.get(index).into_iter().flatten().cloned());
    needs
}
