//! Tries an app: as it is, then hardened, again and again with what it was found to need, until it lives or nothing more
//! can be told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_differences::{engine_differences, pod_differences, run_differences, unknown_writes};
use super::hardening_parts::HardeningPart;
use super::launch_images::{by_container, preview_image, read_accounts, tried_image};
use super::left_out_fixes::{BreakingParts, TriedAnyway, find_reason_to_leave_out};
use super::local_image::LocalImage;
use super::pod_launch::PodLaunch;
use super::pod_runner::run_pod;
use super::pod_volumes::needs_holder;
use super::probes::{HelperImage, needs_helper};
use super::read_launch::LaunchImage;
use super::run_record::PodRun;
use super::run_settings::RunSettings;
use super::trial_error::TrialError;
use super::trial_images::{BuiltImages, ImageSource, PlannedImage, plan_images};
use super::trial_options::TrialOptions;
use super::trial_plan::{PlannedHardening, find_open_keys, launch_now};
use super::trial_result::{HardenedAttempt, TrialOutcome, TrialResult, TriedImage};
use super::trial_target::TrialTarget;
use super::trial_words::{failure_text, idle_reason, undecided_reason};
use crate::audit::AuditEngine;
use crate::needs::{NeedKind, ObservedNeed, ObservedNeeds, TriedContainer};

/// The least time that a run is watched of which only its life is asked.
const SHORT_TIME: Duration = Duration::from_secs(2);

/// What a trial is about to do, for whoever watches it.
#[derive(Clone, Debug)]
pub enum TrialStep<'a> {
    Building {
        words: Vec<String>,
    },
    RunningAsIs,
    RanAsIs(&'a PodRun),
    RunningHardened {
        attempt: usize,
    },
    RanHardened(&'a PodRun),
    TryingPart(HardeningPart),
    /// It failed, and lived when it was run again.
    FailedOnce(&'a PodRun),
    FoundNeeds(&'a [(String, NeedKind)]),
}

/// A trial of one app.
pub struct AppTrial<'a> {
    pub(super) engine: &'a ContainerEngine,
    pub(super) audit: &'a mut AuditEngine,
    pub(super) target: TrialTarget,
    pub(super) options: TrialOptions,
    pub(super) is_awaited: StillAwaited<'a>,
    pub(super) images: Vec<PlannedImage>,
    pub(super) tried_anyway: Arc<TriedAnyway>,
    pub(super) report: &'a mut dyn FnMut(TrialStep<'_>),
    pub(super) needs: ObservedNeeds,
    pub(super) breaking_parts: BreakingParts,
    pub(super) attempts: Vec<HardenedAttempt>,
    /// How it failed once where it lived when it was run again.
    pub(super) failed_once: Option<String>,
    /// The time of the runs of which only the life is asked.
    pub(super) short_time: Duration,
    /// What makes the manifest's probes, where that takes the pod's network.
    pub(super) helper: Option<Result<HelperImage<'a>, String>>,
}

impl<'a> AppTrial<'a> {
    /// Looks for the app's images; nothing is run yet.
    ///
    /// # Errors
    /// When one is not here and not built here.
    pub fn prepare(
        engine: &'a ContainerEngine,
        audit: &'a mut AuditEngine,
        target: TrialTarget,
        options: TrialOptions,
        is_awaited: StillAwaited<'a>,
        report: &'a mut dyn FnMut(TrialStep<'_>),
    ) -> Result<Self, TrialError> {
        let gone = || TrialError::CannotMirror(format!("{} is not in {}", target.object, target.path));
        let view = target.find_pod(audit).ok_or_else(gone)?;
        let images = plan_images(engine, audit, view, options.has_network, is_awaited)?;
        // What earlier trials saw is seen anew.
        audit.forget_observations();
        let tried_anyway =
            target.find_pod(audit).map(|view| TriedAnyway::for_pod(audit, view)).ok_or_else(gone)?;
        Ok(Self {
            engine,
            audit,
            target,
            options,
            is_awaited,
            images,
            tried_anyway: Arc::new(tried_anyway),
            report,
            needs: ObservedNeeds::default(),
            breaking_parts: Vec::new(),
            attempts: Vec::new(),
            failed_once: None,
            short_time: SHORT_TIME,
            helper: None,
        })
    }

    /// What will be run: the images, and the pod as it is.
    ///
    /// # Errors
    /// When the pod cannot be mirrored.
    pub fn preview(&self) -> Result<(Vec<PlannedImage>, PodLaunch), TrialError> {
        let images: Vec<LaunchImage> = self.images.iter().map(preview_image).collect();
        let launch = launch_now(self.audit, &self.target, &by_container(&self.images, images))?;
        Ok((self.images.clone(), launch))
    }

    /// Runs it all.
    ///
    /// # Errors
    /// When the engine does not do its part, or nobody waits any more.
    pub fn run(mut self) -> Result<TrialResult, TrialError> {
        let mut built = BuiltImages::new(self.engine, self.options.keeps_images, self.is_awaited);
        let mut locals: Vec<LocalImage> = Vec::new();
        for planned in self.images.clone() {
            if let ImageSource::Build { words, .. } = &planned.source {
                (self.report)(TrialStep::Building { words: self.engine.command(words) });
            }
            let local = built.get(&planned.source, self.is_awaited)?;
            let known = locals.iter().find(|other| other.id == local.id && other.name == local.name).cloned();
            locals.push(match known {
                Some(known) => known,
                None => read_accounts(self.engine, local, self.is_awaited)?,
            });
        }
        let images = by_container(&self.images, locals.iter().map(tried_image).collect());
        let as_is_launch = launch_now(self.audit, &self.target, &images)?;
        let is_helped =
            needs_helper(&as_is_launch) || (needs_holder(&as_is_launch) && !self.engine.is_podman());
        self.helper = is_helped.then(|| HelperImage::make(self.engine, self.is_awaited));
        (self.report)(TrialStep::RunningAsIs);
        let as_is = self.run_as_it_is(&as_is_launch)?;
        (self.report)(TrialStep::RanAsIs(&as_is));
        let mut result = self.empty_result(&as_is, &locals);
        result.kept_images = built.kept_tags();
        result.differences.clone_from(&as_is_launch.differences);
        result.differences.extend(engine_differences(self.engine));
        result.differences.extend(run_differences(&as_is));
        result.unknowns.extend(unknown_writes(&as_is));
        if !as_is.is_alive() {
            result.outcome = TrialOutcome::NotDecided(undecided_reason(&as_is));
            self.note_token_readers(&as_is);
            result.needs = self.needs.iter().map(|(own, need)| (own.clone(), need.clone())).collect();
            return Ok(result);
        }
        let ready =
            as_is.containers.iter().filter_map(|container| container.ready_after).max().unwrap_or_default();
        self.short_time = self.options.time.min(SHORT_TIME.max(ready * 2 + Duration::from_secs(1)));
        let outcome = self.try_hardened(&as_is, &as_is_launch, &images, &locals, &mut result)?;
        result.outcome = outcome;
        result.unknowns.extend(self.failed_once.take().map(|how| {
            format!("how often it fails by itself: it failed once, and lived when it was run again ({how})")
        }));
        result.attempts = self.attempts;
        result.needs = self.needs.iter().map(|(own, need)| (own.clone(), need.clone())).collect();
        result.breaking_parts = self.breaking_parts;
        Ok(result)
    }

    /// Runs the app as it is; one that ends otherwise than well is run once more, before that is believed.
    fn run_as_it_is(&mut self, launch: &PodLaunch) -> Result<PodRun, TrialError> {
        let first = run_pod(&self.settings(self.options.time, true), launch)?;
        if !first.has_ended_badly() {
            return Ok(first);
        }
        let second = run_pod(&self.settings(self.options.time, true), launch)?;
        if second.is_alive() {
            (self.report)(TrialStep::FailedOnce(&first));
            self.failed_once = Some(failure_text(&first));
        }
        Ok(second)
    }

    pub(super) fn settings(&self, time: Duration, is_thorough: bool) -> RunSettings<'_> {
        let (engine, is_awaited) = (self.engine, self.is_awaited);
        let TrialOptions { has_network, max_written, .. } = self.options;
        let helper = self.helper.as_ref();
        RunSettings { engine, has_network, time, max_written, is_awaited, is_thorough, helper }
    }

    /// Notes who read the token of an app that does not start here.
    fn note_token_readers(&mut self, as_is: &PodRun) {
        let readers: Vec<String> =
            as_is.containers.iter().filter(|own| own.read_token).map(|own| own.name.clone()).collect();
        for name in readers {
            let reason =
                format!("`{name}` read the token of the API in a trial ({})", self.engine.short_name());
            self.needs.add(self.tried_container(&name), ObservedNeed { kind: NeedKind::ApiToken, reason });
        }
    }

    pub(super) fn tried_container(&self, name: &str) -> TriedContainer {
        TriedContainer {
            path: self.audit.path_in_repository(&self.target.path),
            object: self.target.object.clone(),
            container: name.to_owned(),
        }
    }

    /// Takes down what the app lived with.
    pub(super) fn take_living(
        &self,
        hardening: PlannedHardening,
        as_is: &PodLaunch,
        result: &mut TrialResult,
    ) -> TrialOutcome {
        result.differences.extend(hardening.launch.differences.iter().cloned());
        result.differences.extend(pod_differences(self.engine, &hardening.launch));
        result.differences.extend(self.attempts.last().iter().flat_map(|last| run_differences(&last.run)));
        let was_changed = HardeningPart::ALL.into_iter().any(|part| part.differs(as_is, &hardening.launch));
        let tried: BTreeSet<_> = hardening.tried.iter().map(|(key, _)| key.clone()).collect();
        for (key, part) in find_open_keys(self.audit, &self.target) {
            let by_plan = || {
                let left = hardening.plan.as_ref()?.breaking_fixes.iter().find(|left| left.key == key)?;
                left.assessment.causes().into_iter().next()
            };
            let seen = find_reason_to_leave_out(&key, part, &self.breaking_parts, &self.needs);
            if let Some(reason) = seen.or_else(by_plan).filter(|_| !tried.contains(&key)) {
                result.breaking.push((key, reason));
            }
        }
        result.tried = hardening.tried;
        result.plan = hardening.plan;
        if self.needs.is_empty() && self.breaking_parts.is_empty() && result.breaking.is_empty() {
            if was_changed {
                TrialOutcome::Lives
            } else {
                TrialOutcome::NotDecided(idle_reason(&self.target))
            }
        } else {
            TrialOutcome::LivesWithNeeds
        }
    }

    fn empty_result(&self, as_is: &PodRun, locals: &[LocalImage]) -> TrialResult {
        let images = self.images.iter().zip(locals).map(|(planned, local)| TriedImage {
            container: container_name(self.audit, &self.target, planned.container),
            reference: planned.reference.clone(),
            id: local.id.clone(),
            was_built: matches!(planned.source, ImageSource::Build { .. }),
        });
        TrialResult {
            target: self.target.clone(),
            engine: self.engine.short_name(),
            time: self.options.time,
            images: images.collect(),
            outcome: TrialOutcome::Lives,
            as_is: as_is.clone(),
            attempts: Vec::new(),
            needs: Vec::new(),
            breaking_parts: Vec::new(),
            tried: Vec::new(),
            breaking: Vec::new(),
            plan: None,
            differences: BTreeSet::new(),
            unknowns: BTreeSet::new(),
            kept_images: Vec::new(),
        }
    }
}

fn container_name(audit: &AuditEngine, target: &TrialTarget, at: usize) -> String {
    let view = target.find_pod(audit);
    let name = view.and_then(|view| view.pod.containers.get(at)?.name.clone());
    name.unwrap_or_else(|| format!("container-{at}"))
}
