//! Puts pasted text into the text field that has the keys.

use super::super::app_state::AppState;
use super::super::dialog_state::DialogState;
use super::super::text_field::TextField;
use super::super::walk_screen::{WalkPrompt, WalkScreen};

/// Pastes into the field that has the keys. Without one, the text is no command: nobody pastes keys.
/// True where that is the search, which the list follows.
pub(super) fn paste_text(state: &mut AppState, pasted: &str) -> bool {
    let words: Vec<&str> = pasted.split(char::is_control).filter(|part| !part.is_empty()).collect();
    let filters = state.dialog.is_none()
        && state.stage.is_none()
        && state.walk.is_none()
        && state.filter_field.is_some();
    if let Some(DialogState::Values(editor)) = &mut state.dialog
        && !words.is_empty()
    {
        editor.begin_paste();
    }
    if let Some(text) = focused_text(state) {
        text.insert_text(&words.join(" "));
    }
    if let Some(DialogState::Values(editor)) = &mut state.dialog {
        editor.follow_text();
    }
    if let (None, Some(stage)) = (&state.dialog, &mut state.stage)
        && let Some(words) = stage.search.as_ref().map(|field| field.text().to_owned())
    {
        stage.search_words(&words);
    }
    filters
}

/// The line that is being typed.
pub(super) fn focused_text(state: &mut AppState) -> Option<&mut TextField> {
    match &mut state.dialog {
        Some(DialogState::Help { filter, .. }) => return filter.as_mut(),
        Some(DialogState::Palette(palette)) => return Some(&mut palette.field),
        Some(DialogState::SuppressReason { text, .. }) => return Some(text),
        Some(DialogState::Values(editor)) => return editor.focused_text(),
        Some(
            DialogState::ChangeLog { .. }
            | DialogState::LinkChoice(_)
            | DialogState::UndoList(_)
            | DialogState::ConfirmFix { .. }
            | DialogState::Lookup(_)
            | DialogState::PinCheck(_)
            | DialogState::Trial(_),
        ) => {
            return None;
        }
        None => {}
    }
    if let Some(stage) = &mut state.stage {
        return stage.search.as_mut();
    }
    match &mut state.walk {
        Some(WalkScreen { prompt: Some(WalkPrompt::SkipReason(text)), .. }) => Some(text),
        Some(_) => None,
        None => state.filter_field.as_mut(),
    }
}
