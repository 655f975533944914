//! Types a search: the list follows each letter, Tab takes a candidate, the arrows go through the searches before.

use std::collections::BTreeSet;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::findings_list::ListNode;
use super::super::key_press::{KeyName, KeyPress};
use super::super::query::SearchMiss;
use super::super::screen_layout::Pane;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::super::view_order::ListOrder;
use super::focus_pane::focus_pane;
use super::order_lists::order_lists;
use crate::repo::RelPath;

/// The revision that git's answer names where none was asked for.
const LAST_COMMIT: &str = "HEAD";

/// Opens the line of the search, with the one that is in effect.
pub(super) fn open_query(state: &mut AppState) -> Vec<AppEffect> {
    // What is typed next is a word of its own.
    let before = state.filter.text();
    let text = if before.is_empty() { String::new() } else { format!("{} ", before.trim_end()) };
    state.filter_field = Some(TextField::with_text(text));
    refresh_candidates(state);
    let effects = focus_pane(state, Pane::Findings);
    show_selection(state);
    effects
}

/// Handles a key while a search is typed.
pub(super) fn on_query_key(state: &mut AppState, key: KeyPress) -> Vec<AppEffect> {
    let Some(field) = &mut state.filter_field else { return Vec::new() };
    match key.code {
        KeyName::Backspace if field.text().is_empty() => return close_query(state),
        KeyName::Enter => return close_query(state),
        KeyName::Esc => return clear_query(state),
        KeyName::Up | KeyName::Down => {
            if let Some(text) = state.query_prompt.recall(field.text(), key.code == KeyName::Up) {
                *field = TextField::with_text(text);
                return apply_query(state);
            }
            return Vec::new();
        }
        KeyName::Tab | KeyName::BackTab => return take_candidate(state, key.code == KeyName::Tab),
        // Nothing can change.
        _ if key.typed_char().is_some() && field.is_full() => return Vec::new(),
        _ => {
            field.on_key(key);
            if field.text() == state.filter.text() {
                refresh_candidates(state);
                return Vec::new();
            }
        }
    }
    apply_query(state)
}

/// Puts the next candidate where the cursor is. Of several, another Tab takes the next.
fn take_candidate(state: &mut AppState, forward: bool) -> Vec<AppEffect> {
    let Some(field) = &mut state.filter_field else { return Vec::new() };
    let (before, after) = field.split_at_cursor();
    let after = after.to_owned();
    let taken = state.query_prompt.take_candidate(before, forward, after.is_empty());
    let Some(text) = taken else { return Vec::new() };
    *field = TextField::with_text(text).followed_by(&after);
    let choosing = state.query_prompt.is_choosing().then(|| state.query_prompt.clone());
    let effects = apply_query(state);
    if let Some(prompt) = choosing {
        state.query_prompt = prompt;
    }
    effects
}

/// Applies the search as it is typed now to the list.
pub(super) fn apply_query(state: &mut AppState) -> Vec<AppEffect> {
    if let Some(field) = &state.filter_field {
        state.filter.set_text(field.text());
    }
    let before = state.selected_node.clone();
    state.rebuild_findings_list();
    refresh_candidates(state);
    // What was selected stays so as long as it is found; else the search begins at its first finding.
    if state.selected_node != before || !matches!(before, Some(ListNode::Finding(_))) {
        state.findings_cursor.row = 0;
    }
    state.select_first_finding();
    state.follow_finding();
    let mut effects = state.request_plan(false);
    effects.extend(request_risks(state));
    effects
}

/// Looks for the candidates anew. Where a word finds nothing, the field that it is a value of is offered.
fn refresh_candidates(state: &mut AppState) {
    let Some(field) = &state.filter_field else { return };
    let facts = state.facts.query_facts(&state.new_keys);
    let (before, _) = field.split_at_cursor();
    let Some(SearchMiss::Term { text, suggestion: Some(suggestion) }) = &state.facts.search_miss else {
        return state.query_prompt.refresh(before, &state.index, &facts);
    };
    match before.find(text.as_str()) {
        Some(at) => state.query_prompt.suggest(suggestion.clone(), at..at + text.len()),
        None => state.query_prompt.refresh(before, &state.index, &facts),
    }
}

/// Ends the typing; the search stays in effect.
pub(super) fn close_query(state: &mut AppState) -> Vec<AppEffect> {
    state.filter_field = None;
    state.query_prompt.close(state.filter.text());
    show_selection(state);
    request_revision(state).into_iter().collect()
}

/// Asks git for the revision that the search names. While it is typed, every letter would be another one.
fn request_revision(state: &mut AppState) -> Option<AppEffect> {
    let revision = state.filter.query.revision()?.to_owned();
    let is_known = |(name, files): &(String, Option<_>)| *name == revision && files.is_some();
    if state.facts.compared_revision.as_ref().is_some_and(is_known) {
        return None;
    }
    state.facts.compared_revision = Some((revision.clone(), None));
    Some(AppEffect::Ask(BackendRequest::CompareRevision { revision }))
}

/// Takes in which files are others than in a revision of git's. Where git is not asked for, it is silent about why it does
/// not know.
pub(super) fn on_changes_read(
    state: &mut AppState,
    revision: String,
    files: Result<BTreeSet<RelPath>, String>,
) -> Vec<AppEffect> {
    let named = state.facts.compared_revision.as_ref().is_some_and(|(name, _)| *name == revision);
    if named {
        if let Err(reason) = &files {
            state.toast = Some(Toast::Notice(format!("since:{revision}: {reason}.")));
        }
        state.facts.compared_revision = Some((revision.clone(), files.clone().ok()));
    }
    let mut effects = Vec::new();
    if revision == LAST_COMMIT {
        let was_known = state.facts.uncommitted_files.is_some();
        state.facts.uncommitted_files = files.ok();
        // The order that was kept from the last time had to wait for git.
        if state.order == ListOrder::Changed && !was_known {
            effects = order_lists(state);
        }
    }
    effects.extend(follow_facts(state));
    effects
}

/// Shows all findings again; the selected finding stays in view, under any fold.
pub(super) fn clear_query(state: &mut AppState) -> Vec<AppEffect> {
    let found = state.current_finding().filter(|_| state.is_single_finding()).map(|entry| entry.key.clone());
    state.filter_field = None;
    state.query_prompt.close(state.filter.text());
    state.filter.set_text("");
    state.rebuild_findings_list();
    match found {
        Some(key) => state.select_finding(&key),
        None => state.follow_finding(),
    }
    show_selection(state);
    state.request_plan(false)
}

/// Moves the lists and the source, whose height has changed, so that what is selected is in view.
fn show_selection(state: &mut AppState) {
    state.scroll_into_view();
    state.show_line();
}

/// Lists the findings anew after what the search asks about became known, and asks for the rest.
pub(super) fn follow_facts(state: &mut AppState) -> Vec<AppEffect> {
    if !state.filter.query.depends_on_facts() {
        return Vec::new();
    }
    let before = state.selected_node.clone();
    state.rebuild_findings_list();
    if state.active_list == Pane::Findings && state.selected_node != before {
        state.select_first_finding();
        state.follow_finding();
    }
    let mut effects = state.request_plan(false);
    effects.extend(request_risks(state));
    effects
}

/// Asks for the risk of the fixes that is not known yet, where the search asks about it.
pub(super) fn request_risks(state: &mut AppState) -> Option<AppEffect> {
    if !state.filter.query.needs_risk() {
        return None;
    }
    state.facts.request_risks(&state.index)
}
