//! What changes while nobody looks: noted when the window is left, said when it is come back to.

use std::collections::HashSet;

use super::state::State;
use super::toast::Toast;
use crate::fix::FindingKey;

/// What was known when the terminal's window was left.
#[derive(Clone, Debug, Default)]
pub struct Left {
    open: HashSet<FindingKey>,
    score: Option<u8>,
}

impl Left {
    pub(super) fn now(state: &State) -> Self {
        let open = state.index.entries.iter().map(|entry| entry.key.clone()).collect();
        Self { open, score: state.store.score() }
    }

    /// What has changed since, when something has.
    pub(super) fn since(self, state: &State) -> Option<Toast> {
        let entries = &state.index.entries;
        let new = entries.iter().filter(|entry| !self.open.contains(&entry.key)).count();
        let resolved = (self.open.len() + new).saturating_sub(entries.len());
        let scores = self.score.zip(state.store.score()).filter(|(before, after)| before != after);
        (new + resolved > 0).then_some(Toast::Meanwhile { new, resolved, scores })
    }
}
