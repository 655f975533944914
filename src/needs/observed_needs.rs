//! Holds the needs that trials saw of the repository's containers, for those who find needs.

use std::collections::BTreeMap;

use super::NeedKind;
use serde::{Deserialize, Serialize};

use crate::repo::RelPath;

/// A container whose program was tried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TriedContainer {
    /// The file, by its path in the repository.
    pub path: RelPath,
    /// `Kind/name` of its object.
    pub object: String,
    /// Its own name.
    pub container: String,
}

/// A need that a trial saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedNeed {
    pub kind: NeedKind,
    /// One sentence, without a full stop, that says what was seen.
    pub reason: String,
}

/// All that trials saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedNeeds {
    by_container: BTreeMap<TriedContainer, Vec<ObservedNeed>>,
    /// What was seen besides, by the file in the repository and the object.
    notes: BTreeMap<(RelPath, String), Vec<ObservedNote>>,
}

/// What a trial saw of an app, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedNote {
    pub topic: ObservedTopic,
    /// A sentence without a full stop.
    pub text: String,
}

/// The side of an app that a trial saw something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObservedTopic {
    User,
    Filesystem,
    Token,
    Resources,
    /// The app as a whole.
    Outcome,
}

impl ObservedNeeds {
    /// Adds a need, once.
    pub fn add(&mut self, container: TriedContainer, need: ObservedNeed) {
        let known = self.by_container.entry(container).or_default();
        if !known.iter().any(|other| other.kind == need.kind) {
            known.push(need);
        }
    }

    /// Adds what was seen besides needs.
    pub fn add_notes(&mut self, path: RelPath, object: String, notes: Vec<ObservedNote>) {
        self.notes.insert((path, object), notes);
    }

    /// What was seen of an app besides its needs, by its file in the repository.
    #[must_use]
    pub fn notes_of(&self, path: &RelPath, object: &str) -> &[ObservedNote] {
        self.notes.get(&(path.clone(), object.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes out the needs that do not hold.
    pub fn retain(&mut self, holds: impl Fn(&TriedContainer, &ObservedNeed) -> bool) {
        for (container, needs) in &mut self.by_container {
            needs.retain(|need| holds(container, need));
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_container.values().all(Vec::is_empty)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&TriedContainer, &ObservedNeed)> {
        self.by_container
            .iter()
            .flat_map(|(container, needs)| needs.iter().map(move |need| (container, need)))
    }

    /// Those of one container. The render of a chart's template is known as `FILE (VALUES)`, and is as the template is.
    #[must_use]
    pub fn of_container(&self, path: &RelPath, object: &str, container: &str) -> &[ObservedNeed] {
        let file =
            path.as_str().strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map(|(file, _)| file);
        let key = |path: &RelPath| TriedContainer {
            path: path.clone(),
            object: object.to_owned(),
            container: container.to_owned(),
        };
        let own = self.by_container.get(&key(path));
        own.or_else(|| self.by_container.get(&key(&file?.into()))).map(Vec::as_slice).unwrap_or_default()
    }
}
