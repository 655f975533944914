//! Bundles what every run of a pod is made with.

use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::probes::HelperImage;

/// What a run is made with.
#[derive(Clone, Copy)]
pub(super) struct RunSettings<'a> {
    pub engine: &'a ContainerEngine,
    pub has_network: bool,
    /// The time that it is watched.
    pub time: Duration,
    /// The most that it may write to the disk, in bytes.
    pub max_written: u64,
    pub is_awaited: StillAwaited<'a>,
    /// True where all is observed; false where it is only asked whether the pod lives.
    pub is_thorough: bool,
    /// What asks through the pod's network; else why there is none. None where no probe needs it.
    pub helper: Option<&'a Result<HelperImage<'a>, String>>,
}
