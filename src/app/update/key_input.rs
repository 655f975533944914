//! From the keys that were pressed to what they do: alone, or as a sequence that goes on until it is one or none.

use super::super::action::Action;
use super::super::app_state::AppState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::key_sequence::KeySequence;
use super::super::keymap::KeyMatch;
use super::super::toast::Toast;
use super::super::walk_action::WALK_BINDINGS;
use super::text_input;

/// A key, or a sequence that is whole, and what it does by the table.
#[derive(Clone, Copy)]
pub(super) struct KeyInput {
    /// The key; none at the end of a sequence, where it does not count alone: `gy` is no `y` to a question.
    key: Option<KeyPress>,
    pub(super) action: Option<Action>,
}

impl KeyInput {
    pub(super) const fn alone(key: KeyPress, action: Option<Action>) -> Self {
        Self { key: Some(key), action }
    }

    /// The character that a key by itself types.
    pub(super) fn typed_char(self) -> Option<char> {
        self.key.and_then(KeyPress::typed_char)
    }

    pub(super) fn is_key(self, name: KeyName) -> bool {
        self.key.is_some_and(|key| key.code == name)
    }

    /// True for the keys that leave a registry dialog, whose question they answer with no.
    pub(super) fn leaves_lookup(self) -> bool {
        self.is_key(KeyName::Esc)
            || matches!(self.typed_char(), Some('n' | 'q'))
            || self.action == Some(Action::Back)
    }
}

/// What the key comes to after those before it; nothing while a sequence goes on, and where one comes to nothing.
pub(super) fn resolve_key(state: &mut AppState, key: KeyPress) -> Option<KeyInput> {
    let mut presses = std::mem::take(&mut state.pending_keys);
    let alone = KeyInput::alone(key, state.config.keymap.action_for(key));
    let begins = presses.is_empty();
    presses.push(key);
    if text_input::focused_text(state).is_some() || begins && is_answer(state, key) {
        return Some(alone);
    }
    match state.config.keymap.match_presses(&presses) {
        KeyMatch::Prefix => {
            state.pending_keys = presses;
            None
        }
        KeyMatch::Action(action) if !begins => Some(KeyInput { key: None, action: Some(action) }),
        KeyMatch::Action(_) | KeyMatch::Unbound if begins => Some(alone),
        _ if key.typed_char().is_none() && is_everywhere(alone.action) => Some(alone),
        _ => {
            state.toast = if key.code == KeyName::Esc {
                KeySequence::from_presses(&presses[..presses.len() - 1]).map(Toast::SequenceLeft)
            } else {
                unbound_toast(state, &presses)
            };
            None
        }
    }
}

/// The answer to keys that nothing is bound to.
pub(super) fn unbound_toast(state: &AppState, presses: &[KeyPress]) -> Option<Toast> {
    let palette = state.config.keymap.keys_for(Action::Palette).first().cloned();
    KeySequence::from_presses(presses).map(|keys| Toast::UnboundSequence { keys, palette })
}

/// Whether the action is the same wherever the keys go.
pub(super) const fn is_everywhere(action: Option<Action>) -> bool {
    matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw))
}

/// Whether the key may write, or take back what was written. In a text it is a letter.
pub(super) fn is_writing_key(state: &mut AppState, key: KeyPress) -> bool {
    if text_input::focused_text(state).is_some() {
        return false;
    }
    let action = state.config.keymap.action_for(key);
    let writes = matches!(action, Some(Action::Fix | Action::WriteStage | Action::Undo | Action::Redo));
    let answers = state.dialog.is_some() && matches!(key.typed_char(), Some('y'));
    writes || answers
}

/// Whether what has the screen takes the key by itself, as an answer or a command of its own: there it begins nothing.
fn is_answer(state: &AppState, key: KeyPress) -> bool {
    let Some(c) = key.typed_char() else { return matches!(key.code, KeyName::Enter | KeyName::Esc) };
    match &state.dialog {
        Some(_) => matches!(c, 'y' | 'n' | 'N' | 'q'),
        None if state.is_in_chapter() => WALK_BINDINGS.iter().any(|binding| binding.own_keys.contains(&c)),
        None => false,
    }
}
