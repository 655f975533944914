//! Asking registries about images: which ones, how far it is, what was said, and what a person takes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::finding::FindingKey;
use crate::finding::{Change, Finding, ImageIntent, ImageWant, Intent, Remedy};
use crate::image::registry::TagResolution;
use crate::image::{Reference, TagKind};
use crate::store::Store;

/// What is asked of registries, and for which findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The findings that the answers mend, those that share a place with what was chosen included.
    pub keys: Vec<FindingKey>,
    pub images: Vec<Asked>,
    pub stage: Stage,
    /// Which question this is: answers to an older one are dropped.
    pub id: u64,
    /// The image that has the keys.
    pub at: usize,
    /// How far the patch is scrolled.
    pub scroll: usize,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Who will be asked is said; nothing is asked yet.
    Before,
    Asking(Progress),
    /// With whoever was asked besides the registries themselves.
    Answered {
        others: BTreeSet<String>,
    },
}

/// How many of how many images are answered, which registries have not answered all of theirs, and who else was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
    pub waiting: BTreeSet<String>,
    pub others: BTreeSet<String>,
}

/// An image that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub image: Reference,
    /// Whether a version is to take its tag's place.
    pub version: bool,
    /// Whether its own tag is the first choice.
    pub keeps: bool,
    pub said: Option<Said>,
    /// Which of the choices is taken.
    pub choice: usize,
}

/// What its registry said, or why there is no answer.
pub type Said = Result<Answer, String>;

/// What a registry said, and how long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub resolution: TagResolution,
    pub age: Duration,
}

impl Asked {
    /// What may be written: tags with the same digest, and last the tag as it is.
    #[must_use]
    pub fn choices(&self) -> Vec<Option<&str>> {
        let tags = match &self.said {
            Some(Ok(answer)) if self.version => answer.resolution.tags.as_slice(),
            _ => &[],
        };
        tags.iter().map(|tag| Some(tag.as_str())).chain([None]).collect()
    }

    /// The tag that is taken; none for the one that it has.
    #[must_use]
    pub fn chosen(&self) -> Option<&str> {
        self.choices().get(self.choice).copied().flatten()
    }

    pub(super) fn hear(&mut self, said: Said) {
        self.said = Some(said);
        self.choice = if self.keeps { self.choices().len() - 1 } else { 0 };
    }
}

impl Lookup {
    /// The question for these findings; none where no registry has what they need. `rule` is the rule of the one finding that
    /// is to be mended, where it is one alone.
    #[must_use]
    pub fn of(store: &Store, rule: Option<&str>, keys: &[FindingKey]) -> Option<Self> {
        let keys = with_neighbours(store, keys);
        let mut images: Vec<Asked> = Vec::new();
        let moves =
            |image: &Reference| image.tag().is_some_and(|tag| TagKind::from_tag(tag) == TagKind::Moving);
        for (_, intent) in intents(store, &keys) {
            let version = intent.want == ImageWant::Version;
            match images.iter_mut().find(|asked| asked.image == intent.image) {
                Some(asked) => asked.version |= version,
                None => images.push(Asked {
                    keeps: moves(&intent.image) && rule != Some("moving-tag"),
                    image: intent.image,
                    version,
                    said: None,
                    choice: 0,
                }),
            }
        }
        (!images.is_empty()).then_some(Self { keys, images, stage: Stage::Before, id: 0, at: 0, scroll: 0 })
    }

    /// The registries, each with how many images it is asked about.
    #[must_use]
    pub fn hosts(&self) -> BTreeMap<&str, usize> {
        let mut hosts = BTreeMap::new();
        for asked in &self.images {
            *hosts.entry(asked.image.host()).or_default() += 1;
        }
        hosts
    }

    /// The image that has the keys.
    #[must_use]
    pub fn current(&self) -> Option<&Asked> {
        self.images.get(self.at)
    }

    /// Whether more than one file is written, which is asked about.
    #[must_use]
    pub fn reaches_far(&self) -> bool {
        self.keys.iter().any(|key| key.path != self.keys[0].path)
    }

    pub(super) fn references(&self) -> Vec<Reference> {
        self.images.iter().map(|asked| asked.image.clone()).collect()
    }
}

/// Whether the finding's fix waits for what a registry says.
#[must_use]
pub fn asks_a_registry(finding: &Finding) -> bool {
    matches!(&finding.remedy, Remedy::Change(change) if image_of(change).is_some())
}

fn image_of(change: &Change) -> Option<&ImageIntent> {
    change.intents.iter().find_map(|intent| match intent {
        Intent::Image(image) => Some(image),
        _ => None,
    })
}

/// What these findings want of images.
fn intents(store: &Store, keys: &[FindingKey]) -> Vec<(FindingKey, ImageIntent)> {
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    all_intents(store, keys).into_iter().filter(|(key, _)| asked.contains(key)).collect()
}

/// What all open findings of the same files want of images.
fn all_intents(store: &Store, keys: &[FindingKey]) -> Vec<(FindingKey, ImageIntent)> {
    let paths: BTreeSet<_> = keys.iter().map(|key| &key.path).collect();
    let mut intents = Vec::new();
    for (key, listed) in paths.into_iter().flat_map(|path| store.findings_in(path)) {
        if let Remedy::Change(change) = &listed.finding.remedy
            && listed.suppressed.is_none()
            && let Some(intent) = image_of(change)
        {
            intents.push((key, intent.clone()));
        }
    }
    intents
}

/// These findings, and those about the same references at the same places: a digest mends them all.
fn with_neighbours(store: &Store, keys: &[FindingKey]) -> Vec<FindingKey> {
    let all = all_intents(store, keys);
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    let places: Vec<_> = all
        .iter()
        .filter(|(key, _)| asked.contains(key))
        .map(|(key, intent)| (&key.path, &intent.at))
        .collect();
    let mut near: Vec<FindingKey> = Vec::new();
    for (key, intent) in &all {
        if places.contains(&(&key.path, &intent.at)) {
            near.push(key.clone());
        }
    }
    near
}
