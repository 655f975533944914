//! Tells the user what is new: counts a change once it is whole, words its toast, goes to the new findings, keeps the log.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::change_log::LoggedChange;
use super::super::dialog_state::DialogState;
use super::super::toast::Toast;
use super::key_input::KeyInput;
use super::query_input;
use crate::finding::FindingKey;
use crate::store::StoreDelta;
use crate::text::make_printable;

/// Takes in an update that changed something. More of the same change may follow.
pub(super) fn take_update(
    state: &mut AppState,
    delta: &StoreDelta,
    score_before: Option<u8>,
) -> Vec<AppEffect> {
    let at = (state.clock)();
    // What went before is no word on what comes now.
    state.last_closed = None;
    let AppState { change_log, store, new_keys, .. } = state;
    let change = change_log.take_update(delta, store, new_keys, (score_before, at));
    let mut effects = change.map_or_else(Vec::new, |change| publish_change(state, change));
    effects.push(AppEffect::AwaitQuiet);
    effects
}

/// Nothing more came for a while: the change is whole.
pub(super) fn on_quiet(state: &mut AppState) -> Vec<AppEffect> {
    if state.change_log.awaits_checkout() {
        return vec![AppEffect::AwaitQuiet];
    }
    let at = (state.clock)();
    let change = state.change_log.settle(&state.store, at);
    let mut effects = change.map_or_else(Vec::new, |change| publish_change(state, change));
    if state.takes_order {
        effects.extend(super::order_lists::order_lists(state));
    }
    effects
}

fn publish_change(state: &mut AppState, change: LoggedChange) -> Vec<AppEffect> {
    let word = change.kind.closed_word().filter(|_| change.closed > 0);
    state.last_closed = word.map(|word| (change.closed, word));
    let news: Vec<FindingKey> = change.news().cloned().collect();
    state.new_keys.extend(news.iter().cloned());
    state.change_log.push(change);
    let worst = news.iter().filter_map(|key| state.index.find_entry(key)).max_by_key(|entry| entry.gravity());
    let Some(worst) = worst else { return Vec::new() };
    let severity = worst.severity;
    let place = format!("{}:{}", worst.key.path, worst.line);
    let more = if news.len() > 1 { format!(", and {} more", news.len() - 1) } else { String::new() };
    let text = format!("{}: {} in {place}{more}", severity.name(), worst.key.rule);
    let text = make_printable(&text).into_owned();
    let named = worst.key.clone();
    // In the walk the keys that go there are others.
    if state.walk.is_none() && state.config.news {
        state.toast = Some(Toast::NewFinding { severity, rule: worst.key.rule, place, more: news.len() - 1 });
    }
    state.named_new = Some(named);
    vec![AppEffect::Alert { severity, text }]
}

/// Goes to the next new finding, or the one before, in the order of the list's files and lines; forward first to the
/// one that the news named last.
pub(super) fn go_to_new(state: &mut AppState, forward: bool) -> Vec<AppEffect> {
    let place = |entry: &crate::audit::ListedFinding| (entry.key.path.clone(), entry.line, entry.key.clone());
    let mut news: Vec<_> =
        state.new_keys.iter().filter_map(|key| state.index.find_entry(key)).map(place).collect();
    news.sort();
    let here = state.current_finding().filter(|_| state.is_single_finding()).map(place);
    let next = match &here {
        None if forward => news.first(),
        None => news.last(),
        Some(here) if forward => news.iter().find(|place| *place > here).or(news.first()),
        Some(here) => news.iter().rev().find(|place| *place < here).or(news.last()),
    };
    let named = state.named_new.take().filter(|key| forward && state.new_keys.contains(key));
    let Some(key) = named.or_else(|| next.map(|(_, _, key)| key.clone())) else {
        state.toast = Some(Toast::Notice("Nothing is new; L lists what happened.".to_owned()));
        return Vec::new();
    };
    let effects = show_news(state, &key);
    if state.current_finding().is_none_or(|entry| entry.key != key) {
        let action = if state.filter.is_active() { Action::Back } else { Action::MinSeverity };
        let hidden = if state.filter.is_active() { "the search hides it" } else { "its severity is hidden" };
        let lifted = state.config.keymap.keys_as_text(action);
        state.toast =
            Some(Toast::Notice(format!("{} in {} is new; {hidden}: {lifted}.", key.rule, key.path)));
    }
    effects
}

/// Selects a finding of the news in the list, over the first screen and over what stands behind one of its rows: neither
/// is a search of the person's own.
fn show_news(state: &mut AppState, key: &FindingKey) -> Vec<AppEffect> {
    if state.first_screen.is_open {
        state.first_screen.close();
    }
    let mut effects = Vec::new();
    let is_hidden = state.index.find_entry(key).is_some_and(|entry| !state.is_shown(entry));
    if is_hidden && state.filter.shows_opened_cause() {
        effects = query_input::clear_query(state);
    }
    state.select_finding(key);
    effects.extend(state.request_plan(true));
    effects
}

/// What is new is seen.
pub(super) fn mark_seen(state: &mut AppState) -> Vec<AppEffect> {
    let seen = std::mem::take(&mut state.new_keys).len();
    state.last_closed = None;
    state.toast = Some(Toast::Notice(match seen {
        0 => "Nothing is new.".to_owned(),
        1 => "1 new finding is seen.".to_owned(),
        seen => format!("{seen} new findings are seen."),
    }));
    Vec::new()
}

pub(super) fn open_log(state: &mut AppState) -> Vec<AppEffect> {
    state.dialog = Some(DialogState::ChangeLog { row: 0 });
    Vec::new()
}

/// Handles keys while the log is open.
pub(super) fn on_log_key(state: &mut AppState, input: KeyInput, row: usize) -> Vec<AppEffect> {
    let last = state.change_log.entries.len().saturating_sub(1);
    let row = match input.action {
        Some(Action::Down) => row + 1,
        Some(Action::Up) => row.saturating_sub(1),
        Some(Action::HalfDown) => row + 8,
        Some(Action::HalfUp) => row.saturating_sub(8),
        Some(Action::Top) => 0,
        Some(Action::Bottom) => last,
        Some(Action::Open) => return go_to_change(state, row),
        Some(Action::NextNew) => return go_to_new(state, true),
        Some(Action::PreviousNew) => return go_to_new(state, false),
        Some(Action::Back | Action::Quit | Action::ChangeLog) => return Vec::new(),
        Some(Action::Undo) => return stay_in_log(state, row, vec![AppEffect::Ask(BackendRequest::Undo)]),
        Some(Action::Redo) => return stay_in_log(state, row, vec![AppEffect::Ask(BackendRequest::Redo)]),
        Some(Action::MarkSeen) => {
            let effects = mark_seen(state);
            return stay_in_log(state, row, effects);
        }
        _ => row,
    };
    state.dialog = Some(DialogState::ChangeLog { row: row.min(last) });
    Vec::new()
}

fn stay_in_log(state: &mut AppState, row: usize, effects: Vec<AppEffect>) -> Vec<AppEffect> {
    state.dialog = Some(DialogState::ChangeLog { row });
    effects
}

/// Goes to the worst finding that a change opened, else to its first file.
fn go_to_change(state: &mut AppState, row: usize) -> Vec<AppEffect> {
    let Some(change) = state.change_log.entries.get(row) else { return Vec::new() };
    let open = change.opened.iter().filter_map(|key| state.index.find_entry(key));
    let worst = open.max_by_key(|entry| entry.gravity());
    let in_file = || change.files.iter().find_map(|path| state.index.entries_in(path).first());
    if let Some(key) = worst.or_else(|| in_file().map(|entry| &**entry)).map(|entry| entry.key.clone()) {
        return show_news(state, &key);
    }
    state.toast = Some(Toast::Notice("Nothing of it is open any more.".to_owned()));
    state.dialog = Some(DialogState::ChangeLog { row });
    Vec::new()
}
