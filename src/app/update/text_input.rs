//! A line of text, typed or pasted.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::DialogState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::walk_screen::{ValueForm, WalkPrompt, WalkScreen};

/// Takes a key into a line of text, as shells do; says whether it was one for it.
pub(super) fn edit_text(text: &mut String, key: KeyPress) -> bool {
    match (key.typed_char(), key.code) {
        (Some(c), _) => text.push(c),
        (None, KeyName::Backspace) if key.alt || key.ctrl => drop_word(text),
        (None, KeyName::Backspace) => drop(text.pop()),
        (None, KeyName::Char('w')) if key.ctrl => drop_word(text),
        (None, KeyName::Char('u')) if key.ctrl => text.clear(),
        _ => return false,
    }
    true
}

/// Takes back the last word, or the last part of a path or an image's name.
fn drop_word(text: &mut String) {
    let words = text.trim_end();
    let end =
        words.rfind([' ', '/', ':', '@']).map_or(0, |at| if at + 1 == words.len() { at } else { at + 1 });
    text.truncate(end);
}

/// What is pasted goes to the line that is being typed. Where none is, it is no command: nobody pastes keys.
pub(super) fn paste_text(state: &mut AppState, pasted: &str) -> Vec<AppEffect> {
    let words: Vec<&str> = pasted.split(char::is_control).filter(|part| !part.is_empty()).collect();
    let filters = state.dialog.is_none() && state.walk.is_none() && state.is_typing_filter;
    if let Some(text) = focused_text(state) {
        text.push_str(words.join(" ").as_str());
    }
    if filters { super::apply_filter(state) } else { Vec::new() }
}

/// The line that is being typed.
fn focused_text(state: &mut AppState) -> Option<&mut String> {
    match &mut state.dialog {
        Some(DialogState::Help { filter, .. }) => return filter.as_mut(),
        Some(DialogState::SuppressReason { text, .. }) => return Some(text),
        Some(DialogState::ImageUser { form, .. }) => return focused_field(form),
        Some(
            DialogState::FixMenu { .. }
            | DialogState::ConfirmFix { .. }
            | DialogState::Lookup(_)
            | DialogState::PinCheck(_),
        ) => {
            return None;
        }
        None => {}
    }
    match &mut state.walk {
        Some(WalkScreen { prompt: Some(WalkPrompt::SkipReason(text)), .. }) => Some(text),
        Some(WalkScreen { prompt: Some(WalkPrompt::EditValues(form)), .. }) => focused_field(form),
        Some(_) => None,
        None => state.is_typing_filter.then_some(&mut state.filter.text),
    }
}

fn focused_field(form: &mut ValueForm) -> Option<&mut String> {
    form.fields.get_mut(form.focused).map(|field| &mut field.text)
}
