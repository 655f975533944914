//! Handles the check of pinned images, by the rules of every registry lookup.

use std::collections::BTreeSet;

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::key_press::KeyName;
use super::super::pin_check::PinCheckState;
use super::super::registry_lookup::{LookupProgress, LookupStage};
use super::super::toast::Toast;
use super::key_input::KeyInput;
use super::{lookup_dialog, write_fix};
use crate::audit::{PinCheck, PinnedImage};
use crate::image::registry::DigestStatus;

/// Asks the backend for the pinned images; no registry yet.
pub(super) fn request_pins(state: &mut AppState) -> Vec<AppEffect> {
    state.lookup_count += 1;
    vec![AppEffect::Ask(BackendRequest::ListPins { id: state.lookup_count })]
}

/// Shows the registries to ask.
pub(super) fn on_pins_listed(state: &mut AppState, id: u64, pins: Vec<PinnedImage>) -> Vec<AppEffect> {
    if id != state.lookup_count || state.dialog.is_some() {
        return Vec::new();
    }
    if pins.is_empty() {
        state.toast = Some(Toast::NoPinnedImages);
        return Vec::new();
    }
    let unknown = |pin| PinCheck { pin, status: Err(String::new()) };
    let checked = pins.into_iter().map(unknown).collect();
    let pins = PinCheckState { checks: checked, stage: LookupStage::NotStarted, id, selected: 0, scroll: 0 };
    state.dialog = Some(DialogState::PinCheck(Box::new(pins)));
    Vec::new()
}

pub(super) fn on_pin_check_key(
    state: &mut AppState,
    mut pins: Box<PinCheckState>,
    input: KeyInput,
) -> Vec<AppEffect> {
    let action = input.action;
    if input.leaves_lookup() {
        return lookup_dialog::leave_lookup(state, &pins.stage);
    }
    let yes = input.typed_char() == Some('y');
    match pins.stage {
        LookupStage::NotStarted if yes || input.is_key(KeyName::Enter) => {
            return start_pin_check(state, pins);
        }
        LookupStage::Finished { .. } if action == Some(Action::Rescan) => {
            return start_pin_check(state, pins);
        }
        LookupStage::Finished { .. } if yes && state.preview.writable_plan().is_some() => {
            return write_fix::write_or_confirm(state);
        }
        LookupStage::Finished { .. } if yes => write_fix::notify_pending(state),
        LookupStage::Finished { .. } => {
            let last = pins.checks.len().saturating_sub(1);
            match action {
                Some(Action::Down) => pins.selected = (pins.selected + 1).min(last),
                Some(Action::Up) => pins.selected = pins.selected.saturating_sub(1),
                action => {
                    pins.scroll =
                        super::scroll::scroll_offset(pins.scroll, action, state.scroll_limits.patch);
                }
            }
        }
        LookupStage::NotStarted | LookupStage::Running(_) => {}
    }
    state.dialog = Some(DialogState::PinCheck(pins));
    Vec::new()
}

fn start_pin_check(state: &mut AppState, mut pins: Box<PinCheckState>) -> Vec<AppEffect> {
    state.lookup_count += 1;
    pins.id = state.lookup_count;
    let (id, images) = (pins.id, pins.image_references());
    pins.stage = LookupStage::Running(LookupProgress { total: images.len(), ..LookupProgress::default() });
    state.dialog = Some(DialogState::PinCheck(pins));
    vec![AppEffect::Ask(BackendRequest::CheckPins { id, images })]
}

pub(super) fn on_pin_check_progress(state: &mut AppState, id: u64, now: &LookupStage) {
    if let Some(DialogState::PinCheck(pins)) = &mut state.dialog
        && pins.id == id
        && matches!(pins.stage, LookupStage::Running(_))
    {
        pins.stage = now.clone();
    }
}

/// Receives the answers, and requests the patch that renews the moved digests.
pub(super) fn on_pin_check_finished(
    state: &mut AppState,
    id: u64,
    said: Vec<Result<DigestStatus, String>>,
    others: BTreeSet<String>,
) -> Vec<AppEffect> {
    let Some(DialogState::PinCheck(pins)) = &mut state.dialog else { return Vec::new() };
    if pins.id != id {
        return Vec::new();
    }
    for (checked, said) in pins.checks.iter_mut().zip(said) {
        checked.status = said;
    }
    pins.stage = LookupStage::Finished { other_hosts: others };
    state.request_plan(true)
}
