//! Writes the plan in view, or says why there is none to write.

use super::super::backend::Request;
use super::super::event::Effect;
use super::super::overlay::{Overlay, Reach};
use super::super::preview::Outcome;
use super::super::state::State;
use super::super::toast::Toast;
use super::value;
use crate::finding::FindingKey;
use crate::finding::{FixRisk, Remedy};

/// Writes the plan in view, when it is there. One that will break the program is asked about first.
pub(super) fn write(state: &mut State) -> Vec<Effect> {
    if state.preview.plan().is_some_and(|plan| plan.risk == FixRisk::WillBreak) {
        let keys = state.preview.keys.clone();
        return ask(state, Reach::Breaking, keys);
    }
    write_answered(state)
}

/// Writes the plan in view, when it is there and nothing is left to ask about it.
pub(super) fn write_answered(state: &mut State) -> Vec<Effect> {
    if let Some(plan) = state.preview.plan() {
        let effect = Effect::Ask(Request::Write(plan.clone()));
        state.preview.spend();
        return vec![effect];
    }
    if let Some(missing) = state.preview.missing.clone() {
        state.overlay = Some(value::ask(missing));
        return Vec::new();
    }
    state.toast = Some(not_written(state));
    Vec::new()
}

/// Shows the whole patch of these findings, and asks.
pub(super) fn ask(state: &mut State, reach: Reach, keys: Vec<FindingKey>) -> Vec<Effect> {
    if keys.is_empty() {
        state.overlay = None;
        state.toast = Some(Toast::NoFix(None));
        return Vec::new();
    }
    state.overlay = Some(Overlay::Confirm { reach, keys, scroll: 0 });
    state.ask_plan(true)
}

/// Says that the patch is still being made, where it is.
pub(super) fn not_yet(state: &mut State) {
    if matches!(state.preview.outcome, Outcome::Waiting) {
        state.toast = Some(Toast::NotYet);
    }
}

/// Why there is nothing that could be written now.
pub(super) fn not_written(state: &State) -> Toast {
    match &state.preview.outcome {
        Outcome::Waiting => Toast::NotYet,
        Outcome::Failed(reason) => Toast::NoFix(Some(reason.clone())),
        Outcome::Ready(plan) => Toast::NoFix(plan.withheld.first().map(|(_, reason)| reason.clone())),
        Outcome::None => Toast::NoFix(withheld(state)),
    }
}

/// Why the finding in view has no fix, as far as its rule says.
fn withheld(state: &State) -> Option<String> {
    let key = &state.finding()?.key;
    let listed = state.store.findings_in(&key.path);
    listed.into_iter().find(|(k, _)| k == key).and_then(|(_, listed)| match &listed.finding.remedy {
        Remedy::Withheld(reason) => Some(reason.clone()),
        Remedy::None | Remedy::Change(_) => None,
    })
}
