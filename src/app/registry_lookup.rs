//! Holds a lookup at registries: its images, its progress, the answers, and the person's choices.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::finding::{FindingKey, ImageEdit, ImageEditGoal};
use crate::image::registry::TagResolution;
use crate::image::{Reference, TagKind};
use crate::rules::rule_ids;
use crate::store::Store;

/// A lookup at registries, and the findings it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct RegistryLookup {
    /// The findings that the answers fix, those that share a place with a selected one included.
    pub keys: Vec<FindingKey>,
    pub images: Vec<LookupImage>,
    pub stage: LookupStage,
    /// The number of this lookup: answers to an older one are dropped.
    pub id: u64,
    /// The image that has the keys.
    pub selected: usize,
    /// The lines by which the patch is scrolled.
    pub scroll: usize,
}

/// The stage of a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupStage {
    /// The registries are named; none is asked yet.
    NotStarted,
    Running(LookupProgress),
    /// The answers are here; with the hosts that were asked besides the registries themselves.
    Finished {
        other_hosts: BTreeSet<String>,
    },
}

/// The numbers of images answered and asked about, the registries with open answers, and the other hosts that were
/// asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupProgress {
    pub done: usize,
    pub total: usize,
    pub pending_hosts: BTreeSet<String>,
    pub other_hosts: BTreeSet<String>,
}

/// An image that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupImage {
    pub image: Reference,
    /// True where a version is to replace its tag.
    pub wants_version: bool,
    /// True where its own tag is the first choice.
    pub keeps_tag: bool,
    pub result: Option<LookupResult>,
    /// The index of the chosen tag.
    pub choice: usize,
}

/// The answer of its registry, or the reason why there is none.
pub type LookupResult = Result<LookupAnswer, String>;

/// An answer of a registry, and its age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupAnswer {
    pub resolution: TagResolution,
    pub age: Duration,
}

impl LookupImage {
    /// The tags that may be written: those with the same digest, and last the tag as it is.
    #[must_use]
    pub fn tag_choices(&self) -> Vec<Option<&str>> {
        let tags = match &self.result {
            Some(Ok(answer)) if self.wants_version => answer.resolution.tags.as_slice(),
            _ => &[],
        };
        tags.iter().map(|tag| Some(tag.as_str())).chain([None]).collect()
    }

    /// The chosen tag; none for its own.
    #[must_use]
    pub fn chosen_tag(&self) -> Option<&str> {
        self.tag_choices().get(self.choice).copied().flatten()
    }

    pub(super) fn set_result(&mut self, said: LookupResult) {
        self.result = Some(said);
        self.choice = if self.keeps_tag { self.tag_choices().len() - 1 } else { 0 };
    }
}

impl RegistryLookup {
    /// A lookup for these findings; none where no registry has what they need. `rule` is the rule of the one finding to
    /// be fixed, where it is one alone.
    #[must_use]
    pub fn for_findings(store: &Store, rule: Option<&str>, keys: &[FindingKey]) -> Option<Self> {
        let keys = with_shared_places(store, keys);
        let mut images: Vec<LookupImage> = Vec::new();
        let moves =
            |image: &Reference| image.tag().is_some_and(|tag| TagKind::from_tag(tag) == TagKind::Moving);
        for (_, edit) in image_edits(store, &keys) {
            let version = edit.goal == ImageEditGoal::Version;
            match images.iter_mut().find(|asked| asked.image == edit.image) {
                Some(asked) => asked.wants_version |= version,
                None => images.push(LookupImage {
                    keeps_tag: moves(&edit.image) && rule != Some(rule_ids::MOVING_TAG),
                    image: edit.image,
                    wants_version: version,
                    result: None,
                    choice: 0,
                }),
            }
        }
        (!images.is_empty()).then_some(Self {
            keys,
            images,
            stage: LookupStage::NotStarted,
            id: 0,
            selected: 0,
            scroll: 0,
        })
    }

    /// The registries, each with the number of its images.
    #[must_use]
    pub fn count_by_host(&self) -> BTreeMap<&str, usize> {
        let mut hosts = BTreeMap::new();
        for asked in &self.images {
            *hosts.entry(asked.image.host()).or_default() += 1;
        }
        hosts
    }

    /// The image that has the keys.
    #[must_use]
    pub fn current_image(&self) -> Option<&LookupImage> {
        self.images.get(self.selected)
    }

    /// True where more than one file is written, which is confirmed first.
    #[must_use]
    pub fn spans_files(&self) -> bool {
        self.keys.iter().any(|key| key.path != self.keys[0].path)
    }

    pub(super) fn image_references(&self) -> Vec<Reference> {
        self.images.iter().map(|asked| asked.image.clone()).collect()
    }
}

/// What these findings want of images.
fn image_edits(store: &Store, keys: &[FindingKey]) -> Vec<(FindingKey, ImageEdit)> {
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    image_edits_in_files(store, keys).into_iter().filter(|(key, _)| asked.contains(key)).collect()
}

/// What all open findings of the same files want of images.
fn image_edits_in_files(store: &Store, keys: &[FindingKey]) -> Vec<(FindingKey, ImageEdit)> {
    let paths: BTreeSet<_> = keys.iter().map(|key| &key.path).collect();
    let mut edits = Vec::new();
    for listed in paths.into_iter().flat_map(|path| store.findings_in(path)) {
        if listed.is_open()
            && let Some(edit) = listed.finding.image_edit()
        {
            edits.push((listed.key.clone(), edit.clone()));
        }
    }
    edits
}

/// These findings, and those about the same references at the same places: a digest fixes them all.
fn with_shared_places(store: &Store, keys: &[FindingKey]) -> Vec<FindingKey> {
    let all = image_edits_in_files(store, keys);
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    let places: Vec<_> = all
        .iter()
        .filter(|(key, _)| asked.contains(key))
        .map(|(key, edit)| (&key.path, &edit.place))
        .collect();
    let mut near: Vec<FindingKey> = Vec::new();
    for (key, edit) in &all {
        if places.contains(&(&key.path, &edit.place)) {
            near.push(key.clone());
        }
    }
    near
}
