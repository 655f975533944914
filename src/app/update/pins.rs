//! Checking pinned images: the same rules as for any question to a registry.

use std::collections::BTreeSet;

use super::super::action::Action;
use super::super::backend::Request;
use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::lookup::{Progress, Stage};
use super::super::overlay::Overlay;
use super::super::pins::Pins;
use super::super::state::State;
use super::super::toast::Toast;
use super::writing;
use crate::fix::{Checked, PinnedImage};
use crate::image::registry::DigestStatus;

/// Asks the backend which images are pinned; no registry yet.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    state.lookups += 1;
    vec![Effect::Ask(Request::Pins { id: state.lookups })]
}

/// Shows who would be asked.
pub(super) fn hear_pins(state: &mut State, id: u64, pins: Vec<PinnedImage>) -> Vec<Effect> {
    if id != state.lookups || state.overlay.is_some() {
        return Vec::new();
    }
    if pins.is_empty() {
        state.toast = Some(Toast::NothingPinned);
        return Vec::new();
    }
    let unknown = |pin| Checked { pin, standing: Err(String::new()) };
    let checked = pins.into_iter().map(unknown).collect();
    let pins = Pins { checked, stage: Stage::Before, id, at: 0, scroll: 0 };
    state.overlay = Some(Overlay::Pins(Box::new(pins)));
    Vec::new()
}

pub(super) fn press(state: &mut State, mut pins: Box<Pins>, key: Key, action: Option<Action>) -> Vec<Effect> {
    let leaves =
        key.code == Code::Esc || matches!(key.typed(), Some('n' | 'q')) || action == Some(Action::Back);
    if leaves {
        let stop = matches!(pins.stage, Stage::Asking(_)).then_some(Effect::Ask(Request::StopLooking));
        return stop.into_iter().chain(state.ask_plan(true)).collect();
    }
    let yes = key.typed() == Some('y');
    match pins.stage {
        Stage::Before if yes || key.code == Code::Enter => return check(state, pins),
        Stage::Answered { .. } if action == Some(Action::Rescan) => return check(state, pins),
        Stage::Answered { .. } if yes && state.preview.plan().is_some() => return writing::write(state),
        Stage::Answered { .. } if yes => writing::not_yet(state),
        Stage::Answered { .. } => {
            let last = pins.checked.len().saturating_sub(1);
            match action {
                Some(Action::Down) => pins.at = (pins.at + 1).min(last),
                Some(Action::Up) => pins.at = pins.at.saturating_sub(1),
                action => pins.scroll = super::scroll::scrolled(pins.scroll, action, state.measured.patch),
            }
        }
        Stage::Before | Stage::Asking(_) => {}
    }
    state.overlay = Some(Overlay::Pins(pins));
    Vec::new()
}

fn check(state: &mut State, mut pins: Box<Pins>) -> Vec<Effect> {
    state.lookups += 1;
    pins.id = state.lookups;
    let (id, images) = (pins.id, pins.references());
    pins.stage = Stage::Asking(Progress { total: images.len(), ..Progress::default() });
    state.overlay = Some(Overlay::Pins(pins));
    vec![Effect::Ask(Request::Check { id, images })]
}

pub(super) fn hear_progress(state: &mut State, id: u64, now: &Stage) {
    if let Some(Overlay::Pins(pins)) = &mut state.overlay
        && pins.id == id
        && matches!(pins.stage, Stage::Asking(_))
    {
        pins.stage = now.clone();
    }
}

/// Takes the answers in, and asks for the patch that renews what has moved.
pub(super) fn hear(
    state: &mut State,
    id: u64,
    said: Vec<Result<DigestStatus, String>>,
    others: BTreeSet<String>,
) -> Vec<Effect> {
    let Some(Overlay::Pins(pins)) = &mut state.overlay else { return Vec::new() };
    if pins.id != id {
        return Vec::new();
    }
    for (checked, said) in pins.checked.iter_mut().zip(said) {
        checked.standing = said;
    }
    pins.stage = Stage::Answered { others };
    state.ask_plan(true)
}
