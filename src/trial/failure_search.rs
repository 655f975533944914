//! Finds which part of the hardening breaks an app, and what the app needs, by trying the parts one by one.

use super::app_trial::{AppTrial, TrialStep};
use super::hardening_parts::{HardeningPart, parts_to_try, with_parts};
use super::image_contents::ImageContents;
use super::local_image::LocalImage;
use super::need_finding::{FailedRun, FoundNeed, folder_need};
use super::part_order::order_parts;
use super::pod_launch::PodLaunch;
use super::run_comparison::lives_like;
use super::run_record::PodRun;
use super::trial_error::TrialError;
use super::trial_result::HardenedAttempt;
use super::trial_words::{failure_text, line_about, memory_reason};

impl AppTrial<'_> {
    /// Finds which parts of the hardening break the app, and what it needs.
    pub(super) fn learn(
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
            let partial = self.run_believed(&launch, (self.short_time, false), as_is)?;
            if lives_like(as_is, &partial) {
                is_user_well |= part == HardeningPart::User;
                continue;
            }
            learned.broken_by.push(part);
            if part == HardeningPart::Limits && partial.volumes_in_memory {
                self.breaking_parts.push((part, memory_reason(&partial)));
                return Ok(learned);
            }
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
            if self.lives_shortly(&with_parts(as_is_launch, hardened, &others), as_is)? {
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
}
