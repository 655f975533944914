//! Tries an app: as it is, then hardened, again and again with what it was found to need, until it lives or nothing more
//! can be told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_differences::{account_difference, engine_differences};
use super::hardening_parts::{HardeningPart, parts_to_try, with_parts};
use super::image_contents::ImageContents;
use super::launch_images::{by_container, preview_image};
use super::left_out_fixes::{TriedAnyway, find_reason_to_leave_out};
use super::local_image::LocalImage;
use super::need_finding::{FailedRun, FoundNeed, folder_need};
use super::part_order::order_parts;
use super::pod_launch::PodLaunch;
use super::pod_runner::run_pod;
use super::pod_volumes::needs_holder;
use super::probes::{HelperImage, needs_helper};
use super::read_launch::LaunchImage;
use super::run_comparison::lives_like;
use super::run_record::PodRun;
use super::run_settings::RunSettings;
use super::trial_error::TrialError;
use super::trial_images::{BuiltImages, ImageSource, PlannedImage, plan_images};
use super::trial_options::TrialOptions;
use super::trial_plan::{PlannedHardening, find_open_keys, launch_now, plan_hardening};
use super::trial_result::{HardenedAttempt, TrialOutcome, TrialResult, TriedImage};
use super::trial_target::TrialTarget;
use super::trial_words::{failure_text, idle_reason, line_about, need_reason, undecided_reason};
use crate::audit::AuditEngine;
use crate::finding::{AssessRisk, FindingKey};
use crate::needs::{NeedKind, ObservedNeed, ObservedNeeds, TriedContainer};

/// The most times that a hardened app is tried.
const MAX_ATTEMPTS: usize = 10;
/// The least time that a run is watched of which only its life is asked.
const SHORT_TIME: Duration = Duration::from_secs(2);

/// What a trial is about to do, for whoever watches it.
#[derive(Clone, Debug)]
pub enum TrialStep<'a> {
    Building { words: Vec<String> },
    RunningAsIs,
    RanAsIs(&'a PodRun),
    RunningHardened { attempt: usize },
    RanHardened(&'a PodRun),
    TryingPart(HardeningPart),
    FoundNeeds(&'a [(String, NeedKind)]),
}

/// A trial of one app.
pub struct AppTrial<'a> {
    engine: &'a ContainerEngine,
    audit: &'a mut AuditEngine,
    target: TrialTarget,
    options: TrialOptions,
    is_awaited: StillAwaited<'a>,
    images: Vec<PlannedImage>,
    tried_anyway: Arc<TriedAnyway>,
    report: &'a mut dyn FnMut(TrialStep<'_>),
    needs: ObservedNeeds,
    breaking_parts: Vec<(HardeningPart, String)>,
    attempts: Vec<HardenedAttempt>,
    /// The time of the runs of which only the life is asked.
    short_time: Duration,
    /// What makes the manifest's probes, where that takes the pod's network.
    helper: Option<Result<HelperImage<'a>, String>>,
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
        let mut built = BuiltImages::new(self.engine, self.options.keeps_images);
        let mut locals: Vec<LocalImage> = Vec::new();
        for planned in self.images.clone() {
            if let ImageSource::Build { words, .. } = &planned.source {
                (self.report)(TrialStep::Building { words: self.engine.command(words) });
            }
            locals.push(built.get(&planned.source, self.is_awaited)?);
        }
        let launch_images = locals.iter().map(|local| LaunchImage {
            name: local.name.clone(),
            uid: local.uid(),
            planned_user: None,
        });
        let images = by_container(&self.images, launch_images.collect());
        let as_is_launch = launch_now(self.audit, &self.target, &images)?;
        let is_helped =
            needs_helper(&as_is_launch) || (needs_holder(&as_is_launch) && !self.engine.is_podman());
        self.helper = is_helped.then(|| HelperImage::make(self.engine));
        (self.report)(TrialStep::RunningAsIs);
        let as_is = run_pod(&self.settings(self.options.time, true), &as_is_launch)?;
        (self.report)(TrialStep::RanAsIs(&as_is));
        let mut result = self.empty_result(&as_is, &locals);
        result.kept_images = built.kept_tags();
        result.differences.clone_from(&as_is_launch.differences);
        result.differences.extend(engine_differences(self.engine));
        if !as_is.is_alive() {
            result.outcome = TrialOutcome::NotDecided(undecided_reason(&as_is).to_owned());
            self.note_token_readers(&as_is);
            result.needs = self.needs.iter().map(|(own, need)| (own.clone(), need.clone())).collect();
            return Ok(result);
        }
        let ready =
            as_is.containers.iter().filter_map(|container| container.ready_after).max().unwrap_or_default();
        self.short_time = self.options.time.min(SHORT_TIME.max(ready * 2 + Duration::from_secs(1)));
        let outcome = self.try_hardened(&as_is, &as_is_launch, &images, &locals, &mut result)?;
        result.outcome = outcome;
        result.attempts = self.attempts;
        result.needs = self.needs.iter().map(|(own, need)| (own.clone(), need.clone())).collect();
        result.breaking_parts = self.breaking_parts;
        Ok(result)
    }

    fn settings(&self, time: Duration, is_thorough: bool) -> RunSettings<'_> {
        let (engine, is_awaited) = (self.engine, self.is_awaited);
        let TrialOptions { has_network, max_written, .. } = self.options;
        let helper = self.helper.as_ref();
        RunSettings { engine, has_network, time, max_written, is_awaited, is_thorough, helper }
    }

    /// Tries the hardened app until it lives or nothing more is found.
    fn try_hardened(
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

    fn plan(&mut self, images: &[LaunchImage]) -> Result<PlannedHardening, TrialError> {
        let assessor: Arc<dyn AssessRisk> = self.tried_anyway.clone();
        self.audit.set_trials(self.needs.clone(), Some(assessor));
        let bounds_memory = self.engine.bounds_memory;
        let is_tried = |key: &FindingKey, part| {
            (bounds_memory || part != HardeningPart::Limits)
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
        let run = run_pod(&self.settings(self.options.time, true), launch)?;
        if !lives_like(as_is, &run) {
            let lasted = run
                .first_failure()
                .map_or(self.short_time, |failed| failed.lasted * 3 / 2 + Duration::from_secs(1));
            self.short_time = self.options.time.min(self.short_time.max(lasted));
        }
        Ok(run)
    }

    /// Finds which parts of the hardening break the app, and what it needs.
    fn learn(
        &mut self,
        as_is: &PodRun,
        as_is_launch: &PodLaunch,
        hardened: &PodLaunch,
        locals: &[LocalImage],
        run: &PodRun,
        is_stuck: bool,
    ) -> Result<HardenedAttempt, TrialError> {
        let mut learned = HardenedAttempt { run: run.clone(), broken_by: Vec::new(), found: Vec::new() };
        // What it wrote as it is and cannot write any more comes first: it is known, and cheap to try.
        if HardeningPart::ReadOnlyRoot.differs(as_is_launch, hardened) && !is_stuck {
            for container in &as_is.containers {
                let Some(own) = hardened.container(&container.name) else { continue };
                let open = container
                    .written
                    .iter()
                    .filter(|place| !place.is_mounted && own.mount_of(&place.folder).is_none());
                let needs: Vec<FoundNeed> = open
                    .map(|place| (folder_need(place), line_about(run, &container.name, &place.folder)))
                    .collect();
                self.add_needs(&container.name, needs, &mut learned);
            }
            if !learned.found.is_empty() {
                learned.broken_by.push(HardeningPart::ReadOnlyRoot);
                return Ok(learned);
            }
        }
        let mut is_user_well = false;
        for part in order_parts(run, as_is_launch, hardened) {
            (self.report)(TrialStep::TryingPart(part));
            let launch = with_parts(as_is_launch, hardened, &parts_to_try(part, is_user_well));
            let partial = run_pod(&self.settings(self.short_time, false), &launch)?;
            if lives_like(as_is, &partial) {
                is_user_well |= part == HardeningPart::User;
                continue;
            }
            learned.broken_by.push(part);
            let needs = self.needs_of(part, (as_is, as_is_launch), (&launch, &partial), locals)?;
            let is_told = needs.iter().any(|(_, needs)| !needs.is_empty());
            for (container, needs) in needs {
                self.add_needs(&container, needs, &mut learned);
            }
            // What was known and did not help, or cannot be told, is left out.
            if learned.found.is_empty() && (is_stuck || !is_told) {
                self.breaking_parts.push((part, failure_text(&partial)));
            }
            // One shows at a time: the others are tried with what this one needs.
            return Ok(learned);
        }
        self.leave_out_one(as_is, as_is_launch, hardened, learned)
    }

    /// Each part alone is well: the one without which all others are is left out.
    fn leave_out_one(
        &mut self,
        as_is: &PodRun,
        as_is_launch: &PodLaunch,
        hardened: &PodLaunch,
        mut learned: HardenedAttempt,
    ) -> Result<HardenedAttempt, TrialError> {
        let differing: Vec<HardeningPart> =
            HardeningPart::ALL.into_iter().filter(|part| part.differs(as_is_launch, hardened)).collect();
        for part in differing.iter().copied().filter(|part| *part != HardeningPart::Mounts) {
            (self.report)(TrialStep::TryingPart(part));
            let others: Vec<HardeningPart> =
                differing.iter().copied().filter(|other| *other != part).collect();
            let launch = with_parts(as_is_launch, hardened, &others);
            if lives_like(as_is, &run_pod(&self.settings(self.short_time, false), &launch)?) {
                learned.broken_by.push(part);
                self.breaking_parts.push((part, failure_text(&learned.run)));
                break;
            }
        }
        Ok(learned)
    }

    /// The needs that a failed run of some parts shows, by the container.
    fn needs_of(
        &self,
        part: HardeningPart,
        (as_is, as_is_launch): (&PodRun, &PodLaunch),
        (launch, partial): (&PodLaunch, &PodRun),
        locals: &[LocalImage],
    ) -> Result<Vec<(String, Vec<FoundNeed>)>, TrialError> {
        let failing = partial.first_failure().or_else(|| {
            // All run, but one does not what it did.
            partial.containers.iter().find(|own| {
                as_is.container(&own.name).is_some_and(|before| !before.ports.is_subset(&own.ports))
            })
        });
        let Some(failed) = failing else { return Ok(Vec::new()) };
        let places = as_is
            .container(&failed.name)
            .zip(launch.container(&failed.name))
            .zip(as_is_launch.container(&failed.name));
        let Some(((seen, own), before)) = places else { return Ok(Vec::new()) };
        let Some(image) = locals.iter().find(|local| local.name == own.image) else { return Ok(Vec::new()) };
        let mut contents = ImageContents::open(self.engine, &own.image, self.is_awaited)?;
        let mut case = FailedRun {
            part,
            failed,
            as_is: seen,
            pod: launch,
            launch: own,
            before,
            image,
            contents: &mut contents,
        };
        Ok(vec![(failed.name.clone(), case.find_needs())])
    }

    /// Adds needs that are not known yet.
    fn add_needs(&mut self, container: &str, needs: Vec<FoundNeed>, learned: &mut HardenedAttempt) {
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
            if own.added.remove(name)
                && lives_like(as_is, &run_pod(&self.settings(self.short_time, false), &without)?)
            {
                launch = without;
                spare.push((container, kind));
            }
        }
        self.needs.retain(|own, need| !spare.iter().any(|(other, kind)| other == own && *kind == need.kind));
        Ok(!spare.is_empty())
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

    fn tried_container(&self, name: &str) -> TriedContainer {
        TriedContainer {
            path: self.audit.path_in_repository(&self.target.path),
            object: self.target.object.clone(),
            container: name.to_owned(),
        }
    }

    /// Takes down what the app lived with.
    fn take_living(
        &self,
        hardening: PlannedHardening,
        as_is: &PodLaunch,
        result: &mut TrialResult,
    ) -> TrialOutcome {
        result.differences.extend(hardening.launch.differences.iter().cloned());
        result.differences.extend(account_difference(self.engine, &hardening.launch));
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
            kept_images: Vec::new(),
        }
    }
}

fn container_name(audit: &AuditEngine, target: &TrialTarget, at: usize) -> String {
    let view = target.find_pod(audit);
    let name = view.and_then(|view| view.pod.containers.get(at)?.name.clone());
    name.unwrap_or_else(|| format!("container-{at}"))
}
