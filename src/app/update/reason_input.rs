//! Handles the question for the reason why a finding is allowed: its comment is on the screen whole before it is written.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::text_field::TextField;
use super::super::toast::Toast;
use crate::finding::FindingKey;
use crate::fix::CommentPlace;

pub(super) fn edit_reason(
    state: &mut AppState,
    key: KeyPress,
    finding: FindingKey,
    (mut text, place): (TextField, Option<CommentPlace>),
) -> Vec<AppEffect> {
    match key.code {
        KeyName::Enter if !text.text().trim().is_empty() => {
            match find_hindrance(state, &finding, &text, place.as_ref()) {
                Some(toast) => state.toast = Some(toast),
                None => {
                    let reason = text.text().trim().to_owned();
                    state.first_screen.asks_reason = false;
                    let request = place.map(|shown| BackendRequest::Suppress { key: finding, reason, shown });
                    return request.into_iter().map(AppEffect::Ask).collect();
                }
            }
        }
        KeyName::Esc => return leave_reason(state),
        _ => drop(text.on_key(key)),
    }
    state.dialog = Some(DialogState::SuppressReason { key: finding, text, place });
    Vec::new()
}

/// Why the comment is not written as it stands: nobody has seen the whole of it, or it cannot be one.
fn find_hindrance(
    state: &AppState,
    key: &FindingKey,
    text: &TextField,
    place: Option<&CommentPlace>,
) -> Option<Toast> {
    let Some(place) = place else { return Some(Toast::CommentPending) };
    match place.written_line(key.rule, text.text()) {
        Err(reason) => Some(Toast::WriteRefused(reason)),
        Ok(_) if !state.compose_reason(key, text, Some(place)).is_whole => Some(Toast::CommentTooLong),
        Ok(_) => None,
    }
}

/// Leaves the question for a reason, for the row of the first screen where it was asked from one.
fn leave_reason(state: &mut AppState) -> Vec<AppEffect> {
    if std::mem::take(&mut state.first_screen.asks_reason) {
        return super::first_screen_input::return_to_row(state);
    }
    Vec::new()
}

/// It is known where the comment goes.
pub(super) fn on_exception_placed(state: &mut AppState, key: &FindingKey, placed: CommentPlace) {
    if let Some(DialogState::SuppressReason { key: own, place, .. }) = &mut state.dialog
        && own == key
    {
        *place = Some(placed);
    }
}

/// No comment can allow the finding: the question for a reason is taken away.
pub(super) fn on_exception_refused(state: &mut AppState, key: &FindingKey, reason: String) -> Vec<AppEffect> {
    let is_asked = matches!(&state.dialog, Some(DialogState::SuppressReason { key: own, .. }) if own == key);
    if !is_asked {
        return Vec::new();
    }
    state.dialog = None;
    state.toast = Some(Toast::CannotAllow(reason));
    leave_reason(state)
}

/// The files are others: where the comment goes is asked anew.
pub(super) fn place_anew(state: &mut AppState) -> Option<AppEffect> {
    let Some(DialogState::SuppressReason { key, place, .. }) = &mut state.dialog else { return None };
    *place = None;
    Some(AppEffect::Ask(BackendRequest::CheckException { key: key.clone() }))
}
