//! Which key does what: the table's defaults with the user's own on top.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::action::{Action, Binding, Context, TABLE};
use super::key::Key;

/// The keys in effect.
#[derive(Clone, Debug)]
pub struct Keymap {
    actions: BTreeMap<Key, Action>,
    keys: BTreeMap<Action, Vec<Key>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut keymap = Self { actions: BTreeMap::new(), keys: BTreeMap::new() };
        for binding in TABLE {
            keymap.bind(binding.action, binding.keys.iter().filter_map(|key| key.parse().ok()).collect());
        }
        keymap
    }
}

impl Keymap {
    /// What the key does.
    #[must_use]
    pub fn action(&self, key: Key) -> Option<Action> {
        self.actions.get(&key).copied()
    }

    /// The keys of an action, the one to show first.
    #[must_use]
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map(Vec::as_slice).unwrap_or_default()
    }

    /// Gives the action these keys and no others. A key that another action had is taken from it.
    pub fn bind(&mut self, action: Action, keys: Vec<Key>) {
        self.actions.retain(|_, bound| *bound != action);
        for key in &keys {
            if let Some(other) = self.actions.insert(*key, action).filter(|other| *other != action) {
                self.keys.entry(other).or_default().retain(|k| k != key);
            }
        }
        self.keys.insert(action, keys);
    }

    /// What the footer offers: a key and a word, the most useful first.
    pub fn hints(&self) -> impl Iterator<Item = (Key, &'static str)> {
        TABLE.iter().filter_map(|b| Some((*self.keys(b.action).first()?, b.hint?)))
    }

    /// The rows of the help under one heading, with their keys.
    pub fn help(&self, context: Context) -> impl Iterator<Item = (String, &'static Binding)> {
        TABLE.iter().filter(move |b| b.context == context).map(|b| (self.shown(b.action), b))
    }

    /// All keys of an action as they are shown.
    #[must_use]
    pub fn shown(&self, action: Action) -> String {
        self.keys(action).iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The table of keys for the documentation, as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = String::from("| key | name | what it does |\n|---|---|---|\n");
        for binding in Context::ALL.iter().flat_map(|c| TABLE.iter().filter(move |b| b.context == *c)) {
            let keys: Vec<_> = self.keys(binding.action).iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(out, "| {} | {} | {} |", keys.join(" "), binding.name, binding.description);
        }
        out
    }
}
