//! What a write into the root filesystem gets.

use super::{Seen, prompt};
use crate::image::{Dialect, Family};
use crate::rules::{ContainerView, writable};
use crate::walkthrough::choices::evidence;
use crate::walkthrough::scene::Scene;

/// What an intruder tries where nothing can be installed.
const TOUCH: &str = "touch /etc/planted";

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, _) = scene.user();
    let prompt = prompt(uid);
    seen.now();
    if scene.is_read_only() {
        seen.typed(format!("{prompt} {}", installs(scene).map_or(TOUCH, |(command, _)| command)));
        refused(scene, seen);
    } else if uid == Some(0) {
        let (command, done) = match installs(scene) {
            Some((command, _)) => (command, "It is installed: root may write everywhere."),
            None => (TOUCH, "It is written: root may write everywhere."),
        };
        seen.typed(format!("{prompt} {command}"));
        seen.note(done);
    } else {
        seen.typed(format!("{prompt} touch /var/tmp/planted"));
        seen.note("Written, and so is whatever else its user may write: a tool put there can be run.");
    }
    if !scene.is_read_only() && seen.then() {
        refused(scene, seen);
    }
    let Some(main) = scene.main() else { return };
    mounted(main, seen);
    if !seen.met {
        to_mount(scene, main, seen);
    }
}

/// What can be written whatever the root filesystem is.
fn mounted(main: ContainerView<'_>, seen: &mut Seen) {
    let mounts = main.container.model.volume_mounts.each().map(|(_, mount)| mount);
    let writable =
        mounts.filter(|mount| !mount.read_only.is(&true)).filter_map(|mount| mount.mount_path.get());
    let paths: Vec<String> = writable.map(|path| format!("`{path}`")).collect();
    if !paths.is_empty() {
        seen.note(format!("Volumes are mounted at {}: there it may write.", paths.join(", ")));
    }
}

/// The paths that the change mounts, each with its evidence.
fn to_mount(scene: &Scene<'_>, main: ContainerView<'_>, seen: &mut Seen) {
    let known = writable::known_paths(main, scene.repository());
    let paths = if scene.is_read_only() {
        known.iter().filter(|path| !writable::is_mounted(main, path)).cloned().collect()
    } else {
        writable::paths_to_mount(main, scene.repository())
    };
    for path in paths {
        let why = evidence(scene, main, &path);
        seen.note(format!("`{path}` gets an emptyDir: {why}."));
    }
}

fn refused(scene: &Scene<'_>, seen: &mut Seen) {
    let root = scene.user().0 == Some(0);
    if let Some((command, errors)) = installs(scene) {
        if !root && !scene.is_read_only() {
            // Of a user other than root nothing was installed before; the system's answer is another one now.
            seen.typed(format!("{} {command}", prompt(scene.user().0)));
        }
        return errors.iter().for_each(|error| seen.printed(*error));
    }
    let path = if root || scene.is_read_only() { "/etc/planted" } else { "/var/tmp/planted" };
    seen.printed(match scene.family().dialect() {
        Some(Dialect::Busybox) => format!("touch: {path}: Read-only file system"),
        _ => format!("touch: cannot touch '{path}': Read-only file system"),
    });
}

/// The distribution's way to install a tool, and what it says when it cannot write.
fn installs(scene: &Scene<'_>) -> Option<(&'static str, &'static [&'static str])> {
    match scene.family() {
        Family::Alpine | Family::Wolfi => Some((
            "apk add nmap",
            &[
                "ERROR: Unable to lock database: Read-only file system",
                "ERROR: Failed to open apk database: Read-only file system",
            ],
        )),
        Family::Debian | Family::Ubuntu => Some((
            "apt-get update",
            &[
                "E: List directory /var/lib/apt/lists/partial is missing. - Acquire (30: Read-only file system)",
            ],
        )),
        _ => None,
    }
}
