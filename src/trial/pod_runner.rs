//! Runs a pod in the engine, watches it for a while, and takes it away again, whatever happens.

use std::time::{Duration, Instant};

use super::attached_container::AttachedContainer;
use super::image_contents::{ImageContents, list_files};
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
use super::volume_archive::pack_folders;

/// The time in which a container is made: its files may have to be copied.
const MAKE_TIME: Duration = Duration::from_secs(120);
/// The time between two looks at the containers.
const TICK: Duration = Duration::from_millis(40);
/// The longest that the engine may take to start all of a pod's containers before their time begins.
const START_TIME: Duration = Duration::from_secs(30);
/// The time that the other containers of a pod are watched after one has failed.
const LAST_LOOK: Duration = Duration::from_millis(300);

/// Runs a pod.
///
/// # Errors
/// When the engine cannot make it; what the program does is no error.
pub(super) fn run_pod(settings: &RunSettings<'_>, pod: &PodLaunch) -> Result<PodRun, TrialError> {
    let mut things = TrialThings::new(settings.engine, settings.is_awaited);
    let volumes = PodVolumes::make(settings, pod, &mut things)?;
    let guard = StorageGuard::new(settings.engine, settings.max_written);
    let mut run = PodRun { volumes_in_memory: volumes.are_in_memory(), ..PodRun::default() };
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
            let is_awaited = settings.is_awaited;
            (record.written, record.unseen_writes) =
                find_writes(settings.engine, own, &name, &mut image, is_awaited);
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
    let words = create_words((settings.engine.kind, settings.engine.limits), pod, own, &place);
    let answer = settings.engine.run(&words, MAKE_TIME, settings.is_awaited)?;
    if !answer.succeeded() {
        return Err(TrialError::refused(format!("making the container `{}`", own.name), &answer));
    }
    make_workdir(settings, own, &name)?;
    AttachedContainer::start(settings.engine, own, &name)
}

/// Makes the working folder that the manifest says and the image has not, with those above it: root's, as runtimes make it.
/// podman refuses to start in one that is absent, docker makes it by itself.
fn make_workdir(
    settings: &RunSettings<'_>,
    own: &ContainerLaunch,
    container: &str,
) -> Result<(), TrialError> {
    let engine = settings.engine;
    let Some(workdir) = own.workdir.as_deref().filter(|_| engine.is_podman()) else { return Ok(()) };
    let is_there = |path: &str| !list_files(engine, container, path, settings.is_awaited).is_empty();
    let mut absent: Vec<&str> = Vec::new();
    let mut path = workdir.trim_end_matches('/');
    while !path.is_empty() && !is_there(path) {
        absent.insert(0, path);
        path = path.rsplit_once('/').map_or("", |(above, _)| above);
    }
    if absent.is_empty() {
        return Ok(());
    }
    let below = |folder: &&str| folder[path.len()..].trim_start_matches('/').to_owned();
    let archive = pack_folders(&absent.iter().map(below).collect::<Vec<_>>());
    let to = format!("{container}:{}", if path.is_empty() { "/" } else { path });
    // Without the first it gives them to the container's user; older ones do not know the word.
    for words in [&["cp", "--archive=false", "-", &to][..], &["cp", "-", &to]] {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if engine.feed(&words, archive.clone(), settings.is_awaited)?.succeeded() {
            break;
        }
    }
    Ok(())
}

/// Watches containers until their time is over, one fails, or all have ended.
fn watch(
    settings: &RunSettings<'_>,
    containers: &mut [AttachedContainer<'_>],
    mut helper: Option<&mut ProbeHelper>,
    guard: &StorageGuard,
) -> Result<(), TrialError> {
    let began = Instant::now();
    let mut deadline: Option<Instant> = None;
    let mut end: Option<Instant> = None;
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
            if container.has_failed() {
                end.get_or_insert(now + LAST_LOOK);
            }
        }
        // The engine's own time is not the program's.
        let have_begun = containers.iter().all(AttachedContainer::has_begun);
        if have_begun || began.elapsed() > START_TIME {
            deadline.get_or_insert(now + settings.time);
        }
        let is_over = |moment: Option<Instant>| moment.is_some_and(|moment| now >= moment);
        if is_over(deadline) || is_over(end) || containers.iter().all(AttachedContainer::has_ended) {
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
