//! Opens the first screen, and follows what changes under it.

use std::sync::Arc;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::finding_filter::FindingFilter;
use super::super::findings_list::FindingsList;
use super::super::findings_list_build::ListOptions;
use super::order_lists;
use crate::causes::{CauseRanking, CauseSpot};
use crate::repo::RelPath;

/// The most files of which the risk of every fix is asked for by itself.
const MAX_ASSESSED_FILES: usize = 2000;

/// Opens the screen, with the order as it is now.
pub(super) fn open_first_screen(state: &mut AppState) -> Vec<AppEffect> {
    state.fullscreen = None;
    state.first_screen.is_open = true;
    state.first_screen.takes_order = true;
    request_ranking(state)
}

/// Asks for the causes once the first scan is over: the lists are in their order, and where there are more findings
/// than a screen has lines, the screen opens by itself unless a person did something by then.
pub(super) fn greet(state: &mut AppState) -> Vec<AppEffect> {
    if state.index.entries.is_empty() {
        return Vec::new();
    }
    state.first_screen.takes_order = true;
    let mut effects = order_lists::order_lists(state);
    if state.first_screen.opens_itself && is_more_than_a_screen(state) && !state.first_screen.is_awaited {
        effects.extend(request_ranking(state));
    }
    effects
}

fn is_more_than_a_screen(state: &AppState) -> bool {
    state.index.entries.len() > usize::from(state.size.1)
}

/// Asks for the causes anew where the screen is open and something changed.
pub(super) fn follow_update(state: &mut AppState) -> Vec<AppEffect> {
    if state.first_screen.is_open && state.is_scanned { request_ranking(state) } else { Vec::new() }
}

pub(super) fn request_ranking(state: &mut AppState) -> Vec<AppEffect> {
    let screen = &mut state.first_screen;
    if std::mem::replace(&mut screen.is_awaited, true) {
        screen.is_outdated = true;
        return Vec::new();
    }
    vec![AppEffect::Ask(BackendRequest::RankCauses { with_info: screen.shows_info })]
}

pub(super) fn on_causes_ranked(state: &mut AppState, ranking: Arc<CauseRanking>) -> Vec<AppEffect> {
    let screen = &mut state.first_screen;
    screen.is_awaited = false;
    let is_outdated = std::mem::take(&mut screen.is_outdated);
    let mut effects = order_lists::on_weights(state, &ranking.weights);
    let is_free = state.walk.is_none() && state.dialog.is_none();
    if std::mem::take(&mut state.first_screen.opens_itself) && is_free && is_more_than_a_screen(state) {
        state.first_screen.is_open = true;
        state.fullscreen = None;
    }
    let screen = &mut state.first_screen;
    if !screen.is_open {
        return effects;
    }
    let is_there = |path: &RelPath| state.store.file(path).is_some();
    screen.receive_ranking(ranking, state.order, state.facts.changed_files(), is_there);
    screen.show_selection(state.size);
    note_openings(state);
    if is_outdated {
        effects.extend(request_ranking(state));
    }
    effects.extend(follow_risks(state));
    effects
}

/// Notes where each row would open, in the order of the list.
pub(super) fn note_openings(state: &mut AppState) {
    let mut filter = FindingFilter::default();
    filter.set_text(FindingFilter::OPENED_CAUSE);
    let AppState { first_screen, index, facts, new_keys, ranks, grouping, toggled, .. } = state;
    let facts = facts.query_facts(new_keys);
    first_screen.note_openings(|row| {
        let mut places: Vec<usize> = row.keys().filter_map(|key| index.place_of_key(key)).collect();
        places.sort_unstable();
        let options = ListOptions { filter: &filter, grouping: *grouping, toggled, facts, ranks };
        let first = index.entry_at(FindingsList::first_open(index, &options, &places)?);
        Some(CauseSpot { path: first.key.path.clone(), line: first.line })
    });
}

impl AppState {
    /// True where every fix is weighed while the first screen is open; of very many files only a stage's are.
    #[must_use]
    pub fn weighs_all_fixes(&self) -> bool {
        self.index.file_count_with_findings() <= MAX_ASSESSED_FILES
    }
}

/// Counts what is known of the fixes' risks, and asks for the rest while the screen is open.
pub(super) fn follow_risks(state: &mut AppState) -> Option<AppEffect> {
    if !state.first_screen.is_open {
        return None;
    }
    let is_weighing = state.weighs_all_fixes();
    state.first_screen.count_fixes(&state.facts.risk_classes, is_weighing);
    if is_weighing { state.facts.request_risks(&state.index) } else { None }
}
