//! Tries the hardened app again and again, each time with what it was found to need, until it lives or nothing more is told.

use std::sync::Arc;
use std::time::Duration;

use super::app_trial::{AppTrial, TrialStep};
use super::hardening_parts::HardeningPart;
use super::left_out_fixes::find_reason_to_leave_out;
use super::local_image::LocalImage;
use super::need_finding::{FoundNeed, folder_need};
use super::pod_launch::PodLaunch;
use super::pod_runner::run_pod;
use super::read_launch::LaunchImage;
use super::run_comparison::lives_like;
use super::run_record::PodRun;
use super::trial_error::TrialError;
use super::trial_plan::{PlannedHardening, find_open_keys, plan_hardening};
use super::trial_result::{HardenedAttempt, TrialOutcome, TrialResult};
use super::trial_words::{failure_text, limit_reason, need_reason};
use crate::finding::{AssessRisk, FindingKey};
use crate::needs::{NeedKind, ObservedNeed, TriedContainer};

/// The most times that a hardened app is tried.
const MAX_ATTEMPTS: usize = 10;

impl AppTrial<'_> {
    /// Tries the hardened app until it lives or nothing more is found.
    pub(super) fn try_hardened(
        &mut self,
        as_is: &PodRun,
        as_is_launch: &PodLaunch,
        images: &[LaunchImage],
        locals: &[LocalImage],
        result: &mut TrialResult,
    ) -> Result<TrialOutcome, TrialError> {
        let mut before: Option<PodLaunch> = None;
        for attempt in 1..=MAX_ATTEMPTS {
            let mut hardening = self.plan(images)?;
            if attempt == 1 {
                hardening = self.mount_what_was_written(as_is, images, hardening)?;
            }
            (self.report)(TrialStep::RunningHardened { attempt });
            let mut run = self.run_hardened(&hardening.launch, as_is)?;
            if lives_like(as_is, &run) && self.lift_capabilities(as_is, &hardening.launch)? {
                hardening = self.plan(images)?;
                run = self.run_hardened(&hardening.launch, as_is)?;
            }
            (self.report)(TrialStep::RanHardened(&run));
            if lives_like(as_is, &run) {
                self.attempts.push(HardenedAttempt { run, broken_by: Vec::new(), found: Vec::new() });
                return Ok(self.take_living(hardening, as_is_launch, result));
            }
            if let Some(reason) = self.find_other_cause(attempt, as_is_launch, &run)? {
                self.attempts.push(HardenedAttempt { run, broken_by: Vec::new(), found: Vec::new() });
                return Ok(TrialOutcome::NotDecided(reason));
            }
            let is_stuck = before.as_ref() == Some(&hardening.launch);
            let found = self.learn(as_is, as_is_launch, &hardening.launch, locals, &run, is_stuck)?;
            (self.report)(TrialStep::FoundNeeds(&found.found));
            let is_open = found.found.is_empty() && found.broken_by.is_empty();
            self.attempts.push(found);
            if is_open {
                return Ok(TrialOutcome::NotDecided(
                    "it does not live hardened, and nothing tells why".to_owned(),
                ));
            }
            before = Some(hardening.launch);
        }
        Ok(TrialOutcome::NotDecided(format!("it does not live hardened after {MAX_ATTEMPTS} tries")))
    }

    /// Why a failure of the hardened app tells nothing of the hardening: a limit of the trial's own was met, or it fails as it
    /// is, too, when that is run again.
    fn find_other_cause(
        &self,
        attempt: usize,
        as_is_launch: &PodLaunch,
        run: &PodRun,
    ) -> Result<Option<String>, TrialError> {
        if run.met_process_limit() {
            return Ok(Some(limit_reason()));
        }
        if attempt > 1 {
            return Ok(None);
        }
        let again = run_pod(&self.settings(self.short_time, false), as_is_launch)?;
        Ok(again
            .has_ended_badly()
            .then(|| format!("it does not always live here as it is either ({})", failure_text(&again))))
    }

    fn plan(&mut self, images: &[LaunchImage]) -> Result<PlannedHardening, TrialError> {
        let assessor: Arc<dyn AssessRisk> = self.tried_anyway.clone();
        self.audit.set_trials(self.needs.clone(), Some(assessor));
        let limits = self.engine.limits;
        let is_tried = |key: &FindingKey, part| {
            (part != HardeningPart::Limits || limits.hold_for(key.rule))
                && find_reason_to_leave_out(key, part, &self.breaking_parts, &self.needs).is_none()
        };
        plan_hardening(self.audit, &self.target, images, &is_tried)
    }

    /// Where a read-only root is not planned, since the files do not say what is written: with what was seen to be.
    fn mount_what_was_written(
        &mut self,
        as_is: &PodRun,
        images: &[LaunchImage],
        hardening: PlannedHardening,
    ) -> Result<PlannedHardening, TrialError> {
        let is_planned = |hardening: &PlannedHardening, open: &FindingKey| {
            hardening.tried.iter().any(|(key, _)| key == open)
        };
        let open = find_open_keys(self.audit, &self.target);
        let mut unplanned = open.iter().filter(|(_, part)| *part == HardeningPart::ReadOnlyRoot);
        let Some((open, _)) = unplanned.find(|(key, _)| !is_planned(&hardening, key)) else {
            return Ok(hardening);
        };
        let before = self.needs.clone();
        let mut seen = HardenedAttempt { run: PodRun::default(), broken_by: Vec::new(), found: Vec::new() };
        for own in &as_is.containers {
            let written = own.written.iter().filter(|place| !place.is_mounted && !place.is_filled);
            self.add_needs(&own.name, written.map(|place| (folder_need(place), None)).collect(), &mut seen);
        }
        let other = self.plan(images)?;
        if is_planned(&other, open) {
            (self.report)(TrialStep::FoundNeeds(&seen.found));
            return Ok(other);
        }
        // It is kept back for another reason.
        self.needs = before;
        self.plan(images)
    }

    /// Runs the hardened app for the whole time. Where it fails, its parts are watched for a little longer than it took.
    fn run_hardened(&mut self, launch: &PodLaunch, as_is: &PodRun) -> Result<PodRun, TrialError> {
        let run = self.run_believed(launch, (self.options.time, true), as_is)?;
        if !lives_like(as_is, &run) {
            let lasted = run
                .first_failure()
                .map_or(self.short_time, |failed| failed.lasted * 3 / 2 + Duration::from_secs(1));
            self.short_time = self.options.time.min(self.short_time.max(lasted));
        }
        Ok(run)
    }

    /// Runs a pod for a time, thoroughly or not. A run that fails is made once more before it is believed: many a program
    /// fails by itself now and then.
    pub(super) fn run_believed(
        &mut self,
        launch: &PodLaunch,
        (time, is_thorough): (Duration, bool),
        as_is: &PodRun,
    ) -> Result<PodRun, TrialError> {
        let first = run_pod(&self.settings(time, is_thorough), launch)?;
        if lives_like(as_is, &first) {
            return Ok(first);
        }
        let second = run_pod(&self.settings(time, is_thorough), launch)?;
        if lives_like(as_is, &second) {
            (self.report)(TrialStep::FailedOnce(&first));
            self.failed_once.get_or_insert_with(|| failure_text(&first));
        }
        Ok(second)
    }

    /// True where the app lives so for the short time.
    pub(super) fn lives_shortly(&mut self, launch: &PodLaunch, as_is: &PodRun) -> Result<bool, TrialError> {
        Ok(lives_like(as_is, &self.run_believed(launch, (self.short_time, false), as_is)?))
    }

    /// Adds needs that are not known yet.
    pub(super) fn add_needs(
        &mut self,
        container: &str,
        needs: Vec<FoundNeed>,
        learned: &mut HardenedAttempt,
    ) {
        for (kind, line) in needs {
            let own = self.tried_container(container);
            let is_known = self.needs.iter().any(|(other, need)| *other == own && need.kind == kind);
            if !is_known {
                let reason = need_reason(container, &kind, line.as_deref(), &self.engine.short_name());
                self.needs.add(own, ObservedNeed { kind: kind.clone(), reason });
                learned.found.push((container.to_owned(), kind));
            }
        }
    }

    /// Takes back each capability that is not missed; true where one was.
    fn lift_capabilities(&mut self, as_is: &PodRun, hardened: &PodLaunch) -> Result<bool, TrialError> {
        let mut spare: Vec<(TriedContainer, NeedKind)> = Vec::new();
        let given: Vec<(TriedContainer, NeedKind)> =
            self.needs.iter().map(|(own, need)| (own.clone(), need.kind.clone())).collect();
        let mut launch = hardened.clone();
        for (container, kind) in given {
            let NeedKind::Capability(name) = &kind else { continue };
            let mut without = launch.clone();
            let Some(own) = without.containers.iter_mut().find(|own| own.name == container.container) else {
                continue;
            };
            if own.added.remove(name) && self.lives_shortly(&without, as_is)? {
                launch = without;
                spare.push((container, kind));
            }
        }
        self.needs.retain(|own, need| !spare.iter().any(|(other, kind)| other == own && *kind == need.kind));
        Ok(!spare.is_empty())
    }
}
