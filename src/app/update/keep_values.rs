//! Keeps what a person chose for the repository: the change of its settings is shown whole, and written after a yes.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::{DialogState, FixScope, KeptSetting};
use super::super::toast::Toast;
use super::super::value_editor::{ValueEditor, ValueStage};
use super::fix_actions;
use super::key_input::KeyInput;
use crate::settings::SettingsChange;

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
    ask_setting(state, KeptSetting::Values(editor))
}

/// Shows the change of the settings, and asks.
pub(super) fn ask_setting(state: &mut AppState, kept: KeptSetting) -> Vec<AppEffect> {
    state.being_kept = Some(kept);
    state.dialog = Some(DialogState::ConfirmFix { scope: FixScope::Settings, keys: Vec::new(), scroll: 0 });
    state.request_plan(true)
}

/// Answers the question: yes writes the settings, which then hold; no goes back to where it was chosen.
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
            let kept = state.being_kept.take().map(|kept| kept.change());
            let mut effects = Vec::new();
            if let Some(SettingsChange::Values(choices)) = kept {
                effects.push(AppEffect::Ask(BackendRequest::ForgetValues { choices }));
            }
            effects.push(AppEffect::Ask(BackendRequest::Write(plan)));
            effects.extend(state.request_plan(true));
            effects
        }
        _ if input.leaves_lookup() => {
            state.dialog = state.being_kept.take().map(KeptSetting::into_dialog);
            state.request_plan(true)
        }
        _ => Vec::new(),
    }
}
