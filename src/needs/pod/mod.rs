//! Finds what a manifest shows that the programs of one pod need, for the rules and the fixes that change the pod.

mod command_privileges;
mod container_commands;
mod container_facts;
mod pod_needs;
mod pod_place;
mod pod_surroundings;
mod token_injectors;
mod token_needs;

pub use pod_needs::{PodNeeds, find_pod_needs};
pub use pod_place::PodPlace;
pub use pod_surroundings::{BoundRole, PodSurroundings};
