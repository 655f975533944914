//! What lies over the panes: the help, the menu of wider fixes, questions.

use super::pin_check::PinCheckState;
use super::registry_lookup::RegistryLookup;
use super::text_field::TextField;
use super::walk_screen::ValueForm;
use crate::finding::FindingKey;
use crate::fix::RequiredValue;

/// What lies over the panes and takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogState {
    Help {
        scroll: usize,
        /// What the rows must hold; keys go to it while it is typed.
        filter: Option<TextField>,
    },
    /// The wider fixes; which is chosen.
    FixMenu { choice: usize },
    /// The whole patch of the fix in view, and whether to write it. What was asked for, in words.
    ConfirmFix { scope: FixScope, keys: Vec<FindingKey>, scroll: usize },
    /// Why a finding is to be allowed.
    SuppressReason { key: FindingKey, text: TextField },
    /// As whom an image runs that nothing here tells of.
    ImageUser { required: RequiredValue, form: ValueForm },
    /// What registries are asked, and what they said.
    Lookup(Box<RegistryLookup>),
    /// What has become of images that are pinned already.
    PinCheck(Box<PinCheckState>),
}

/// How far a fix reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixScope {
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

impl FixScope {
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
}
