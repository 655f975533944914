//! Runs a pod in the engine, watches it for a while, and takes it away again, whatever happens.

use std::time::{Duration, Instant};

use super::attached_container::AttachedContainer;
use super::image_contents::ImageContents;
use super::observed_writes::find_writes;
use super::pod_launch::{ContainerLaunch, PodLaunch};
use super::pod_volumes::PodVolumes;
use super::probes::ProbeHelper;
use super::run_arguments::{RunPlace, create_words};
use super::run_record::{PodRun, RunEnd};
use super::run_settings::RunSettings;
use super::storage_guard::StorageGuard;
use super::trial_error::TrialError;
use super::trial_marks::unique_name;
use super::trial_things::TrialThings;

/// The time in which a container is made: its files may have to be copied.
const MAKE_TIME: Duration = Duration::from_secs(120);
/// The time between two looks at the containers.
const TICK: Duration = Duration::from_millis(40);
/// The time that the other containers of a pod are watched after one has failed.
const LAST_LOOK: Duration = Duration::from_millis(300);

/// Runs a pod.
///
/// # Errors
/// When the engine cannot make it; what the program does is no error.
pub(super) fn run_pod(settings: &RunSettings<'_>, pod: &PodLaunch) -> Result<PodRun, TrialError> {
    let mut things = TrialThings::new(settings.engine);
    let volumes = PodVolumes::make(settings, pod, &mut things)?;
    let guard = StorageGuard::new(settings.engine, settings.max_written);
    let mut run = PodRun::default();
    for own in pod.containers.iter().filter(|container| container.is_init) {
        let container = make_container(settings, (pod, own), None, &volumes, &mut things)?;
        let name = container.name.clone();
        let mut watched = [container];
        watch(settings, &mut watched, None, &guard)?;
        run.containers.extend(watched.map(|container| container.finish(settings)));
        things.remove_container(&name);
        if !run.is_alive() {
            return Ok(run);
        }
    }
    let mut containers: Vec<AttachedContainer<'_>> = Vec::new();
    for own in pod.main_containers() {
        let first = containers.first().map(|first| first.name.clone());
        containers.push(make_container(settings, (pod, own), first.as_deref(), &volumes, &mut things)?);
    }
    let first = containers.first().map_or("", |first| first.name.as_str()).to_owned();
    let mut helper = settings.helper.and_then(|image| {
        ProbeHelper::make(settings.engine, image, (pod, &first), &mut things, settings.is_awaited)
    });
    let started = Instant::now();
    watch(settings, &mut containers, helper.as_mut(), &guard)?;
    run.watched = started.elapsed();
    for container in containers {
        let (own, name) = (container.launch, container.name.clone());
        let mut record = container.finish(settings);
        if settings.is_thorough && !matches!(record.end, RunEnd::NotStarted { .. }) {
            let mut image = ImageContents::open(settings.engine, &own.image, settings.is_awaited)?;
            record.written = find_writes(settings.engine, own, &name, &mut image);
            record.read_token = volumes.was_token_read(own);
        }
        run.containers.push(record);
    }
    Ok(run)
}

fn make_container<'p>(
    settings: &RunSettings<'_>,
    (pod, own): (&PodLaunch, &'p ContainerLaunch),
    first: Option<&str>,
    volumes: &PodVolumes,
    things: &mut TrialThings<'_>,
) -> Result<AttachedContainer<'p>, TrialError> {
    let name = unique_name(&own.name);
    things.note_container(&name);
    let volume_name = |volume: &str| volumes.engine_name(volume);
    let has_network = settings.has_network;
    let place = RunPlace { name: &name, shares_network_of: first, has_network, volume_name: &volume_name };
    let words = create_words(settings.engine.kind, pod, own, &place);
    let answer = settings.engine.run(&words, MAKE_TIME, settings.is_awaited)?;
    if !answer.succeeded() {
        return Err(TrialError::refused(format!("making the container `{}`", own.name), &answer.stderr));
    }
    AttachedContainer::start(settings.engine, own, &name)
}

/// Watches containers until their time is over, one fails, or all have ended.
fn watch(
    settings: &RunSettings<'_>,
    containers: &mut [AttachedContainer<'_>],
    mut helper: Option<&mut ProbeHelper>,
    guard: &StorageGuard,
) -> Result<(), TrialError> {
    let deadline = Instant::now() + settings.time;
    let mut end = deadline;
    loop {
        let now = Instant::now();
        if let Some(helper) = &mut helper {
            if containers.first().is_some_and(AttachedContainer::has_network) {
                helper.start(settings.engine);
            }
            helper.look();
        }
        for container in &mut *containers {
            container.look(settings, helper.as_deref());
            if container.has_failed() && end == deadline {
                end = deadline.min(now + LAST_LOOK);
            }
        }
        if now >= end || containers.iter().all(AttachedContainer::has_ended) {
            return Ok(());
        }
        if !(settings.is_awaited)() {
            return Err(TrialError::Stopped);
        }
        if let Some(reason) = guard.find_breach() {
            containers.iter_mut().for_each(|container| container.stop(settings, &reason));
            return Ok(());
        }
        std::thread::sleep(TICK);
    }
}
