//! Takes the order of the lists: when the first scan is over, when a person chooses another, and on another branch.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::toast::Toast;
use super::super::view_order::ListRanks;
use super::open_first_screen::request_ranking;
use crate::causes::FindingWeights;

/// Goes on to the next order.
pub(super) fn choose_next_order(state: &mut AppState) -> Vec<AppEffect> {
    state.order = state.order.next_order(!state.facts.changed_files().is_empty());
    state.toast = Some(Toast::Notice(format!("The lists are in order: {}.", state.order.name())));
    order_lists(state)
}

/// Takes the order as it is now. That by weight comes with the ranking that is asked for.
pub(super) fn order_lists(state: &mut AppState) -> Vec<AppEffect> {
    if state.order.needs_weights() {
        state.takes_order = true;
        return request_ranking(state);
    }
    take_order(state, &FindingWeights::default());
    state.request_plan(false)
}

/// Takes the order from what each finding weighs. The selection stays on what it is on; while a person did nothing yet,
/// it is the first.
fn take_order(state: &mut AppState, weights: &FindingWeights) {
    state.takes_order = false;
    state.ranks = ListRanks::of_index(&state.index, state.order, weights, state.facts.changed_files());
    state.rebuild_lists();
    if state.first_screen.opens_itself {
        state.findings_cursor.move_to(0, state.findings_list.rows.len());
        state.follow_finding();
    }
}

/// Takes the order that the ranking gives, where one was waited for.
pub(super) fn on_weights(state: &mut AppState, weights: &FindingWeights) -> Vec<AppEffect> {
    if !state.takes_order {
        return Vec::new();
    }
    take_order(state, weights);
    state.request_plan(false)
}
