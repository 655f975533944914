//! Opens the trial of an app, asks before anything is run, and shows what is seen.

use std::sync::Arc;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::{DialogState, KeptSetting};
use super::super::key_press::KeyName;
use super::super::trial_dialog::{TrialApp, TrialDialog, TrialProgress};
use super::keep_values;
use super::key_input::KeyInput;
use super::scroll::scroll_offset;
use crate::app::action::Action;
use crate::repo::RelPath;
use crate::unit::UnitKind;

/// Asks what the trial of the app in view would run; nothing is run yet.
pub(super) fn open_trial(state: &mut AppState) -> Vec<AppEffect> {
    let Some(subject) = state.pair_subject() else { return Vec::new() };
    open_trial_of(state, subject.path, subject.object)
}

/// The same of an app that is named.
pub(super) fn open_trial_of(state: &mut AppState, path: RelPath, object: Arc<str>) -> Vec<AppEffect> {
    let unit = state.unit_choice.unit_of_file(&state.store, &path);
    let overlay = unit.filter(|unit| unit.kind == UnitKind::Kustomization).map(|unit| unit.path.clone());
    ask_preview(state, TrialApp { path, object, overlay }, false)
}

/// Asks what would run, with a network or without.
fn ask_preview(state: &mut AppState, app: TrialApp, has_network: bool) -> Vec<AppEffect> {
    state.lookup_count += 1;
    let id = state.lookup_count;
    let mut trial = TrialDialog::new(app.clone(), id);
    trial.has_network = has_network;
    state.dialog = Some(DialogState::Trial(Box::new(trial)));
    vec![AppEffect::Ask(BackendRequest::PreviewTrial { id, app, has_network })]
}

pub(super) fn on_trial_key(
    state: &mut AppState,
    mut trial: Box<TrialDialog>,
    input: KeyInput,
) -> Vec<AppEffect> {
    if input.leaves_lookup() {
        let is_at_work = matches!(trial.progress, TrialProgress::Looking | TrialProgress::Running);
        return if is_at_work { vec![AppEffect::Ask(BackendRequest::StopTrial)] } else { Vec::new() };
    }
    let is_yes = input.typed_char() == Some('y') || input.is_key(KeyName::Enter);
    let is_again = input.action == Some(Action::Rescan);
    let is_open = matches!(trial.progress, TrialProgress::Asking | TrialProgress::Failed);
    if is_open && input.typed_char() == Some('o') {
        return ask_preview(state, trial.app, !trial.has_network);
    }
    if trial.progress == TrialProgress::Finished && input.typed_char() == Some('s') {
        return keep_values::ask_setting(state, KeptSetting::Trial(trial));
    }
    let begins = match trial.progress {
        TrialProgress::Asking => is_yes,
        TrialProgress::Finished => is_again,
        TrialProgress::Failed if is_again => {
            return ask_preview(state, trial.app, trial.has_network);
        }
        TrialProgress::Looking | TrialProgress::Running | TrialProgress::Failed => false,
    };
    if begins {
        trial.begin_run();
        let (id, app, has_network) = (trial.id, trial.app.clone(), trial.has_network);
        state.dialog = Some(DialogState::Trial(trial));
        return vec![AppEffect::Ask(BackendRequest::RunTrial { id, app, has_network })];
    }
    let last = state.scroll_limits.patch;
    let moved = scroll_offset(trial.scroll.unwrap_or(last), input.action, last);
    trial.scroll = Some(moved).filter(|at| *at < last || trial.progress != TrialProgress::Running);
    state.dialog = Some(DialogState::Trial(trial));
    Vec::new()
}

/// Takes in what a trial saw. When it is over, the fix in view is made anew: its risk may be another now.
pub(super) fn on_trial_lines(
    state: &mut AppState,
    id: u64,
    lines: Vec<String>,
    progress: TrialProgress,
) -> Vec<AppEffect> {
    if let Some(DialogState::Trial(trial)) = &mut state.dialog
        && trial.id == id
    {
        trial.receive_lines(lines, progress);
    }
    if progress != TrialProgress::Finished {
        return Vec::new();
    }
    if state.walk.is_some() {
        return state.request_walk();
    }
    let mut effects = state.request_plan(true);
    effects.extend(super::query_input::request_risks(state));
    effects
}
