//! Checks how a pod, and what it serves, can be reached over the network.

pub(super) mod dangling_selector;
pub(super) mod exposed_service;
pub(super) mod host_network;
pub(super) mod host_port;
pub(super) mod missing_network_policy;
