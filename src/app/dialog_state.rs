//! Holds the dialog over the panes: the help, a list, a question.

use super::action_palette::ActionPalette;
use super::link_choice::LinkChoice;
use super::pin_check::PinCheckState;
use super::registry_lookup::RegistryLookup;
use super::text_field::TextField;
use super::trial_dialog::TrialDialog;
use super::undo_list::UndoList;
use super::value_editor::ValueEditor;
use crate::finding::FindingKey;
use crate::fix::CommentPlace;
use crate::settings::SettingsChange;

/// The dialog that lies over the panes and takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogState {
    Help {
        scroll: usize,
        /// The text that the rows must hold; keys go to it while it is typed.
        filter: Option<TextField>,
    },
    /// Every action, found by words.
    Palette(ActionPalette),
    /// The whole patch of the fix in view, and the question whether to write it; its scope and findings.
    ConfirmFix { scope: FixScope, keys: Vec<FindingKey>, scroll: usize },
    /// The question for the reason of a suppression, and where its comment goes, once that is known.
    SuppressReason { key: FindingKey, text: TextField, place: Option<CommentPlace> },
    /// The values of the fix in view, where they stand in it.
    Values(Box<ValueEditor>),
    /// What happened to the repository; the selected row.
    ChangeLog { row: usize },
    /// Which Dockerfile builds an image.
    LinkChoice(Box<LinkChoice>),
    /// What can be taken back.
    UndoList(Box<UndoList>),
    /// A lookup at registries, with its answers.
    Lookup(Box<RegistryLookup>),
    /// A check of images that are pinned already.
    PinCheck(Box<PinCheckState>),
    /// A trial of an app in a container engine.
    Trial(Box<TrialDialog>),
}

/// What a person is asked to keep in the repository's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum KeptSetting {
    /// Typed values.
    Values(Box<ValueEditor>),
    Link(Box<LinkChoice>),
    /// What a trial saw.
    Trial(Box<TrialDialog>),
}

/// What a question before a write is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixScope {
    /// One fix that will break the program.
    Breaking,
    /// What is to be kept in the repository's settings.
    Settings,
}

impl KeptSetting {
    /// What the settings are to say.
    pub(super) fn change(&self) -> SettingsChange {
        match self {
            Self::Values(editor) => SettingsChange::Values(editor.make_choices(true).unwrap_or_default()),
            Self::Link(choice) => choice.selected_change(),
            Self::Trial(trial) => {
                SettingsChange::Trial { path: trial.app.path.clone(), object: trial.app.object.to_string() }
            }
        }
    }

    /// The dialog in which it was chosen.
    pub(super) fn into_dialog(self) -> DialogState {
        match self {
            Self::Values(editor) => DialogState::Values(editor),
            Self::Link(choice) => DialogState::LinkChoice(choice),
            Self::Trial(trial) => DialogState::Trial(trial),
        }
    }
}
