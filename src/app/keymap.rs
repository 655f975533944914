//! Maps keys to actions: the table's defaults with the user's own on top.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::action::{Action, ActionGroup, KEY_BINDINGS, KeyBinding};
use super::key_press::KeyPress;

/// The keys in effect.
#[derive(Clone, Debug)]
pub struct Keymap {
    actions: BTreeMap<KeyPress, Action>,
    keys: BTreeMap<Action, Vec<KeyPress>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut keymap = Self { actions: BTreeMap::new(), keys: BTreeMap::new() };
        for binding in KEY_BINDINGS {
            keymap.bind(binding.action, binding.keys.iter().filter_map(|key| key.parse().ok()).collect());
        }
        keymap
    }
}

impl Keymap {
    /// The action of a key.
    #[must_use]
    pub fn action_for(&self, key: KeyPress) -> Option<Action> {
        self.actions.get(&key).copied()
    }

    /// The keys of an action, the one to show first.
    #[must_use]
    pub fn keys_for(&self, action: Action) -> &[KeyPress] {
        self.keys.get(&action).map(Vec::as_slice).unwrap_or_default()
    }

    /// Gives the action these keys and no others. A key that another action had is taken from it.
    pub fn bind(&mut self, action: Action, keys: Vec<KeyPress>) {
        self.actions.retain(|_, bound| *bound != action);
        for key in &keys {
            if let Some(other) = self.actions.insert(*key, action).filter(|other| *other != action) {
                self.keys.entry(other).or_default().retain(|k| k != key);
            }
        }
        self.keys.insert(action, keys);
    }

    /// The hints for the footer: a key and a word, the most useful first.
    pub fn footer_hints(&self) -> impl Iterator<Item = (KeyPress, &'static str)> {
        KEY_BINDINGS.iter().filter_map(|b| Some((*self.keys_for(b.action).first()?, b.hint?)))
    }

    /// The rows of the help under one heading, with their keys.
    pub fn help_rows(&self, context: ActionGroup) -> impl Iterator<Item = (String, &'static KeyBinding)> {
        KEY_BINDINGS.iter().filter(move |b| b.group == context).map(|b| (self.keys_as_text(b.action), b))
    }

    /// All keys of an action as they are shown.
    #[must_use]
    pub fn keys_as_text(&self, action: Action) -> String {
        self.keys_for(action).iter().map(KeyPress::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The table of keys for the documentation, as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::from("| key | name | what it does |\n|---|---|---|\n");
        for binding in
            ActionGroup::ALL.iter().flat_map(|c| KEY_BINDINGS.iter().filter(move |b| b.group == *c))
        {
            let keys: Vec<_> = self.keys_for(binding.action).iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(out, "| {} | {} | {} |", keys.join(" "), binding.name, binding.description);
        }
        out
    }
}
