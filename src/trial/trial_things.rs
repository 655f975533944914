//! Keeps account of what a trial has made in the engine, and removes it on every way out; removes what others left.

use super::build_log::finish_orphaned_builds;
use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_process::clear_work_folder;
use super::trial_error::TrialError;
use super::trial_marks::{TRIAL_LABEL, is_left_behind};

/// What a trial has made, the oldest first. It is removed when this goes out of sight.
pub(super) struct TrialThings<'a> {
    engine: &'a ContainerEngine,
    containers: Vec<String>,
    volumes: Vec<String>,
}

impl<'a> TrialThings<'a> {
    pub(super) const fn new(engine: &'a ContainerEngine) -> Self {
        Self { engine, containers: Vec::new(), volumes: Vec::new() }
    }

    /// Notes a name before the engine is asked to make it: what is noted and not there harms nobody.
    pub(super) fn note_container(&mut self, name: &str) {
        self.containers.push(name.to_owned());
    }

    pub(super) fn note_volume(&mut self, name: &str) {
        self.volumes.push(name.to_owned());
    }

    /// Removes one container at once.
    pub(super) fn remove_container(&mut self, name: &str) {
        self.containers.retain(|own| own != name);
        remove_containers(self.engine, &[name.to_owned()]);
    }
}

impl Drop for TrialThings<'_> {
    fn drop(&mut self) {
        // The last one shares the network of the first.
        self.containers.reverse();
        remove_containers(self.engine, &self.containers);
        remove_volumes(self.engine, &self.volumes);
        clear_work_folder();
    }
}

/// Ends and removes containers with their own unnamed volumes. Without a time podman waits ten seconds for a program that
/// does not react; docker has no such option, and ends them at once.
pub(super) fn remove_containers(engine: &ContainerEngine, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let mut words: Vec<String> = ["rm", "-f", "-v"].map(str::to_owned).to_vec();
    if engine.is_podman() {
        // Without this one that is gone already keeps it from removing the others.
        words.extend(["--ignore", "-t", "0"].map(str::to_owned));
    }
    words.push("--".to_owned());
    if !engine.is_podman() {
        words.extend_from_slice(names);
        engine.clean(&words);
        return;
    }
    // podman removes several at once, and refuses one whose network another still has: one after the other, and what was
    // refused once more.
    let remove =
        |name: &String| engine.clean(&[words.as_slice(), std::slice::from_ref(name)].concat()).succeeded();
    let refused: Vec<&String> = names.iter().filter(|name| !remove(name)).collect();
    for name in refused {
        remove(name);
    }
}

fn remove_volumes(engine: &ContainerEngine, names: &[String]) {
    if !names.is_empty() {
        let words = ["volume", "rm", "-f", "--"].map(str::to_owned);
        engine.clean(&[&words[..], names].concat());
    }
}

fn remove_images(engine: &ContainerEngine, names: &[String]) {
    if !names.is_empty() {
        let words = ["rmi", "-f", "--"].map(str::to_owned);
        engine.clean(&[&words[..], names].concat());
    }
}

/// Removes one image by the tag that a trial gave it.
pub(super) fn remove_image(engine: &ContainerEngine, tag: &str) {
    remove_images(engine, &[tag.to_owned()]);
}

/// Removes what trials of processes that are gone have left, and names it.
///
/// # Errors
/// When the engine cannot say what there is.
pub fn remove_leftovers(
    engine: &ContainerEngine,
    is_awaited: StillAwaited<'_>,
) -> Result<Vec<String>, TrialError> {
    finish_orphaned_builds(engine);
    let filter = format!("label={TRIAL_LABEL}");
    // podman has labels as a map, docker has a function for one of them.
    let label = match engine.is_podman() {
        true => format!("{{{{index .Labels \"{TRIAL_LABEL}\"}}}}"),
        false => format!("{{{{.Label \"{TRIAL_LABEL}\"}}}}"),
    };
    let lists: [(&str, Vec<String>); 3] = [
        (
            "container",
            words(&["ps", "-a", "--filter", &filter, "--format", &format!("{{{{.Names}}}}|{label}")]),
        ),
        (
            "volume",
            words(&["volume", "ls", "--filter", &filter, "--format", &format!("{{{{.Name}}}}|{label}")]),
        ),
        (
            "image",
            words(&["image", "ls", "--filter", &filter, "--format", "{{.Repository}}:{{.Tag}}|{{.ID}}"]),
        ),
    ];
    let mut removed = Vec::new();
    for (kind, list) in lists {
        let answer = engine.run(&list, std::time::Duration::from_secs(30), is_awaited)?;
        let rows: Vec<(String, String)> = answer
            .text()
            .lines()
            .filter_map(|row| row.split_once('|'))
            .map(|(name, mark)| (name.trim().to_owned(), mark.trim().to_owned()))
            .collect();
        let is_left = |(name, mark): &&(String, String)| match kind {
            "image" => name.split('/').next_back().is_some_and(|name| is_left_behind(&image_owner(name))),
            _ => is_left_behind(mark),
        };
        let left: Vec<String> = rows
            .iter()
            .filter(is_left)
            .map(
                |(name, id)| {
                    if kind == "image" && name.contains("<none>") { id.clone() } else { name.clone() }
                },
            )
            .collect();
        match kind {
            "container" => remove_containers(engine, &left),
            "volume" => remove_volumes(engine, &left),
            _ => remove_images(engine, &left),
        }
        removed.extend(left.iter().map(|name| format!("{kind} {name}")));
    }
    Ok(removed)
}

/// The owner that an image's tag names: `seaworthy-trial:PID-START-…`.
fn image_owner(name: &str) -> String {
    let tag = name.rsplit_once(':').map_or("", |(_, tag)| tag);
    tag.split('-').take(2).collect::<Vec<_>>().join("-")
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
