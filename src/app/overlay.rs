//! What lies over the panes: the help, the menu of wider fixes, questions.

use super::index::Entry;
use super::lookup::Lookup;
use super::pins::Pins;
use super::state::State;
use super::walk::Form;
use crate::finding::Safety;
use crate::fix::{FindingKey, Missing};

/// What lies over the panes and takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    Help {
        scroll: usize,
        /// What the rows must hold; keys go to it while it is typed.
        filter: Option<String>,
    },
    /// The wider fixes; which is chosen.
    Menu { choice: usize },
    /// The whole patch of the fix in view, and whether to write it. What was asked for, in words.
    Confirm { reach: Reach, keys: Vec<FindingKey>, scroll: usize },
    /// Why a finding is to be allowed.
    Reason { key: FindingKey, text: String },
    /// As whom an image runs that nothing here tells of.
    Value { missing: Missing, form: Form },
    /// What registries are asked, and what they said.
    Lookup(Box<Lookup>),
    /// What has become of images that are pinned already.
    Pins(Box<Pins>),
}

/// How far a fix reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What is selected, where that spans files.
    Selected,
    /// One fix that will break the program.
    Breaking,
    RuleInFile,
    RuleEverywhere,
    SafeInFile,
    Safe,
    Review,
    /// Images, by what their registries say.
    ImagesInFile,
    Images,
}

impl Reach {
    /// What the menu offers, in its order.
    pub const MENU: [Self; 7] = [
        Self::RuleInFile,
        Self::RuleEverywhere,
        Self::SafeInFile,
        Self::Safe,
        Self::Review,
        Self::ImagesInFile,
        Self::Images,
    ];

    /// The findings that it reaches, as the selection stands.
    #[must_use]
    pub fn keys(self, state: &State) -> Vec<FindingKey> {
        self.entries(state).map(|entry| entry.key.clone()).collect()
    }

    /// How many findings it reaches.
    #[must_use]
    pub fn count(self, state: &State) -> usize {
        self.entries(state).count()
    }

    fn entries(self, state: &State) -> impl Iterator<Item = &Entry> {
        let rule = state.finding().map(|entry| entry.key.rule);
        let path = state.path();
        let safe = Some(Safety::Safe);
        let review = [safe, Some(Safety::Review)];
        // What lacks another value is mended by a person, one at a time.
        let mendable = move |entry: &&Entry| review.contains(&entry.safety) || entry.asks_a_registry;
        let entries = state.index.entries.iter().map(|entry| &**entry).filter(mendable);
        entries.filter(move |entry| match self {
            Self::Selected | Self::Breaking => false,
            Self::RuleInFile => rule == Some(entry.key.rule) && path == Some(&entry.key.path),
            Self::RuleEverywhere => rule == Some(entry.key.rule),
            Self::SafeInFile => entry.safety == safe && path == Some(&entry.key.path),
            Self::Safe => entry.safety == safe,
            Self::Review => !entry.asks_a_registry,
            Self::ImagesInFile => entry.asks_a_registry && path == Some(&entry.key.path),
            Self::Images => entry.asks_a_registry,
        })
    }
}
