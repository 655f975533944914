//! Makes the volumes of a pod in the engine, each behaving as its kind does in a cluster.
//!
//! A tmpfs of the engines' own loses its mode where the image has the mount point, and is one container's alone; a named
//! volume is the pod's, empty, and everybody's. It lies on the disk, since what lies in memory counts against the limit of
//! the containers, as only an emptyDir of that medium does. podman gives a volume at its first use the owner and mode of the
//! image's folder: so it is used once before, at a path that no image has, and given its own. What lies in memory is gone
//! with its last user: where init containers come before the others, a container that runs nothing of the pod's holds it.

use std::time::{Duration, SystemTime};

use super::image_contents::list_files;
use super::pod_launch::{ContainerLaunch, LaunchVolume, LaunchVolumeKind, PodLaunch};
use super::run_settings::RunSettings;
use super::trial_error::TrialError;
use super::trial_marks::{label_option, unique_name};
use super::trial_things::TrialThings;
use super::volume_archive::{folder_mode, has_files, pack_volume};

/// The time in which a volume is made.
const MAKE_TIME: Duration = Duration::from_secs(30);
/// A program that every image has, for a container that is made ready and never started.
const UNSTARTED_PROGRAM: &str = "/proc/self/exe";
/// The folder at which volumes are used for the first time.
const PRIME_FOLDER: &str = "/seaworthy-prime";
/// The volumes of a pod that are made, by the pod's own names.
pub(super) struct PodVolumes {
    made: Vec<MadeVolume>,
    /// True where the engine gives none on the disk its mode, so that all lie in memory.
    are_in_memory: bool,
}

struct MadeVolume {
    own: LaunchVolume,
    engine_name: String,
    /// The file with the token on this machine, and when it was last read, where that can be told.
    token: Option<(String, SystemTime)>,
}

impl PodVolumes {
    /// Makes those that are mounted anywhere.
    ///
    /// # Errors
    /// When the engine does not make one.
    pub(super) fn make(
        settings: &RunSettings<'_>,
        pod: &PodLaunch,
        things: &mut TrialThings<'_>,
    ) -> Result<Self, TrialError> {
        let mut volumes = Self::create(settings, pod, false, things)?;
        if !volumes.prime(settings, pod, things)? {
            volumes = Self::create(settings, pod, true, things)?;
            volumes.prime(settings, pod, things)?;
        }
        if volumes.needs_holder(pod) && !settings.engine.is_podman() {
            volumes.hold(settings, things);
        }
        Ok(volumes)
    }

    fn create(
        settings: &RunSettings<'_>,
        pod: &PodLaunch,
        are_in_memory: bool,
        things: &mut TrialThings<'_>,
    ) -> Result<Self, TrialError> {
        let mut volumes = Self { made: Vec::new(), are_in_memory };
        for own in &pod.volumes {
            let is_mounted =
                |container: &ContainerLaunch| container.mounts.iter().any(|mount| mount.volume == own.name);
            if !pod.containers.iter().any(is_mounted) {
                continue;
            }
            let engine_name = unique_name(&own.name);
            things.note_volume(&engine_name);
            let mut words = vec!["volume".to_owned(), "create".to_owned(), label_option()];
            words.extend(volume_options(own, are_in_memory));
            words.extend(["--".to_owned(), engine_name.clone()]);
            let answer = settings.engine.run(&words, MAKE_TIME, settings.is_awaited)?;
            if !answer.succeeded() {
                return Err(TrialError::refused(format!("making the volume `{}`", own.name), &answer));
            }
            volumes.made.push(MadeVolume { own: own.clone(), engine_name, token: None });
        }
        Ok(volumes)
    }

    /// True where emptyDirs lie in memory, and count against the limits, although those of a cluster do not.
    pub(super) fn are_in_memory(&self) -> bool {
        let is_on_disk =
            |made: &MadeVolume| !has_files(&made.own) && made.own.kind != LaunchVolumeKind::Memory;
        self.are_in_memory && self.made.iter().any(is_on_disk)
    }

    /// True where what init containers leave in memory is read after their end.
    fn needs_holder(&self, pod: &PodLaunch) -> bool {
        self.made
            .iter()
            .any(|made| is_in_memory(&made.own, self.are_in_memory) && is_left_by_init(pod, &made.own))
    }

    /// Uses them for the first time, without running anything, and puts what lies in them, as the fake token, in its place.
    /// False where one on the disk has not the mode that it needs.
    fn prime(
        &mut self,
        settings: &RunSettings<'_>,
        pod: &PodLaunch,
        things: &mut TrialThings<'_>,
    ) -> Result<bool, TrialError> {
        let engine = settings.engine;
        let is_filled = |made: &MadeVolume| !is_in_memory(&made.own, self.are_in_memory);
        let Some(container) = pod.containers.first().filter(|_| !self.made.is_empty()) else {
            return Ok(true);
        };
        if !engine.is_podman() && !self.made.iter().any(is_filled) {
            return Ok(true);
        }
        let name = unique_name("prime");
        things.note_container(&name);
        let mut words = vec!["create".to_owned(), format!("--name={name}"), label_option()];
        words.extend(["--network=none", "--pull=never"].map(str::to_owned));
        // podman gives what is copied to the container's user.
        let group = pod.volumes.iter().find_map(|volume| volume.group).unwrap_or_default();
        words.push(format!("--user=0:{group}"));
        words.extend(self.prime_mounts());
        let program = format!("--entrypoint={UNSTARTED_PROGRAM}");
        words.extend([program.as_str(), "--", &container.image].map(str::to_owned));
        let made = engine.run(&words, MAKE_TIME, settings.is_awaited)?;
        if !made.succeeded() {
            return Err(TrialError::refused("making the volumes ready", &made));
        }
        if engine.is_podman() {
            // Its program is not run by this.
            engine.run(&["init".to_owned(), name.clone()], MAKE_TIME, settings.is_awaited)?;
        }
        let is_ready = self.fill(settings, &name)?;
        if !(engine.is_podman() && self.needs_holder(pod) && is_ready) {
            things.remove_container(&name);
        }
        Ok(is_ready)
    }

    /// Gives those on the disk their modes and their files, through a container that mounts them; false where one has not
    /// got its mode.
    fn fill(&mut self, settings: &RunSettings<'_>, container: &str) -> Result<bool, TrialError> {
        let engine = settings.engine;
        let mut is_ready = true;
        for (at, made) in self.made.iter_mut().enumerate() {
            if is_in_memory(&made.own, self.are_in_memory) {
                continue;
            }
            let folder = format!("{PRIME_FOLDER}-{at}");
            // podman sees a volume by its own path alone, docker passes over the folder that it copies into.
            let (to, within) = match engine.is_podman() {
                true => (format!("{container}:{folder}"), ".".to_owned()),
                false => (format!("{container}:/"), folder.trim_start_matches('/').to_owned()),
            };
            let words = ["cp", "-", &to].map(str::to_owned);
            let answer = engine.feed(&words, pack_volume(&made.own, &within), settings.is_awaited)?;
            let has_mode = || {
                let found = list_files(engine, container, &folder, settings.is_awaited);
                found.first().is_some_and(|own| own.mode & 0o777 == folder_mode(&made.own) & 0o777)
            };
            // Files are readable whatever the mode of their folder.
            is_ready &= has_files(&made.own) || answer.succeeded() && (engine.is_podman() || has_mode());
            if made.own.kind == LaunchVolumeKind::Token {
                made.token = find_token(settings, &made.engine_name);
            }
        }
        Ok(is_ready)
    }

    /// Holds them by a container of the helper's image, which does nothing; where there is no such image, nothing holds them.
    fn hold(&self, settings: &RunSettings<'_>, things: &mut TrialThings<'_>) {
        let Some(Ok(image)) = settings.helper else { return };
        let name = unique_name("hold");
        things.note_container(&name);
        let mut words = vec!["create".to_owned(), format!("--name={name}"), label_option()];
        words.extend(image.bare_options("none"));
        words.extend(self.prime_mounts());
        words.extend(image.command_words("[]"));
        if settings.engine.run(&words, MAKE_TIME, settings.is_awaited).is_ok_and(|made| made.succeeded()) {
            let _ = settings.engine.run(&["start".to_owned(), name], MAKE_TIME, settings.is_awaited);
        }
    }

    /// The words that mount each at a path of its own.
    fn prime_mounts(&self) -> impl Iterator<Item = String> {
        let mount = |(at, volume): (usize, &MadeVolume)| {
            format!("--volume={}:{PRIME_FOLDER}-{at}:nocopy", volume.engine_name)
        };
        self.made.iter().enumerate().map(mount)
    }

    /// The engine's name of a volume of the pod.
    pub(super) fn engine_name(&self, volume: &str) -> String {
        let made = self.made.iter().find(|made| made.own.name == volume);
        made.map(|made| made.engine_name.clone()).unwrap_or_default()
    }

    /// True where the token, which that container has, was read since.
    pub(super) fn was_token_read(&self, own: &ContainerLaunch) -> bool {
        let has = |made: &&MadeVolume| own.mounts.iter().any(|mount| mount.volume == made.own.name);
        let mut tokens = self.made.iter().filter(has).filter_map(|made| made.token.as_ref());
        tokens.any(|(path, before)| read_time(path).is_some_and(|now| now > *before))
    }
}

/// The options by which a volume behaves as its kind; those of one on the disk are given to its folder.
fn volume_options(own: &LaunchVolume, are_in_memory: bool) -> Vec<String> {
    if !is_in_memory(own, are_in_memory) {
        return Vec::new();
    }
    let group = own.group.map(|group| format!(",gid={group}")).unwrap_or_default();
    let mode = format!("--opt=o=mode={:04o}{group}", folder_mode(own));
    ["--opt=type=tmpfs".to_owned(), "--opt=device=tmpfs".to_owned(), mode].to_vec()
}

/// True for a volume that is made in memory; what has files from the beginning never is.
fn is_in_memory(own: &LaunchVolume, are_all: bool) -> bool {
    (are_all || own.kind == LaunchVolumeKind::Memory) && !has_files(own)
}

/// True where what init containers leave in memory is read after their end, as far as the pod says.
pub(super) fn needs_holder(pod: &PodLaunch) -> bool {
    pod.volumes.iter().any(|volume| is_in_memory(volume, false) && is_left_by_init(pod, volume))
}

/// True for a volume that init containers leave to others.
fn is_left_by_init(pod: &PodLaunch, volume: &LaunchVolume) -> bool {
    let (init, main): (Vec<&ContainerLaunch>, Vec<_>) = pod.containers.iter().partition(|own| own.is_init);
    let mounts = |all: &[&ContainerLaunch]| {
        all.iter().any(|own| own.mounts.iter().any(|mount| mount.volume == volume.name))
    };
    mounts(&init) && (init.len() > 1 || mounts(&main))
}

fn find_token(settings: &RunSettings<'_>, volume: &str) -> Option<(String, SystemTime)> {
    let words = ["volume", "inspect", "--format={{.Mountpoint}}", "--", volume];
    let folder = settings.engine.ask(&words, settings.is_awaited).ok()?.text();
    let path = format!("{folder}/token");
    let before = read_time(&path)?;
    Some((path, before))
}

fn read_time(path: &str) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.accessed().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_in_memory_is_writable_by_whom_it_is_in_a_cluster() {
        let options = |kind, group, are_in_memory| {
            let own = LaunchVolume { name: "v".to_owned(), kind, group, files: Vec::new() };
            volume_options(&own, are_in_memory).join(" ")
        };
        let memory = options(LaunchVolumeKind::Memory, None, false);
        assert_eq!(memory, "--opt=type=tmpfs --opt=device=tmpfs --opt=o=mode=0777");
        assert!(options(LaunchVolumeKind::Memory, Some(7), false).ends_with("o=mode=2777,gid=7"));
        assert_eq!(options(LaunchVolumeKind::EmptyDir, None, false), "", "it counts against no limit");
        assert!(options(LaunchVolumeKind::EmptyDir, None, true).ends_with("o=mode=0777"));
        assert!(options(LaunchVolumeKind::Claim, Some(7), true).ends_with("o=mode=2775,gid=7"));
    }
}
