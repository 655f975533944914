//! Maps keys to actions: the table's defaults with the user's own on top.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::action::{Action, ActionGroup};
use super::key_bindings::{KEY_BINDINGS, KeyBinding};
use super::key_press::KeyPress;
use super::key_sequence::KeySequence;
use super::pane_hints::pane_hints;
use super::screen_layout::Pane;

/// The keys in effect.
#[derive(Clone, Debug)]
pub struct Keymap {
    actions: BTreeMap<KeySequence, Action>,
    keys: BTreeMap<Action, Vec<KeySequence>>,
}

/// What keys that were pressed one after the other come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    Action(Action),
    /// Sequences begin with them.
    Prefix,
    Unbound,
}

/// Keys that are an action, and with which another's keys begin: neither can be told from the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixConflict {
    pub prefix: (KeySequence, Action),
    pub sequence: (KeySequence, Action),
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
        self.actions.get(&KeySequence::from(key)).copied()
    }

    /// What the keys come to together.
    #[must_use]
    pub fn match_presses(&self, presses: &[KeyPress]) -> KeyMatch {
        let action = KeySequence::from_presses(presses).and_then(|keys| self.actions.get(&keys));
        match action {
            Some(action) => KeyMatch::Action(*action),
            None if self.actions.keys().any(|keys| keys.after_prefix(presses).is_some()) => KeyMatch::Prefix,
            None => KeyMatch::Unbound,
        }
    }

    /// What may follow these keys, in the order of the table: the keys that are left to press, and what they do.
    pub fn continuations(
        &self,
        presses: &[KeyPress],
    ) -> impl Iterator<Item = (KeySequence, &'static KeyBinding)> {
        KEY_BINDINGS.iter().flat_map(move |binding| {
            let keys = self.keys_for(binding.action).iter();
            keys.filter_map(move |keys| Some((keys.after_prefix(presses)?, binding)))
        })
    }

    /// The keys of an action, the one to show first.
    #[must_use]
    pub fn keys_for(&self, action: Action) -> &[KeySequence] {
        self.keys.get(&action).map(Vec::as_slice).unwrap_or_default()
    }

    /// Gives the action these keys and no others. Keys that another action had are taken from it.
    pub fn bind(&mut self, action: Action, keys: Vec<KeySequence>) {
        self.actions.retain(|_, bound| *bound != action);
        for key in &keys {
            if let Some(other) = self.actions.insert(key.clone(), action).filter(|other| *other != action) {
                self.keys.entry(other).or_default().retain(|k| k != key);
            }
        }
        self.keys.insert(action, keys);
    }

    /// The first keys that are an action and begin another's; none in a sound keymap.
    #[must_use]
    pub fn find_prefix_conflict(&self) -> Option<PrefixConflict> {
        // In order, what begins with some keys follows them at once.
        let mut pairs = self.actions.iter().zip(self.actions.iter().skip(1));
        let ((prefix, action), (sequence, other)) =
            pairs.find(|((prefix, _), (next, _))| next.after_prefix(prefix.presses()).is_some())?;
        Some(PrefixConflict { prefix: (prefix.clone(), *action), sequence: (sequence.clone(), *other) })
    }

    /// What the footer offers while a pane has the keys: the action, its key and a word, the most useful first.
    pub fn footer_hints(&self, pane: Pane) -> impl Iterator<Item = (Action, &KeySequence, &'static str)> {
        pane_hints(pane).iter().filter_map(|(action, word)| {
            let binding = KEY_BINDINGS.iter().find(|binding| binding.action == *action)?;
            Some((*action, self.keys_for(*action).first()?, (*word).or(binding.hint)?))
        })
    }

    /// The rows of the help under one heading, with their keys.
    pub fn help_rows(&self, context: ActionGroup) -> impl Iterator<Item = (String, &'static KeyBinding)> {
        KEY_BINDINGS.iter().filter(move |b| b.group == context).map(|b| (self.keys_as_text(b.action), b))
    }

    /// All keys of an action as they are shown.
    #[must_use]
    pub fn keys_as_text(&self, action: Action) -> String {
        let shown: Vec<String> = self.keys_for(action).iter().map(KeySequence::to_string).collect();
        // Where a sequence is shown with a blank in it, blanks do not tell it from the next.
        shown.join(if shown.iter().any(|keys| keys.contains(' ')) { ", " } else { " " })
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
