//! Takes in what the backend says of a stage, and what changes on disk while it is open.

use std::collections::BTreeSet;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendMessage;
use super::super::fix_scope::HALF_SAVED;
use super::super::toast::Toast;
use super::stage_input;
use crate::repo::RelPath;

/// Takes in plans of groups, or what they come to. Answers to older requests are dropped.
pub(super) fn on_stage_message(state: &mut AppState, message: BackendMessage) -> Vec<AppEffect> {
    let current = state.preview.generation;
    let Some(stage) = &mut state.stage else { return Vec::new() };
    match message {
        BackendMessage::StagePlanned { generation, groups, planned, is_last } if generation == current => {
            stage.receive_groups(groups, planned, is_last);
            if let Some(reason) = stage.reason_of_followed().filter(|_| is_last) {
                state.toast = Some(Toast::Notice(format!("It is no part of the stage any more: {reason}.")));
            }
            stage_input::follow_cursor(state);
            let lacks = is_last && state.stage.as_ref().is_some_and(|stage| !stage.keys_to_plan().is_empty());
            match is_last {
                true if lacks => stage_input::request_groups(state),
                true => stage_input::weigh_stage(state),
                false => Vec::new(),
            }
        }
        BackendMessage::StageWeighed { generation, outcome } if generation == current => {
            stage.outcome = Some(outcome);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Plans anew what depends on files that have changed.
pub(super) fn follow_files(state: &mut AppState, files: &BTreeSet<RelPath>) -> Vec<AppEffect> {
    let AppState { stage: Some(stage), index, store, .. } = state else { return Vec::new() };
    let is_parked = stage.park_findings(|key| store.is_half_saved(&key.path), HALF_SAVED);
    let is_open = |key: &crate::finding::FindingKey| {
        index.find_entry(key).is_some_and(crate::audit::ListedFinding::is_open)
    };
    let is_forgotten = stage.forget_files(files, is_open);
    if !(is_parked || is_forgotten) || !stage.value_keys.is_empty() {
        return Vec::new();
    }
    stage_input::follow_cursor(state);
    stage_input::request_groups(state)
}

/// Closes the stage: it is on disk.
pub(super) fn finish_stage(state: &mut AppState) {
    if state.stage.as_ref().is_some_and(|stage| stage.is_writing) {
        state.stage = None;
    }
}

/// Goes on with a stage that could not be written.
pub(super) fn resume_refused(state: &mut AppState) -> Vec<AppEffect> {
    let Some(stage) = state.stage.as_mut().filter(|stage| stage.is_writing) else { return Vec::new() };
    stage.is_writing = false;
    stage_input::request_groups(state)
}
