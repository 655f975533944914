//! Holds the places of files and folders in the order that was taken, for the tree of files.

use std::collections::HashMap;

/// The rank of what came after the order was taken, or where none was.
pub(super) const UNRANKED: u32 = u32::MAX;

/// The places of files and folders among their neighbours, by path. Without any, the tree is in the order of paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PathRanks(HashMap<String, u32>);

impl PathRanks {
    pub(super) const fn new(ranks: HashMap<String, u32>) -> Self {
        Self(ranks)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of a file or a folder: the same for what stands as high.
    pub(super) fn rank_of(&self, path: &str) -> u32 {
        self.0.get(path).copied().unwrap_or(UNRANKED)
    }
}
