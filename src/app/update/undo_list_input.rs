//! Handles keys in the list of what can be taken back, and what the backend says of it.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::key_press::KeyName;
use super::super::toast::Toast;
use super::super::undo_list::UndoList;
use super::key_input::KeyInput;
use super::scroll::scroll_offset;
use crate::fix::UndoStep;

pub(super) fn open_undo_list(state: &mut AppState) -> Vec<AppEffect> {
    state.dialog = Some(DialogState::UndoList(Box::default()));
    vec![AppEffect::Ask(BackendRequest::ListUndo)]
}

/// Asks for the list anew where it is open: something was written.
pub(super) fn refresh_undo_list(state: &AppState) -> Vec<AppEffect> {
    match &state.dialog {
        Some(DialogState::UndoList(_)) => vec![AppEffect::Ask(BackendRequest::ListUndo)],
        _ => Vec::new(),
    }
}

pub(super) fn on_undo_listed(state: &mut AppState, steps: Result<Vec<UndoStep>, String>) {
    let size = state.size;
    if let Some(DialogState::UndoList(list)) = &mut state.dialog {
        list.receive_steps(steps, &state.store);
        list.show_hunk(size);
    }
}

pub(super) fn on_undo_list_key(
    state: &mut AppState,
    input: KeyInput,
    mut list: Box<UndoList>,
) -> Vec<AppEffect> {
    let effects = match input.action {
        Some(Action::Undo) => take_back(state, &list),
        Some(Action::Redo) => vec![AppEffect::Ask(BackendRequest::Redo)],
        Some(Action::UndoList | Action::Quit) => return Vec::new(),
        _ if input.is_key(KeyName::Esc) && list.hunk.is_none() => return Vec::new(),
        Some(action) => {
            move_in_list(state, &mut list, action);
            Vec::new()
        }
        None => Vec::new(),
    };
    state.dialog = Some(DialogState::UndoList(list));
    effects
}

fn move_in_list(state: &AppState, list: &mut UndoList, action: Action) {
    let size = state.size;
    let step = |at: usize, down: bool| if down { at + 1 } else { at.saturating_sub(1) };
    match (action, list.hunk) {
        (Action::HalfDown | Action::HalfUp, _) => {
            list.scroll = scroll_offset(list.scroll, Some(action), list.last_scroll(size));
        }
        (Action::Down | Action::Up | Action::Top | Action::Bottom, None) => {
            let row = match action {
                Action::Top => 0,
                Action::Bottom => list.step_count(),
                _ => step(list.row, action == Action::Down),
            };
            list.select_step(row, &state.store);
        }
        (Action::Open | Action::Right | Action::NextPane | Action::NextInList, None) => {
            list.hunk = (list.hunk_count() > 0).then_some(0);
        }
        (
            Action::Down
            | Action::Up
            | Action::NextInList
            | Action::PreviousInList
            | Action::Top
            | Action::Bottom,
            Some(hunk),
        ) => {
            let last = list.hunk_count().saturating_sub(1);
            let hunk = match action {
                Action::Top => 0,
                Action::Bottom => last,
                _ => step(hunk, matches!(action, Action::Down | Action::NextInList)),
            };
            list.hunk = Some(hunk.min(last));
        }
        (Action::Back | Action::Left | Action::NextPane | Action::PreviousPane, Some(_)) => list.hunk = None,
        _ => return,
    }
    if !matches!(action, Action::HalfDown | Action::HalfUp) {
        list.show_hunk(size);
    }
}

/// Takes back what is selected, or says why it stays.
fn take_back(state: &mut AppState, list: &UndoList) -> Vec<AppEffect> {
    let (Some(step), Some(scope)) = (list.selected_step(), list.selected_scope()) else { return Vec::new() };
    let refusal = match list.selected_hunk() {
        _ if step.is_undone => Some("it was taken back already, and can be made again (Ctrl-r)".to_owned()),
        Some(hunk) => hunk.refusal.clone(),
        None if step.standing_count() == 0 => step
            .hunks()
            .next()
            .map(|hunk| hunk.refusal.clone().unwrap_or_else(|| "nothing of it stands any more".to_owned())),
        None => None,
    };
    if let Some(reason) = refusal {
        state.toast = Some(Toast::WriteRefused(format!("{reason}.")));
        return Vec::new();
    }
    vec![AppEffect::Ask(BackendRequest::TakeBack(scope))]
}
