//! Knows which kinds of objects hold containers, and finds these, for all that reads pods.

mod default_places;
mod kind_table;
mod place_search;
mod pod_location;
mod pod_search;
mod shape_search;

pub use kind_table::holds_containers_by_kind;
pub(super) use kind_table::{PlaceContent, places_of};
pub(super) use place_search::{FoundNode, find_nodes};
pub use pod_location::PodCompleteness;
pub(super) use pod_location::{ContainerLocation, PodLocation};
pub(super) use pod_search::{find_pod_places, is_own_workload};
