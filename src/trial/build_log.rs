//! Holds the output of a build in a file, so that it goes on when this program is killed, and cleans up after builds that
//! were broken off or have lost their owner.
//!
//! podman leaves the container in which it builds when it is ended by a signal, and gives it no label: of those that came
//! since the build began, all are a trial's where nobody else builds.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_process::make_work_folder;
use super::process_tree::{end_tree, find_started_with, is_any_build_running};
use super::trial_marks::{TRIAL_LABEL, TrialOwner, is_left_behind};
use super::trial_things::{ThingKind, remove_things};
use crate::base::{private_file_options, remove_private_file, state_folder};

/// The time that a build without an owner is given to come to its end.
const ORPHAN_TIME: Duration = Duration::from_secs(10);
const POLL_TIME: Duration = Duration::from_millis(50);
/// The most of the log that is read, in bytes from its end.
const MAX_READ_BYTES: u64 = 256 * 1024;
const NAME_PREFIX: &str = "build-";
const NAME_SUFFIX: &str = ".log";

/// The log of a build that is going on.
pub(super) struct BuildLog {
    path: PathBuf,
    mark: String,
    began: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedContainer {
    id: String,
    state: String,
    created: u64,
}

impl BuildLog {
    /// A new log of this process.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub(super) fn create() -> std::io::Result<(Self, File)> {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let mark = TrialOwner::current().mark();
        let path = make_work_folder()?.join(format!("{NAME_PREFIX}{mark}-{began}{NAME_SUFFIX}"));
        let file = private_file_options().create(true).truncate(true).open(&path)?;
        Ok((Self { path, mark, began }, file))
    }

    /// The last of what was printed.
    pub(super) fn read_end(&self) -> String {
        let Ok(mut file) = File::open(&self.path) else { return String::new() };
        let length = file.metadata().map_or(0, |about| about.len());
        let _ =
            std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(length.saturating_sub(MAX_READ_BYTES)));
        let mut bytes = Vec::new();
        let _ = file.take(MAX_READ_BYTES).read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Ends what is left of a build that was broken off.
    pub(super) fn break_off(&self, engine: &ContainerEngine, is_awaited: StillAwaited<'_>) {
        find_started_with(&format!("--label={TRIAL_LABEL}={}", self.mark)).into_iter().for_each(end_tree);
        self.remove_working_containers(engine, is_awaited);
    }

    fn remove_working_containers(&self, engine: &ContainerEngine, is_awaited: StillAwaited<'_>) {
        if !engine.is_podman() || is_any_build_running() {
            return;
        }
        let answer =
            engine.clean(&["ps", "-a", "--external", "--format", "json"].map(str::to_owned), is_awaited);
        let all: Vec<ListedContainer> = serde_json::from_slice(&answer.stdout).unwrap_or_default();
        let is_own =
            |container: &&ListedContainer| container.state == "storage" && container.created >= self.began;
        let own: Vec<String> = all.iter().filter(is_own).map(|container| container.id.clone()).collect();
        remove_things(engine, ThingKind::Container, &own, is_awaited);
    }
}

impl Drop for BuildLog {
    fn drop(&mut self) {
        let _ = remove_private_file(&self.path);
    }
}

/// Waits for builds whose owner is gone, ends those that take too long, and removes what they leave.
pub(super) fn finish_orphaned_builds(engine: &ContainerEngine, is_awaited: StillAwaited<'_>) {
    for log in find_orphaned_logs() {
        let word = format!("--label={TRIAL_LABEL}={}", log.mark);
        let deadline = Instant::now() + ORPHAN_TIME;
        while !find_started_with(&word).is_empty() && Instant::now() < deadline && is_awaited() {
            std::thread::sleep(POLL_TIME);
        }
        log.break_off(engine, is_awaited);
    }
}

fn find_orphaned_logs() -> Vec<BuildLog> {
    let entries = std::fs::read_dir(logs_folder()).into_iter().flatten().flatten();
    let logs = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let inner = name.strip_prefix(NAME_PREFIX)?.strip_suffix(NAME_SUFFIX)?;
        let (mark, began) = inner.rsplit_once('-')?;
        let is_orphaned = is_left_behind(mark);
        is_orphaned.then_some(BuildLog {
            path: entry.path(),
            mark: mark.to_owned(),
            began: began.parse().ok()?,
        })
    });
    logs.collect()
}

fn logs_folder() -> PathBuf {
    state_folder().join("trials")
}
