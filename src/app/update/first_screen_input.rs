//! Handles the keys and the mouse on the first screen.

use std::cmp::Reverse;
use std::sync::Arc;

use super::super::action::Action;
use super::super::app_event::{AppEffect, MouseEvent, MouseKind};
use super::super::app_state::AppState;
use super::super::finding_filter::FindingFilter;
use super::super::first_screen::{CauseState, FirstScreenAreas};
use super::super::key_press::KeyPress;
use super::super::screen_layout::Pane;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::focus_pane::focus_pane;
use super::key_input::{self, KeyInput};
use super::open_first_screen::request_ranking;
use super::{fix_actions, open_first_screen, order_lists, panes, query_input, stage_input};
use crate::audit::ListedFinding;
use crate::finding::FindingKey;

pub(super) fn on_first_screen_key(state: &mut AppState, key: KeyPress, input: KeyInput) -> Vec<AppEffect> {
    match input.action {
        Some(action) => run_action(state, action),
        None => {
            state.toast = key_input::unbound_toast(state, &[key]);
            Vec::new()
        }
    }
}

/// Runs an action where the first screen has the keys. What is for the panes leaves it first.
pub(super) fn run_action(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    let size = state.size;
    let page = isize::try_from(FirstScreenAreas::new(size).rows.height / 4).unwrap_or(1).max(1);
    let screen = &mut state.first_screen;
    match action {
        Action::Down => screen.move_by(1, size),
        Action::Up => screen.move_by(-1, size),
        Action::HalfDown => screen.move_by(page, size),
        Action::HalfUp => screen.move_by(-page, size),
        Action::Top => screen.move_by(isize::MIN, size),
        Action::Bottom => screen.move_by(isize::MAX, size),
        Action::Open | Action::Right => return open_row(state),
        Action::Fix => return fix_row(state),
        Action::Ignore => return allow_row(state),
        Action::Order => {
            let effects = order_lists::choose_next_order(state);
            state.first_screen.take_order(state.order, state.facts.changed_files());
            state.first_screen.show_selection(size);
            open_first_screen::note_openings(state);
            return effects;
        }
        Action::MinSeverity => {
            screen.shows_info = !screen.shows_info;
            screen.takes_order = true;
            return request_ranking(state);
        }
        Action::Back | Action::FirstScreen => screen.close(),
        Action::Undo
        | Action::Redo
        | Action::UndoList
        | Action::StageSafe
        | Action::FixAll
        | Action::PinAll
        // The walk lies over it, and begins with the row's app.
        | Action::Walk
        | Action::Palette
        | Action::Help
        | Action::ChangeLog
        | Action::Theme
        | Action::Pause
        | Action::Rescan => return panes::apply_action(state, action),
        Action::StageRule
        | Action::StageFile
        | Action::StageFolder
        | Action::StageApp
        | Action::StageSeverity
        | Action::PinFile => {
            // Its scope is that of the row's worst finding.
            if let Some(key) = worst_key(state) {
                state.select_finding(&key);
            }
            return panes::apply_action(state, action);
        }
        Action::Quit | Action::Suspend | Action::Redraw => return panes::apply_action(state, action),
        _ => {
            screen.close();
            return panes::answer_action(state, action);
        }
    }
    Vec::new()
}

/// Clicks select, a second one opens; the wheel goes through the rows.
pub(super) fn on_first_screen_mouse(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    let areas = FirstScreenAreas::new(state.size);
    let screen = &mut state.first_screen;
    match mouse.kind {
        MouseKind::WheelUp => screen.move_by(-1, state.size),
        MouseKind::WheelDown => screen.move_by(1, state.size),
        MouseKind::Press if areas.rows.contains(mouse.column, mouse.row) => {
            state.toast = None;
            let line = usize::from(mouse.row - areas.rows.y);
            match screen.row_at_line(line, state.size) {
                Some(row) if row == screen.cursor.row => return open_row(state),
                Some(row) => {
                    screen.cursor.row = row;
                    screen.show_selection(state.size);
                }
                None => {}
            }
        }
        _ => {}
    }
    Vec::new()
}

/// The findings of the selected row; none, with a word why, where it is mended.
fn selected_keys(state: &mut AppState) -> Option<Vec<FindingKey>> {
    let row = state.first_screen.selected_row()?;
    if row.state.is_over() {
        let words = match row.state {
            CauseState::Gone => "It went with its file: nothing of it is open any more.",
            _ => "It is mended: nothing of it is open any more.",
        };
        state.toast = Some(Toast::Notice(words.to_owned()));
        return None;
    }
    Some(row.keys().cloned().collect())
}

/// The worst finding of the selected row.
fn worst_key(state: &AppState) -> Option<FindingKey> {
    let row = state.first_screen.selected_row()?;
    let ranked = |listed: &&Arc<ListedFinding>| (listed.severity, Reverse(listed.key.clone()));
    row.findings.iter().max_by_key(ranked).map(|listed| listed.key.clone())
}

/// Shows the findings of the row in the list, the first selected: they stand in the order of what matters first.
fn open_row(state: &mut AppState) -> Vec<AppEffect> {
    let Some(keys) = selected_keys(state) else { return Vec::new() };
    let title = state.first_screen.selected_row().map(|row| row.title.clone());
    state.facts.opened_cause = keys.into_iter().collect();
    state.facts.opened_title = title.unwrap_or_default();
    // The selection of before is none among these.
    state.selected_node = None;
    state.first_screen.leave();
    state.filter_field = Some(TextField::with_text(FindingFilter::OPENED_CAUSE));
    let mut effects = query_input::apply_query(state);
    effects.extend(query_input::close_query(state));
    effects.extend(focus_pane(state, Pane::Findings));
    effects
}

/// Opens the screen. What stands behind a row of before is left.
pub(super) fn open_screen(state: &mut AppState) -> Vec<AppEffect> {
    let mut effects = Vec::new();
    if state.filter.shows_opened_cause() {
        effects = query_input::clear_query(state);
    }
    effects.extend(open_first_screen::open_first_screen(state));
    effects
}

/// Goes back to the row whose findings were shown. The others are where they were; what was mended since is struck.
pub(super) fn return_to_row(state: &mut AppState) -> Vec<AppEffect> {
    let effects = query_input::clear_query(state);
    state.first_screen.is_open = true;
    [effects, request_ranking(state)].concat()
}

/// Mends the row: what stands in one place is shown there first, what stands in several is staged.
fn fix_row(state: &mut AppState) -> Vec<AppEffect> {
    let files = state.first_screen.selected_row().map_or(0, |row| row.file_count);
    if files <= 1 {
        return open_row(state);
    }
    let Some(keys) = selected_keys(state) else { return Vec::new() };
    let title = state.first_screen.selected_row().map_or_else(String::new, |row| row.title.clone());
    stage_input::open_stage_of(state, title, &keys)
}

/// Asks for the reason why a row with one finding is allowed; of several each is allowed by itself.
fn allow_row(state: &mut AppState) -> Vec<AppEffect> {
    let Some(keys) = selected_keys(state) else { return Vec::new() };
    if let [only] = keys.as_slice() {
        return fix_actions::open_reason(state, only.clone(), TextField::default());
    }
    let mut effects = open_row(state);
    effects.extend(fix_actions::ask_suppress_reason(state));
    state.first_screen.asks_reason = state.dialog.is_some();
    effects
}
