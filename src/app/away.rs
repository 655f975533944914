//! Tells the user what changed while the window had no focus: notes the state at its loss, and compares on return.

use std::collections::HashSet;

use super::findings_index::FindingsIndex;
use super::toast::Toast;
use crate::finding::FindingKey;

/// The state when the terminal's window lost the focus.
#[derive(Clone, Debug, Default)]
pub struct AwaySnapshot {
    open_keys: HashSet<FindingKey>,
    score: Option<u8>,
}

impl AwaySnapshot {
    pub(super) fn take_snapshot(index: &FindingsIndex, score: Option<u8>) -> Self {
        let open = index.entries.iter().map(|entry| entry.key.clone()).collect();
        Self { open_keys: open, score }
    }

    /// The numbers of findings that came since then, and that went.
    pub(super) fn count_changes(&self, index: &FindingsIndex) -> (usize, usize) {
        let entries = &index.entries;
        let new = entries.iter().filter(|entry| !self.open_keys.contains(&entry.key)).count();
        (new, (self.open_keys.len() + new).saturating_sub(entries.len()))
    }

    /// The changes since then, when there are any.
    pub(super) fn changes_since(self, index: &FindingsIndex, score: Option<u8>) -> Option<Toast> {
        let (new, resolved) = self.count_changes(index);
        let scores = self.score.zip(score).filter(|(before, after)| before != after);
        (new + resolved > 0).then_some(Toast::WhileAway { new, resolved, scores })
    }
}
