//! Which findings a wider fix reaches, for its menu and its plan.

use super::index::Entry;
use super::overlay::Reach;
use super::state::State;
use crate::finding::FindingKey;
use crate::finding::Safety;

impl State {
    /// The findings that a fix of that reach mends, as the selection stands.
    #[must_use]
    pub fn keys_within(&self, reach: Reach) -> Vec<FindingKey> {
        self.entries_within(reach).map(|entry| entry.key.clone()).collect()
    }

    /// How many findings a fix of that reach mends.
    #[must_use]
    pub fn count_within(&self, reach: Reach) -> usize {
        self.entries_within(reach).count()
    }

    fn entries_within(&self, reach: Reach) -> impl Iterator<Item = &Entry> {
        let rule = self.finding().map(|entry| entry.key.rule);
        let path = self.path();
        let safe = Some(Safety::Safe);
        let review = [safe, Some(Safety::Review)];
        // What lacks another value is mended by a person, one at a time.
        let mendable = move |entry: &&Entry| review.contains(&entry.safety) || entry.asks_a_registry;
        let entries = self.index.entries.iter().map(|entry| &**entry).filter(mendable);
        entries.filter(move |entry| match reach {
            Reach::Selected | Reach::Breaking => false,
            Reach::RuleInFile => rule == Some(entry.key.rule) && path == Some(&entry.key.path),
            Reach::RuleEverywhere => rule == Some(entry.key.rule),
            Reach::SafeInFile => entry.safety == safe && path == Some(&entry.key.path),
            Reach::Safe => entry.safety == safe,
            Reach::Review => !entry.asks_a_registry,
            Reach::ImagesInFile => entry.asks_a_registry && path == Some(&entry.key.path),
            Reach::Images => entry.asks_a_registry,
        })
    }
}
