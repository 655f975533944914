//! Finds what a manifest shows that the programs of one pod need, for the rules and the fixes that change the pod.

mod pod_needs;
mod pod_place;
mod token_injectors;
mod token_needs;

pub use pod_needs::{BoundRole, PodNeeds, PodSurroundings, find_pod_needs};
pub use pod_place::PodPlace;
