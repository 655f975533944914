//! A file whose facts are others than before.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::{Facts, ManifestFacts};
use crate::repo::RelPath;

/// What a file said, and what it says; none where it said nothing, or is gone.
pub(super) struct Change {
    pub path: RelPath,
    pub old: Option<Arc<Facts>>,
    pub new: Option<Arc<Facts>>,
}

impl Change {
    pub(super) fn old_manifest(&self) -> Option<&ManifestFacts> {
        manifest(self.old.as_ref())
    }

    pub(super) fn new_manifest(&self) -> Option<&ManifestFacts> {
        manifest(self.new.as_ref())
    }

    /// Whether it is a Dockerfile: before, and now.
    pub(super) fn builds(&self) -> (bool, bool) {
        let is = |facts: Option<&Arc<Facts>>| matches!(facts.map(|facts| &**facts), Some(Facts::Build(_)));
        (is(self.old.as_ref()), is(self.new.as_ref()))
    }
}

pub(super) fn manifest(facts: Option<&Arc<Facts>>) -> Option<&ManifestFacts> {
    match &**facts? {
        Facts::Manifest(manifest) => Some(manifest),
        Facts::Build(_) => None,
    }
}

/// How often each thing is said in the whole repository.
#[derive(Clone, Debug)]
pub(super) struct Counts<K>(HashMap<K, usize>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq + Clone> Counts<K> {
    pub(super) fn has<Q: Hash + Eq + ?Sized>(&self, thing: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.contains_key(thing)
    }

    pub(super) fn add(&mut self, thing: &K) {
        *self.0.entry(thing.clone()).or_default() += 1;
    }

    pub(super) fn take(&mut self, thing: &K) {
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
