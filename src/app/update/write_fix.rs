//! Writes the plan in view, or tells the user why there is none to write.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::{DialogState, FixScope};
use super::super::fix_preview::PreviewState;
use super::super::patched_file::PatchSide;
use super::super::toast::Toast;
use super::value_input;
use crate::finding::{FindingKey, FixRisk};

/// Writes the plan in view, when it is there. One that will break the program is confirmed first.
pub(super) fn write_or_confirm(state: &mut AppState) -> Vec<AppEffect> {
    if state.preview.writable_plan().is_some_and(|plan| plan.risk == FixRisk::WillBreak) {
        let keys = state.preview.keys.clone();
        return confirm_fix(state, FixScope::Breaking, keys);
    }
    write_plan(state)
}

/// Writes the plan in view, when it is there and nothing is left to confirm.
pub(super) fn write_plan(state: &mut AppState) -> Vec<AppEffect> {
    super::walk::chapter_writing::begin_writing(state);
    if let Some(plan) = state.preview.writable_plan().cloned() {
        state.being_mended = state.place_to_mend(&plan).filter(|_| state.walk.is_none());
        let effect = AppEffect::Ask(BackendRequest::Write(plan));
        state.preview.mark_writing();
        state.fullscreen = None;
        state.source.side = PatchSide::Both;
        return vec![effect];
    }
    if state.preview.required_value().is_some() {
        return value_input::open_editor(state);
    }
    state.toast = Some(no_plan_toast(state));
    Vec::new()
}

/// Shows the whole patch of these findings, and asks for a yes.
pub(super) fn confirm_fix(state: &mut AppState, reach: FixScope, keys: Vec<FindingKey>) -> Vec<AppEffect> {
    if keys.is_empty() {
        state.dialog = None;
        state.toast = Some(Toast::NoFix(None));
        return Vec::new();
    }
    state.dialog = Some(DialogState::ConfirmFix { scope: reach, keys, scroll: 0 });
    state.request_plan(true)
}

/// Shows a toast while the patch is still being made.
pub(super) fn notify_pending(state: &mut AppState) {
    if matches!(state.preview.state, PreviewState::Pending) {
        state.toast = Some(Toast::FixPending);
    }
}

/// The reason why nothing can be written now.
pub(super) fn no_plan_toast(state: &AppState) -> Toast {
    match &state.preview.state {
        PreviewState::Pending => Toast::FixPending,
        PreviewState::Failed(no_plan) => Toast::NoFix(Some(no_plan.to_string())),
        PreviewState::Ready(plan) => Toast::NoFix(plan.withheld.first().map(|(_, reason)| reason.clone())),
        PreviewState::None => Toast::NoFix(state.withheld_reason().map(str::to_owned)),
    }
}
