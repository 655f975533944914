//! Holds what a person asks of a trial, and what holds where nothing is asked.

use std::time::Duration;

use crate::settings::Settings;

/// The time that each run is watched where nobody says another.
const RUN_TIME: Duration = Duration::from_secs(30);

/// The most that a run may write to the disk where nobody says another amount, in bytes.
const MAX_WRITTEN: u64 = 1024 * 1024 * 1024;

/// The time that each run is watched by the settings.
#[must_use]
pub fn run_time(settings: &Settings) -> Duration {
    settings.trial_seconds.map_or(RUN_TIME, Duration::from_secs)
}

/// What a person asks of a trial.
#[derive(Clone, Copy, Debug)]
pub struct TrialOptions {
    /// The time that a run is watched.
    pub time: Duration,
    pub has_network: bool,
    pub keeps_images: bool,
    /// The most that a run may write to the disk, in bytes.
    pub max_written: u64,
}

impl TrialOptions {
    /// A trial that watches each run for so long, and asks for nothing else.
    #[must_use]
    pub const fn watching(time: Duration) -> Self {
        Self { time, has_network: false, keeps_images: false, max_written: MAX_WRITTEN }
    }
}
