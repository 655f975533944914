//! Makes the probes of a manifest where a kubelet's answer can be had in a trial: within the network of its containers.

mod grpc_health;
mod helper_files;
mod helper_image;
mod launch_probe;
mod own_tools;
mod probe_helper;
mod probe_loop;
mod probe_request;
mod probe_states;
mod probe_verdict;
mod read_probes;

pub(super) use helper_image::{HelperImage, needs_helper};
pub use launch_probe::{HttpProbe, LaunchProbe, ProbeAction, ProbeKind, ProbeTiming};
pub(super) use own_tools::read_ports_inside;
pub(super) use probe_helper::ProbeHelper;
pub use probe_loop::run_probe_helper;
pub(super) use probe_states::{AskedContainer, ProbeStates};
pub(super) use read_probes::{read_action, read_probes};
