//! Finds actions by words for the palette, with their keys and why they do nothing here.

use std::borrow::Cow;

use super::action::Action;
use super::action_obstacle::ActionObstacle;
use super::action_palette::ActionPalette;
use super::app_state::AppState;
use super::key_bindings::KEY_BINDINGS;
use super::walk_action::{WALK_BINDINGS, WalkAction, WalkBinding};
use crate::walkthrough::Chapter;

/// What a row of the palette does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteCommand {
    Pane(Action),
    Walk(WalkAction),
}

/// An action that the palette offers.
#[derive(Clone, Debug)]
pub struct PaletteRow {
    pub command: PaletteCommand,
    pub name: &'static str,
    pub description: Cow<'static, str>,
    /// All of its keys, as they are shown.
    pub keys: String,
    pub obstacle: Option<ActionObstacle>,
}

impl ActionPalette {
    /// The actions in which every typed word occurs, in the name, the description or as a key: the one that has just this
    /// name first, then what can be done here, and what is named so before what only speaks of it.
    #[must_use]
    pub fn find_rows(&self, state: &AppState) -> Vec<PaletteRow> {
        let words: Vec<String> = self.field.text().split_whitespace().map(str::to_lowercase).collect();
        let mut rows = state.palette_rows();
        rows.retain(|row| {
            let text = format!("{} {}", row.name, row.description).to_lowercase();
            words
                .iter()
                .all(|word| text.contains(word.as_str()) || row.keys.split(' ').any(|key| key == word))
        });
        let typed = words.join("-");
        let first = words.first().map(String::as_str).unwrap_or_default();
        rows.sort_by_key(|row| {
            let closeness = NameCloseness::of_name(row.name, &typed, first);
            (closeness != NameCloseness::Whole, row.obstacle.is_some(), closeness)
        });
        rows
    }
}

/// How much of an action's name was typed, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NameCloseness {
    Whole,
    Beginning,
    /// The beginning of one of its parts.
    Part,
    Elsewhere,
}

impl NameCloseness {
    fn of_name(name: &str, typed: &str, first_word: &str) -> Self {
        if name == typed {
            Self::Whole
        } else if name.starts_with(typed) {
            Self::Beginning
        } else if name.split('-').any(|part| part.starts_with(first_word)) {
            Self::Part
        } else {
            Self::Elsewhere
        }
    }
}

impl AppState {
    /// Every action that there is where the keys go now, in the walk its own before those that are everywhere.
    #[must_use]
    pub fn palette_rows(&self) -> Vec<PaletteRow> {
        let in_walk = self.walk.is_some();
        let is_walk_key = |action: Action| {
            self.is_in_chapter() && WALK_BINDINGS.iter().any(|binding| binding.pane_actions.contains(&action))
        };
        let walk = WALK_BINDINGS.iter().filter(|_| in_walk).map(|binding| self.walk_row(binding));
        let panes = KEY_BINDINGS.iter().filter(|binding| !is_walk_key(binding.action));
        let panes = panes.map(|binding| PaletteRow {
            command: PaletteCommand::Pane(binding.action),
            name: binding.name,
            description: binding.description.into(),
            keys: self.config.keymap.keys_as_text(binding.action),
            obstacle: self.find_obstacle(binding.action),
        });
        walk.chain(panes).collect()
    }

    fn walk_row(&self, binding: &WalkBinding) -> PaletteRow {
        let chapter = match binding.action {
            WalkAction::GoToChapter(at) => Chapter::ALL.get(at),
            _ => None,
        };
        let description = chapter.map_or(Cow::Borrowed(binding.description), |chapter| {
            format!("{} {}: {}", binding.description, chapter.chapter_number(), chapter.name()).into()
        });
        PaletteRow {
            command: PaletteCommand::Walk(binding.action),
            name: binding.name,
            description,
            keys: binding.keys_as_text(&self.config.keymap),
            obstacle: self.find_walk_obstacle(binding.action),
        }
    }
}
