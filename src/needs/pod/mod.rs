//! Finds what a manifest shows that the programs of one pod need, for the rules and the fixes that change the pod.

mod agreed_uids;
mod api_clients;
mod client_commands;
mod command_privileges;
mod container_commands;
mod container_facts;
mod container_writes;
mod granted_capabilities;
mod kept_volumes;
mod low_ports;
mod memory_amounts;
mod memory_needs;
mod node_access;
mod platform_needs;
mod pod_needs;
mod pod_place;
mod pod_surroundings;
mod token_injectors;
mod token_needs;
mod token_volumes;
mod value_reasons;

pub use client_commands::runs_only_clients;
pub use container_writes::find_written_folders;
pub use kept_volumes::{index_volumes, is_shared_claim};
pub use low_ports::lowest_open_port;
pub(super) use low_ports::{listen_port, speaks_of_listening};
pub(super) use memory_amounts::show_amount;
pub(super) use memory_needs::{stated_amounts, variable_amounts};
pub use platform_needs::is_openshift_group;
pub use pod_needs::{PodNeeds, find_pod_needs, find_token_needs};
pub use pod_place::PodPlace;
pub use pod_surroundings::{BoundRole, PodSurroundings};
pub use token_needs::MAX_BOUND_ROLES;
pub use token_volumes::{AUTOMATIC_VOLUME_PREFIX, find_token_volumes};
pub use value_reasons::{find_value_reason, name_field};
