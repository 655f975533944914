//! Finds a finding in its file's part of the index, for the lists: at once, also among very many.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use crate::audit::ListedFinding;
use crate::finding::FindingKey;

/// The most findings that are compared one by one.
const MAX_COMPARED: usize = 32;

/// The places of a file's findings by the hash of their keys; empty where they are few.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KeyPlaces {
    /// In the order of the hashes.
    by_hash: Vec<(u64, usize)>,
}

impl KeyPlaces {
    pub(super) fn new(findings: &[Arc<ListedFinding>]) -> Self {
        let mut by_hash = Vec::new();
        if findings.len() > MAX_COMPARED {
            by_hash.extend(findings.iter().enumerate().map(|(at, finding)| (hash_key(&finding.key), at)));
            by_hash.sort_unstable();
        }
        Self { by_hash }
    }

    /// The place of that key in `findings`, which these are the places of.
    pub(super) fn find_place(&self, findings: &[Arc<ListedFinding>], key: &FindingKey) -> Option<usize> {
        if self.by_hash.is_empty() {
            return findings.iter().position(|finding| finding.key == *key);
        }
        let hash = hash_key(key);
        let start = self.by_hash.partition_point(|(other, _)| *other < hash);
        let alike = self.by_hash[start..].iter().take_while(|(other, _)| *other == hash);
        alike.map(|(_, at)| *at).find(|at| findings[*at].key == *key)
    }
}

fn hash_key(key: &FindingKey) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}
