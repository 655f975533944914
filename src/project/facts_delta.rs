//! Describes a change of a file's facts, and counts occurrences in the repository, for the indexes.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use super::{FileFacts, ManifestFacts};
use crate::repo::RelPath;

pub(super) type FactsByFile = BTreeMap<RelPath, Arc<FileFacts>>;

/// The facts of a file before and after; none where it had none, or is gone.
pub(super) struct FactsDelta {
    pub path: RelPath,
    pub old: Option<Arc<FileFacts>>,
    pub new: Option<Arc<FileFacts>>,
}

impl FactsDelta {
    pub(super) fn old_manifest(&self) -> Option<&ManifestFacts> {
        manifest_facts(self.old.as_ref())
    }

    pub(super) fn new_manifest(&self) -> Option<&ManifestFacts> {
        manifest_facts(self.new.as_ref())
    }

    /// True where it is a Dockerfile: before, and now.
    pub(super) fn dockerfile_before_after(&self) -> (bool, bool) {
        let is = |facts: Option<&Arc<FileFacts>>| {
            matches!(facts.map(|facts| &**facts), Some(FileFacts::Dockerfile(_)))
        };
        (is(self.old.as_ref()), is(self.new.as_ref()))
    }
}

pub(super) fn manifest_facts(facts: Option<&Arc<FileFacts>>) -> Option<&ManifestFacts> {
    match &**facts? {
        FileFacts::Manifest(manifest) => Some(manifest),
        FileFacts::Dockerfile(_) => None,
    }
}

/// The number of times that each thing occurs in the whole repository.
#[derive(Clone, Debug)]
pub(super) struct OccurrenceCounts<K>(HashMap<K, usize>);

impl<K> Default for OccurrenceCounts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq + Clone> OccurrenceCounts<K> {
    pub(super) fn contains_key<Q: Hash + Eq + ?Sized>(&self, thing: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.contains_key(thing)
    }

    pub(super) fn add_one(&mut self, thing: &K) {
        *self.0.entry(thing.clone()).or_default() += 1;
    }

    pub(super) fn remove_one(&mut self, thing: &K) {
        if let Some(count) = self.0.get_mut(thing) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(thing);
            }
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }
}

/// A path before every path below the folder, in their order.
pub(super) fn first_below(folder: &str) -> RelPath {
    if folder.is_empty() { RelPath::from("") } else { RelPath::from(format!("{folder}/").as_str()) }
}

pub(super) fn is_below(path: &RelPath, folder: &str) -> bool {
    folder.is_empty() || path.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
