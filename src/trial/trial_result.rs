//! Holds what came of a trial, for those who show it and those who keep it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::hardening_parts::HardeningPart;
use super::run_record::{PodRun, RunEnd, seconds_text};
use super::trial_target::TrialTarget;
use crate::base::at_or_below;
use crate::finding::FindingKey;
use crate::fix::FixPlan;
use crate::needs::{NeedKind, ObservedNeed, TriedContainer};

/// What came of the trial of one app.
#[derive(Clone, Debug)]
pub struct TrialResult {
    pub target: TrialTarget,
    /// Such as `podman 4.3`.
    pub engine: String,
    /// The time that a run was watched.
    pub time: Duration,
    pub images: Vec<TriedImage>,
    pub outcome: TrialOutcome,
    /// The app as it is.
    pub as_is: PodRun,
    /// The hardened app, try by try.
    pub attempts: Vec<HardenedAttempt>,
    pub needs: Vec<(TriedContainer, ObservedNeed)>,
    /// The parts of the hardening that break the app, each with what was seen.
    pub breaking_parts: Vec<(HardeningPart, String)>,
    /// The fixes that ran, each with its part.
    pub tried: Vec<(FindingKey, HardeningPart)>,
    /// The fixes that are left out, since they break the app, each with what was seen.
    pub breaking: Vec<(FindingKey, String)>,
    /// The fix that the app lived with.
    pub plan: Option<FixPlan>,
    /// What a trial cannot mirror of a cluster.
    pub differences: BTreeSet<String>,
    /// What the trial could not tell, each in words that stand behind "not known".
    pub unknowns: BTreeSet<String>,
    /// The images that were built and are kept.
    pub kept_images: Vec<String>,
}

/// The image of a container, as it was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedImage {
    pub container: String,
    /// As the manifest has it.
    pub reference: String,
    /// The digest of its configuration.
    pub id: String,
    pub was_built: bool,
}

/// What a trial decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialOutcome {
    /// It lives with the whole hardening.
    Lives,
    /// It lives with as much as its needs leave.
    LivesWithNeeds,
    /// The trial tells nothing, for this reason.
    NotDecided(String),
}

/// One try of the hardened app.
#[derive(Clone, Debug)]
pub struct HardenedAttempt {
    pub run: PodRun,
    /// The parts that break it alone.
    pub broken_by: Vec<HardeningPart>,
    /// What it was found to need, container by container.
    pub found: Vec<(String, NeedKind)>,
}

impl TrialResult {
    /// The run that the hardened app lived through.
    #[must_use]
    pub fn living_run(&self) -> Option<&PodRun> {
        let has_lived = matches!(self.outcome, TrialOutcome::Lives | TrialOutcome::LivesWithNeeds);
        self.attempts.last().filter(|_| has_lived).map(|attempt| &attempt.run)
    }

    /// What it did hardened, in words that can stand within a sentence: never more than was seen.
    #[must_use]
    pub fn lived_text(&self) -> String {
        let mains =
            || self.living_run().into_iter().flat_map(|run| &run.containers).filter(|own| !own.is_init);
        let has_ended = mains().next().is_some() && mains().all(|own| own.end == RunEnd::Exited(0));
        let what = if has_ended {
            "started and ran to its end".to_owned()
        } else {
            format!("started and ran {}", seconds_text(self.time))
        };
        format!("{what} hardened, {}", self.engine)
    }

    /// The folders that a container wrote as it is and cannot write hardened, although it lived: what it did then is not
    /// known. What lay in memory is gone with a program that ended: a folder that is known to be needed was written.
    #[must_use]
    pub fn unwritten_folders(&self) -> Vec<(String, String)> {
        let Some(living) = self.living_run() else { return Vec::new() };
        let mut found = Vec::new();
        for before in &self.as_is.containers {
            let Some(now) = living.container(&before.name) else { continue };
            let is_written = |folder: &str| now.written.iter().any(|own| own.folder == folder);
            let is_needed = |folder: &str| {
                let mut own = self.needs.iter().filter(|(container, _)| container.container == before.name);
                own.any(|(_, need)| matches!(&need.kind, NeedKind::WrittenPath(path) if at_or_below(folder, path)))
            };
            let is_missed =
                |folder: &str| now.unseen_writes.is_none() && !is_written(folder) && !is_needed(folder);
            let missed = before.written.iter().filter(|own| !own.is_mounted && is_missed(&own.folder));
            found.extend(missed.map(|own| (before.name.clone(), own.folder.clone())));
        }
        found
    }

    /// True where the program read the token, which is a fake: nothing is known of what it does with a real one.
    #[must_use]
    pub fn read_fake_token(&self) -> bool {
        self.as_is.containers.iter().any(|container| container.read_token)
            || self.needs.iter().any(|(_, need)| need.kind == NeedKind::ApiToken)
    }
}
