//! Updates the state by each event, and returns the effects to carry out.

mod backend_messages;
mod breaking_dialog;
mod dialogs;
mod first_screen_input;
mod fix_actions;
mod focus_pane;
mod folds;
mod jumps;
mod keep_values;
mod key_input;
mod link_dialog;
mod linked_line;
mod lookup_dialog;
mod mouse;
mod open_first_screen;
mod order_lists;
mod pair_actions;
mod palette_input;
mod panes;
mod pin_check_dialog;
mod query_input;
mod reason_input;
mod rendered_actions;
mod scroll;
mod stage_input;
mod stage_messages;
mod text_input;
mod trial_input;
mod undo_list_input;
mod value_input;
mod walk;
mod watch_news;
mod write_fix;

use super::action::Action;
use super::app_event::{AppEffect, AppEvent, MouseKind};
use super::app_state::AppState;
use super::away::AwaySnapshot;
use super::backend_protocol::{BackendMessage, BackendRequest};
use super::key_press::{KeyName, KeyPress};
use super::toast::Toast;

pub use walk::open_walk;

/// Starts the program: the first effects.
#[must_use]
pub fn start_app(state: &mut AppState) -> Vec<AppEffect> {
    state.progress = Some((0, 0));
    state.first_screen.opens_itself = true;
    let problems = &state.config.problems;
    state.toast = problems.first().map(|(line, what)| Toast::ConfigProblem {
        line: *line,
        problem: what.clone(),
        more: problems.len() - 1,
    });
    vec![AppEffect::Ask(BackendRequest::Scan), AppEffect::Remind]
}

/// Updates the state by an event. Never waits, never fails.
pub fn update_state(state: &mut AppState, event: AppEvent) -> Vec<AppEffect> {
    // A key has taken the toast before it away, so that one of the same words is shown anew.
    let before = state.toast.clone().filter(|_| !matches!(event, AppEvent::Key(_) | AppEvent::FocusGained));
    // A message changes the view only where a person did, or with the score.
    let keeps = matches!(
        event,
        AppEvent::Key(_) | AppEvent::Mouse(_) | AppEvent::Message(BackendMessage::ScanFinished)
    );
    take_in_frame(state);
    let is_audited = matches!(event, AppEvent::Message(BackendMessage::AuditUpdated(_)));
    let is_of_person = matches!(event, AppEvent::Key(_) | AppEvent::KeyRepeat(_) | AppEvent::Mouse(_));
    let mut effects = on_event(state, event);
    state.is_displaced &= !is_of_person;
    rendered_actions::follow_chart(state, is_audited);
    effects.extend(stage_input::resume_stage(state));
    if keeps {
        effects.extend(state.request_keeping());
    }
    if state.toast.as_ref().is_some_and(|toast| !toast.stays()) && state.toast != before {
        effects.push(AppEffect::AwaitToastEnd);
    }
    effects
}

/// Takes in what the last frame showed of a stage, while that is as it was drawn.
fn take_in_frame(state: &mut AppState) {
    let AppState { stage: Some(stage), store, .. } = state else { return };
    if state.scroll_limits.frame.stage == Some(stage.revision) {
        stage.absorb_frame(store, state.size, state.scroll_limits.frame.stage_rows);
    }
}

fn on_event(state: &mut AppState, event: AppEvent) -> Vec<AppEffect> {
    match event {
        AppEvent::Key(key) => on_key(state, key),
        // What writes is pressed each time.
        AppEvent::KeyRepeat(key) if key_input::is_writing_key(state, key) => Vec::new(),
        AppEvent::KeyRepeat(key) => on_key(state, key),
        AppEvent::Mouse(mouse) => {
            if mouse.kind == MouseKind::Press {
                state.pending_keys.clear();
            }
            mouse::on_mouse(state, mouse)
        }
        AppEvent::Resize(width, height) => {
            walk::show_first_page(state);
            state.size = (width, height);
            if let Some(stage) = &mut state.stage {
                stage.show_selected();
            }
            stage_input::follow_cursor(state);
            state.scroll_into_view();
            state.show_line();
            state.first_screen.show_selection(state.size);
            Vec::new()
        }
        AppEvent::Paste(text) if text_input::paste_text(state, &text) => query_input::apply_query(state),
        AppEvent::Paste(_) => Vec::new(),
        AppEvent::ReminderDue => {
            state.show_progress = true;
            state.preview.show_pending();
            Vec::new()
        }
        AppEvent::FocusLost => {
            state.away =
                state.is_scanned.then(|| AwaySnapshot::take_snapshot(&state.index, state.store.score()));
            Vec::new()
        }
        AppEvent::FocusGained => {
            let changed =
                state.away.take().and_then(|left| left.changes_since(&state.index, state.store.score()));
            state.toast = changed.or_else(|| state.toast.take());
            Vec::new()
        }
        AppEvent::Message(message) => backend_messages::on_message(state, message),
        AppEvent::QuietReached => watch_news::on_quiet(state),
        AppEvent::ToastOver => {
            // While nobody looks it stays.
            if state.away.is_none() {
                state.toast = state.toast.take().filter(Toast::stays);
            }
            Vec::new()
        }
        AppEvent::EditorClosed(result) => {
            state.toast = result.err().map(Toast::EditorFailed);
            Vec::new()
        }
        AppEvent::Terminate => vec![AppEffect::Quit],
    }
}

fn on_key(state: &mut AppState, key: KeyPress) -> Vec<AppEffect> {
    state.toast = None;
    state.first_screen.opens_itself = false;
    if let Some(effects) = jumps::on_mark_key(state, key) {
        return effects;
    }
    let Some(input) = key_input::resolve_key(state, key) else { return Vec::new() };
    // These are the same wherever the keys go otherwise. Typed characters are never among them.
    match input.action.filter(|_| input.typed_char().is_none()) {
        Some(Action::Quit) => return vec![AppEffect::Quit],
        Some(Action::Suspend) => return vec![AppEffect::Suspend],
        Some(Action::Redraw) => return vec![AppEffect::Redraw],
        _ => {}
    }
    if state.dialog.is_some() {
        return dialogs::on_dialog_key(state, key, input);
    }
    if state.walk.is_some() {
        return walk::on_walk_key(state, key, input);
    }
    if state.stage.is_some() {
        return stage_input::on_stage_key(state, key, input);
    }
    if state.first_screen.is_open {
        return first_screen_input::on_first_screen_key(state, key, input);
    }
    if state.filter_field.is_some() {
        // The list is paged through while a search is typed.
        let pages = matches!(key.code, KeyName::PageDown | KeyName::PageUp);
        return match input.action.filter(|_| pages) {
            Some(action) => panes::apply_action(state, action),
            None => query_input::on_query_key(state, key),
        };
    }
    match input.action {
        Some(action) => panes::answer_action(state, action),
        None => {
            state.toast = key_input::unbound_toast(state, &[key]);
            Vec::new()
        }
    }
}
