//! Keeps account of what a trial has made in the engine, and removes it on every way out.

use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_process::{EngineAnswer, clear_work_folder};
use super::trial_error::engine_reason;

/// The time in which the engine lists what it has.
const LIST_TIME: Duration = Duration::from_secs(20);

/// The sorts of things that a trial makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThingKind {
    Container,
    Volume,
    Image,
}

impl ThingKind {
    /// The sort in a sentence.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Volume => "volume",
            Self::Image => "image",
        }
    }

    /// The words that list all of the sort by the names that remove them.
    const fn list_words(self) -> &'static [&'static str] {
        match self {
            Self::Container => &["ps", "-a", "--format", "{{.Names}}"],
            Self::Volume => &["volume", "ls", "--format", "{{.Name}}"],
            Self::Image => &["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"],
        }
    }
}

/// What a trial has made, the oldest first. It is removed when this goes out of sight.
pub(super) struct TrialThings<'a> {
    engine: &'a ContainerEngine,
    is_awaited: StillAwaited<'a>,
    containers: Vec<String>,
    volumes: Vec<String>,
}

impl<'a> TrialThings<'a> {
    pub(super) const fn new(engine: &'a ContainerEngine, is_awaited: StillAwaited<'a>) -> Self {
        Self { engine, is_awaited, containers: Vec::new(), volumes: Vec::new() }
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
        remove_things(self.engine, ThingKind::Container, &[name.to_owned()], self.is_awaited);
    }
}

impl Drop for TrialThings<'_> {
    fn drop(&mut self) {
        // The last one shares the network of the first.
        self.containers.reverse();
        remove_things(self.engine, ThingKind::Container, &self.containers, self.is_awaited);
        remove_things(self.engine, ThingKind::Volume, &self.volumes, self.is_awaited);
        clear_work_folder();
    }
}

/// Removes things by their names. What is still there then is noted as left, and handed back.
pub(super) fn remove_things(
    engine: &ContainerEngine,
    kind: ThingKind,
    names: &[String],
    is_awaited: StillAwaited<'_>,
) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let Some(refusal) = ask_to_remove(engine, kind, names, is_awaited) else { return Vec::new() };
    // It says no also of what was never made.
    let words: Vec<String> = kind.list_words().iter().map(|word| (*word).to_owned()).collect();
    let listed = engine.clean_within(&words, LIST_TIME, is_awaited);
    let text = listed.text();
    let is_there =
        |name: &&String| !listed.succeeded() || text.lines().any(|row| row.trim() == name.as_str());
    let left: Vec<String> = names.iter().filter(is_there).cloned().collect();
    let reason = match refusal.was_ended {
        true => "the engine did not answer in time".to_owned(),
        false => engine_reason(&refusal.stderr),
    };
    for name in &left {
        engine.cleaning.note_left(format!("{} {name}", kind.name()), reason.clone());
    }
    left
}

/// Removes one image by the tag that a trial gave it.
pub(super) fn remove_image(engine: &ContainerEngine, tag: &str, is_awaited: StillAwaited<'_>) {
    remove_things(engine, ThingKind::Image, &[tag.to_owned()], is_awaited);
}

/// Asks the engine to end and remove things, containers with their own unnamed volumes; the answer that says no, if any.
fn ask_to_remove(
    engine: &ContainerEngine,
    kind: ThingKind,
    names: &[String],
    is_awaited: StillAwaited<'_>,
) -> Option<EngineAnswer> {
    let remove = |words: &[&str], names: &[String]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let answer = engine.clean(&[&words[..], names].concat(), is_awaited);
        (!answer.succeeded()).then_some(answer)
    };
    match kind {
        ThingKind::Volume => remove(&["volume", "rm", "-f", "--"], names),
        ThingKind::Image => remove(&["rmi", "-f", "--"], names),
        ThingKind::Container if !engine.is_podman() => remove(&["rm", "-f", "-v", "--"], names),
        // Without a time podman waits ten seconds for a program that does not react, and one that is gone already keeps it
        // from removing the others. It removes several at once, and refuses one whose network another still has: one after
        // the other, and what was refused once more.
        ThingKind::Container => {
            let words = ["rm", "-f", "-v", "--ignore", "-t", "0", "--"];
            let mut refused: Vec<&String> = Vec::new();
            for name in names {
                let answer = remove(&words, std::slice::from_ref(name));
                if answer.as_ref().is_some_and(|answer| answer.was_ended) {
                    // It hangs: the others would take as long.
                    return answer;
                }
                refused.extend(answer.map(|_| name));
            }
            let mut still = None;
            for name in refused {
                still = remove(&words, std::slice::from_ref(name)).or(still);
            }
            still
        }
    }
}
