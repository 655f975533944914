//! Keeps typed values for the repository: the change of its settings is shown whole, and written after a yes.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::{DialogState, FixScope};
use super::super::toast::Toast;
use super::super::value_editor::{ValueEditor, ValueStage};
use super::fix_actions;
use super::key_input::KeyInput;

/// Shows what the values would be in the settings, and asks.
pub(super) fn ask_keep(state: &mut AppState, mut editor: Box<ValueEditor>) -> Vec<AppEffect> {
    if let (ValueStage::Typing, Err((at, reason))) = (editor.stage, editor.make_choices(true)) {
        editor.focused = at;
        editor.error = Some(reason);
        state.dialog = Some(DialogState::Values(editor));
        return Vec::new();
    }
    if editor.stage != ValueStage::Typing {
        state.dialog = Some(DialogState::Values(editor));
        return Vec::new();
    }
    state.being_kept = Some(editor);
    state.dialog = Some(DialogState::ConfirmFix { scope: FixScope::Settings, keys: Vec::new(), scroll: 0 });
    state.request_plan(true)
}

/// Answers the question: yes writes the settings, which then hold; no goes back to the fields.
pub(super) fn answer_keeping(state: &mut AppState, input: KeyInput) -> Vec<AppEffect> {
    let turns = matches!(input.action, Some(Action::Fix)) || input.typed_char() == Some(' ');
    let plan = state.preview.writable_plan().cloned();
    let is_seen = state.is_fix_seen();
    match (plan, input.typed_char()) {
        (Some(_), _) if turns && !is_seen => fix_actions::show_next_page(state),
        (Some(_), Some('y')) if !is_seen => {
            state.toast = Some(Toast::PagesLeft);
            Vec::new()
        }
        (Some(plan), Some('y')) => {
            state.dialog = None;
            let kept = state.being_kept.take();
            let choices = kept.and_then(|editor| editor.make_choices(true).ok()).unwrap_or_default();
            let mut effects = vec![AppEffect::Ask(BackendRequest::ForgetValues { choices })];
            effects.push(AppEffect::Ask(BackendRequest::Write(plan)));
            effects.extend(state.request_plan(true));
            effects
        }
        _ if input.leaves_lookup() => {
            state.dialog = state.being_kept.take().map(DialogState::Values);
            state.request_plan(true)
        }
        _ => Vec::new(),
    }
}
