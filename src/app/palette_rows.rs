//! Finds actions by words for the palette, with their keys and why they do nothing here.

use super::action::{KEY_BINDINGS, KeyBinding};
use super::action_obstacle::ActionObstacle;
use super::action_palette::ActionPalette;
use super::app_state::AppState;

/// An action that the palette offers.
#[derive(Clone, Debug)]
pub struct PaletteRow {
    pub binding: &'static KeyBinding,
    /// All of its keys, as they are shown.
    pub keys: String,
    pub obstacle: Option<ActionObstacle>,
}

impl ActionPalette {
    /// The actions in which every typed word occurs, in the name, the description or as a key: what can be done here
    /// first, and what is named so before what only speaks of it.
    #[must_use]
    pub fn find_rows(&self, state: &AppState) -> Vec<PaletteRow> {
        let words: Vec<String> = self.field.text().split_whitespace().map(str::to_lowercase).collect();
        let keymap = &state.config.keymap;
        let is_wanted = |binding: &&KeyBinding| {
            let keys = keymap.keys_as_text(binding.action);
            let text = format!("{} {}", binding.name, binding.description).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()) || keys.split(' ').any(|key| key == word))
        };
        let rows = KEY_BINDINGS.iter().filter(is_wanted).map(|binding| PaletteRow {
            binding,
            keys: keymap.keys_as_text(binding.action),
            obstacle: state.find_obstacle(binding.action),
        });
        let mut rows: Vec<PaletteRow> = rows.collect();
        let is_named = |row: &PaletteRow| {
            let mut parts = row.binding.name.split('-');
            words.first().is_none_or(|word| parts.any(|part| part.starts_with(word.as_str())))
        };
        rows.sort_by_key(|row| (row.obstacle.is_some(), !is_named(row)));
        rows
    }
}
