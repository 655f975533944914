//! What a write into the root filesystem gets.

use super::{Seen, prompt};
use crate::image::{Dialect, Family};
use crate::rules::writable;
use crate::walkthrough::scene::Scene;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, _) = scene.user();
    let prompt = prompt(uid);
    seen.now();
    if scene.is_read_only() {
        refused(scene, seen, prompt);
    } else if uid == Some(0) {
        match installs(scene) {
            Some((command, _)) => {
                seen.typed(format!("{prompt} {command}"));
                seen.note("It is installed: root may write everywhere.");
            }
            None => {
                seen.typed(format!("{prompt} touch /etc/planted"));
                seen.note("It is written: root may write everywhere.");
            }
        }
    } else {
        seen.typed(format!("{prompt} touch /var/tmp/planted"));
        seen.note("Written, and so is whatever else its user may write: a tool put there can be run.");
    }
    if !scene.is_read_only() && seen.then() {
        refused(scene, seen, prompt);
    }
    let Some(main) = scene.main() else { return };
    let known = writable::known_paths(main, scene.repository());
    for path in writable::paths_to_mount(main, scene.repository()) {
        let why = if known.contains(&path) {
            "the Dockerfile, or what is known of the image, says it is written"
        } else {
            "nearly every program wants it"
        };
        seen.note(format!("`{path}` stays writable, as an emptyDir: {why}."));
    }
}

fn refused(scene: &Scene<'_>, seen: &mut Seen, prompt: &str) {
    if let Some((command, errors)) = installs(scene) {
        seen.typed(format!("{prompt} {command}"));
        errors.iter().for_each(|error| seen.printed(*error));
    }
    seen.typed(format!("{prompt} touch /etc/planted"));
    seen.printed(match scene.family().dialect() {
        Some(Dialect::Busybox) => "touch: /etc/planted: Read-only file system",
        _ => "touch: cannot touch '/etc/planted': Read-only file system",
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
