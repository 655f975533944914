//! Shows the result of a write into the root filesystem, for its chapter.

use super::{EvidenceWriter, shell_prompt};
use crate::fix::path_evidence;
use crate::image::{AccountTools, DistroFamily};
use crate::kubernetes::model::{Volume, VolumeMount};
use crate::rules::{ContainerView, writable_paths};
use crate::walkthrough::walk_context::WalkContext;

/// The command of an intruder where nothing can be installed.
const TOUCH_COMMAND: &str = "touch /etc/planted";

pub(super) fn show_filesystem(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let uid = scene.pod_user().uid;
    let prompt = shell_prompt(scene, uid);
    seen.begin_now();
    if !scene.image_tools().are_known() {
        show_root_mount(scene, seen);
    } else if scene.is_read_only() {
        seen.push_command(format!(
            "{prompt} {}",
            install_attempt(scene).map_or(TOUCH_COMMAND, |(command, _)| command)
        ));
        show_refusal(scene, seen);
    } else if uid == Some(0) {
        let (command, done) = match install_attempt(scene) {
            Some((command, _)) => (command, "It is installed: root may write everywhere."),
            None => (TOUCH_COMMAND, "It is written: root may write everywhere."),
        };
        seen.push_command(format!("{prompt} {command}"));
        seen.push_note(done);
    } else {
        seen.push_command(format!("{prompt} touch /var/tmp/planted"));
        seen.push_note("Written, and so is whatever else its user may write: a tool put there can be run.");
    }
    if !scene.is_read_only() && seen.begin_after() {
        if scene.image_tools().are_known() {
            show_refusal(scene, seen);
        } else {
            seen.push_output("overlay / overlay ro,relatime,…");
        }
    }
    let Some(main) = scene.main_container() else { return };
    show_mounts(main, seen);
    if !seen.is_met {
        show_new_mounts(scene, main, seen);
    }
}

/// The mount of the root filesystem, as it is seen from beside the container.
fn show_root_mount(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let option = if scene.is_read_only() { "ro" } else { "rw" };
    seen.push_command(format!("{} grep ' / ' /proc/1/mounts", shell_prompt(scene, None)));
    seen.push_output(format!("overlay / overlay {option},relatime,…"));
    if !scene.is_read_only() {
        seen.push_note(if scene.pod_user().uid == Some(0) {
            "Mounted to be written, and root may write everywhere."
        } else {
            "Mounted to be written, where its user may: a tool put there can be run."
        });
    }
}

/// The paths of volumes, whatever the root filesystem is: those that can be written, and those that cannot.
fn show_mounts(main: ContainerView<'_>, seen: &mut EvidenceWriter) {
    let mounts = || main.container.model.volume_mounts.valid_items().map(|(_, mount)| mount);
    let paths = |read_only: bool| -> Vec<String> {
        let asked = mounts().filter(|mount| is_read_only(main, mount) == read_only);
        asked.filter_map(|mount| mount.mount_path.get()).map(|path| format!("`{path}`")).collect()
    };
    let (writable, fixed) = (paths(false), paths(true));
    if !writable.is_empty() {
        seen.push_note(format!("Volumes are mounted at {}: there it may write.", writable.join(", ")));
    }
    if !fixed.is_empty() {
        seen.push_note(format!("Mounted read-only: {}.", fixed.join(", ")));
    }
}

/// True for a mount that cannot be written: by itself or by its volume.
fn is_read_only(main: ContainerView<'_>, mount: &VolumeMount) -> bool {
    let mut volumes = main.pod.pod.model.volumes.valid_items().map(|(_, volume)| volume);
    let own = volumes.find(|volume| mount.name.get().is_some() && volume.name.get() == mount.name.get());
    mount.read_only.is(&true) || own.is_some_and(Volume::is_read_only)
}

/// The paths that the change mounts, each with its evidence.
fn show_new_mounts(scene: &WalkContext<'_>, main: ContainerView<'_>, seen: &mut EvidenceWriter) {
    let known = writable_paths::known_written_paths(main, scene.repository());
    let paths = if scene.is_read_only() {
        known.iter().filter(|path| !writable_paths::is_mounted(main, path)).cloned().collect()
    } else {
        writable_paths::paths_to_mount(main, scene.repository())
    };
    for path in paths {
        let why = path_evidence(scene.engine, main, &path);
        seen.push_note(format!("`{path}` gets an emptyDir: {why}."));
    }
}

fn show_refusal(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let root = scene.pod_user().uid == Some(0);
    if let Some((command, errors)) = install_attempt(scene) {
        if !root && !scene.is_read_only() {
            // Of a user other than root nothing was installed before; the system's answer is another one now.
            seen.push_command(format!("{} {command}", shell_prompt(scene, scene.pod_user().uid)));
        }
        return errors.iter().for_each(|error| seen.push_output(*error));
    }
    let path = if root || scene.is_read_only() { "/etc/planted" } else { "/var/tmp/planted" };
    seen.push_output(match scene.base_family().account_tools() {
        Some(AccountTools::Busybox) => format!("touch: {path}: Read-only file system"),
        _ => format!("touch: cannot touch '{path}': Read-only file system"),
    });
}

/// The distribution's command to install a tool, and its output when it cannot write.
fn install_attempt(scene: &WalkContext<'_>) -> Option<(&'static str, &'static [&'static str])> {
    match scene.base_family() {
        DistroFamily::Alpine | DistroFamily::Wolfi => Some((
            "apk add nmap",
            &[
                "ERROR: Unable to lock database: Read-only file system",
                "ERROR: Failed to open apk database: Read-only file system",
            ],
        )),
        DistroFamily::Debian | DistroFamily::Ubuntu => Some((
            "apt-get update",
            &[
                "E: List directory /var/lib/apt/lists/partial is missing. - Acquire (30: Read-only file system)",
            ],
        )),
        _ => None,
    }
}
