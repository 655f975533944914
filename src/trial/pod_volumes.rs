//! Makes the volumes of a pod in the engine, each behaving as its kind does in a cluster.
//!
//! A tmpfs of the engines' own loses its mode where the image has the mount point, and is one container's alone; a named
//! volume of tmpfs is the pod's, empty, and everybody's. podman gives a volume at its first use the owner and mode of the
//! image's folder: so it is used once before, at a path that no image has. What lies in a tmpfs is gone with its last user:
//! where init containers come before the others, a container that runs nothing of the pod's holds the volumes meanwhile.

use std::time::{Duration, SystemTime};

use super::pod_launch::{ContainerLaunch, LaunchVolume, LaunchVolumeKind, PodLaunch, VolumeFile};
use super::run_settings::RunSettings;
use super::trial_error::TrialError;
use super::trial_marks::{label_option, unique_name};
use super::trial_things::TrialThings;

/// The time in which a volume is made.
const MAKE_TIME: Duration = Duration::from_secs(30);
/// A program that every image has, for a container that is made ready and never started.
const UNSTARTED_PROGRAM: &str = "/proc/self/exe";
/// The folder at which volumes are used for the first time.
const PRIME_FOLDER: &str = "/seaworthy-prime";
/// What lies in the folder of the API's token, in a trial.
const TOKEN_FILES: [(&str, &str); 3] = [
    ("token", "a-fake-token-of-a-trial-which-no-api-server-takes"),
    ("namespace", "default"),
    ("ca.crt", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
];

/// The volumes of a pod that are made, by the pod's own names.
pub(super) struct PodVolumes {
    made: Vec<MadeVolume>,
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
        let mut volumes = Self { made: Vec::new() };
        for own in &pod.volumes {
            let is_mounted =
                |container: &ContainerLaunch| container.mounts.iter().any(|mount| mount.volume == own.name);
            if !pod.containers.iter().any(is_mounted) {
                continue;
            }
            let engine_name = unique_name(&own.name);
            things.note_volume(&engine_name);
            let mut words = vec!["volume".to_owned(), "create".to_owned(), label_option()];
            words.extend(volume_options(own));
            words.extend(["--".to_owned(), engine_name.clone()]);
            let answer = settings.engine.run(&words, MAKE_TIME, settings.is_awaited)?;
            if !answer.succeeded() {
                return Err(TrialError::refused(format!("making the volume `{}`", own.name), &answer.stderr));
            }
            volumes.made.push(MadeVolume { own: own.clone(), engine_name, token: None });
        }
        if let Some(container) = pod.containers.first() {
            volumes.prime(settings, pod, &container.image, things)?;
        }
        if needs_holder(pod) && !settings.engine.is_podman() {
            volumes.hold(settings, things);
        }
        Ok(volumes)
    }

    /// Uses them for the first time, without running anything, and puts what lies in them, as the fake token, in its place.
    fn prime(
        &mut self,
        settings: &RunSettings<'_>,
        pod: &PodLaunch,
        image: &str,
        things: &mut TrialThings<'_>,
    ) -> Result<(), TrialError> {
        let is_filled = self.made.iter().any(|volume| has_files(&volume.own));
        if self.made.is_empty() || !(settings.engine.is_podman() || is_filled) {
            return Ok(());
        }
        let name = unique_name("prime");
        things.note_container(&name);
        let mut words = vec!["create".to_owned(), format!("--name={name}"), label_option()];
        words.extend(["--network=none", "--pull=never"].map(str::to_owned));
        words.extend(self.prime_mounts());
        let program = format!("--entrypoint={UNSTARTED_PROGRAM}");
        words.extend([program.as_str(), "--", image].map(str::to_owned));
        let made = settings.engine.run(&words, MAKE_TIME, settings.is_awaited)?;
        if !made.succeeded() {
            return Err(TrialError::refused("making the volumes ready", &made.stderr));
        }
        if settings.engine.is_podman() {
            // Its program is not run by this.
            settings.engine.run(&["init".to_owned(), name.clone()], MAKE_TIME, settings.is_awaited)?;
        }
        for (at, volume) in self.made.iter_mut().enumerate() {
            if !has_files(&volume.own) {
                continue;
            }
            let to = format!("{name}:{PRIME_FOLDER}-{at}");
            let words = ["cp", "-", &to].map(str::to_owned);
            settings.engine.feed(&words, archive_of(&volume.own));
            if volume.own.kind == LaunchVolumeKind::Token {
                volume.token = find_token(settings, &volume.engine_name);
            }
        }
        if !(settings.engine.is_podman() && needs_holder(pod)) {
            things.remove_container(&name);
        }
        Ok(())
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

/// The options by which a volume behaves as its kind.
fn volume_options(own: &LaunchVolume) -> Vec<String> {
    let mode = match (own.kind, own.group) {
        // What lies in a tmpfs is gone with its first user.
        _ if has_files(own) => return Vec::new(),
        (LaunchVolumeKind::EmptyDir, None) => "mode=0777".to_owned(),
        (LaunchVolumeKind::EmptyDir, Some(group)) => format!("mode=2777,gid={group}"),
        (_, None) => "mode=0755".to_owned(),
        (_, Some(group)) => format!("mode=2775,gid={group}"),
    };
    ["--opt=type=tmpfs".to_owned(), "--opt=device=tmpfs".to_owned(), format!("--opt=o={mode}")].to_vec()
}

/// True where what init containers leave in a tmpfs is read after their end.
pub(super) fn needs_holder(pod: &PodLaunch) -> bool {
    let (init, main): (Vec<&ContainerLaunch>, Vec<_>) = pod.containers.iter().partition(|own| own.is_init);
    let mounts = |all: &[&ContainerLaunch], name: &str| {
        all.iter().any(|own| own.mounts.iter().any(|mount| mount.volume == name))
    };
    let is_left = |volume: &&LaunchVolume| {
        !has_files(volume) && mounts(&init, &volume.name) && (init.len() > 1 || mounts(&main, &volume.name))
    };
    pod.volumes.iter().any(|volume| is_left(&volume))
}

/// True for a volume in which something lies from the beginning.
fn has_files(own: &LaunchVolume) -> bool {
    own.kind == LaunchVolumeKind::Token || !own.files.is_empty()
}

/// What lies in a volume, with the owner and the modes that a cluster gives it.
fn archive_of(own: &LaunchVolume) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let token = TOKEN_FILES.iter().filter(|_| own.kind == LaunchVolumeKind::Token);
    let token = token.map(|(name, text)| (*name, *text, 0o644));
    // A group of the pod may read what its owner may.
    let mode = |file: &VolumeFile| file.mode | own.group.map_or(0, |_| (file.mode & 0o700) >> 3);
    let files = own.files.iter().map(|file| (file.path.as_str(), file.text.as_str(), mode(file)));
    for (path, text, mode) in token.chain(files) {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(mode);
        header.set_gid(u64::from(own.group.unwrap_or_default()));
        header.set_mtime(1);
        header.set_cksum();
        let _ = archive.append_data(&mut header, path, text.as_bytes());
    }
    archive.into_inner().unwrap_or_default()
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
    fn a_volume_is_writable_by_whom_it_is_in_a_cluster() {
        let options = |kind, group| {
            volume_options(&LaunchVolume { name: "v".to_owned(), kind, group, files: Vec::new() }).join(" ")
        };
        let empty = options(LaunchVolumeKind::EmptyDir, None);
        assert_eq!(empty, "--opt=type=tmpfs --opt=device=tmpfs --opt=o=mode=0777");
        assert!(options(LaunchVolumeKind::EmptyDir, Some(7)).ends_with("o=mode=2777,gid=7"));
        assert!(options(LaunchVolumeKind::Claim, None).ends_with("o=mode=0755"));
        assert!(options(LaunchVolumeKind::Claim, Some(7)).ends_with("o=mode=2775,gid=7"));
    }
}
