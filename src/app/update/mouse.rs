//! Handles the mouse: a click selects, the wheel scrolls, a dragged border moves.

use super::super::action::Action;
use super::super::app_event::{AppEffect, MouseEvent, MouseKind};
use super::super::app_state::AppState;
use super::super::dialog_state::DialogState;
use super::super::ghost_view::GhostRow;
use super::super::screen_layout::{LayoutShape, Pane, PaneBorder};
use super::{focus_pane, panes};
use crate::repo::RelPath;

/// The number of lines that one notch of the wheel scrolls.
const WHEEL_LINES: isize = 3;

pub(super) fn on_mouse(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    if state.walk.is_some() && state.dialog.is_none() {
        return super::walk::on_walk_mouse(state, mouse);
    }
    if state.stage.is_some() && state.dialog.is_none() {
        return super::stage_input::on_stage_mouse(state, mouse);
    }
    if state.first_screen.is_open && state.dialog.is_none() {
        return super::first_screen_input::on_first_screen_mouse(state, mouse);
    }
    match mouse.kind {
        MouseKind::WheelUp => on_wheel(state, mouse, -WHEEL_LINES),
        MouseKind::WheelDown => on_wheel(state, mouse, WHEEL_LINES),
        MouseKind::Press if state.dialog.is_none() && state.fullscreen.is_none() => {
            let is_left = state.leave_mended_place();
            let mut effects = if is_left { state.request_plan(false) } else { Vec::new() };
            effects.extend(on_click(state, mouse));
            effects
        }
        MouseKind::Drag => drag_border(state, mouse),
        MouseKind::Release => {
            state.dragged_border = None;
            Vec::new()
        }
        MouseKind::Press => {
            if let Some(DialogState::UndoList(list)) = &mut state.dialog {
                list.select_at((mouse.column, mouse.row), state.size, &state.store);
            }
            Vec::new()
        }
    }
}

fn on_wheel(state: &mut AppState, mouse: MouseEvent, by: isize) -> Vec<AppEffect> {
    let over = |at: usize, last: usize| at.saturating_add_signed(by).min(last);
    if state.dialog.is_none() && state.shows_rendered() {
        super::rendered_actions::move_in_page(state, by);
        return Vec::new();
    }
    if state.dialog.is_none() && state.shows_pairs() {
        let action = if by < 0 { Action::Up } else { Action::Down };
        return super::pair_actions::run_action(state, action).unwrap_or_default();
    }
    if let (Some(DialogState::ConfirmFix { .. }), Some(at)) = (&state.dialog, state.risk_scroll) {
        state.risk_scroll = Some(over(at, state.scroll_limits.patch));
        return Vec::new();
    }
    if let Some(DialogState::Palette(palette)) = &state.dialog {
        let last = palette.find_rows(state).len().saturating_sub(1);
        if let Some(DialogState::Palette(palette)) = &mut state.dialog {
            palette.choice = palette.choice.saturating_add_signed(by.signum()).min(last);
        }
        return Vec::new();
    }
    match &mut state.dialog {
        Some(DialogState::ChangeLog { row }) => {
            let last = state.change_log.entries.len().saturating_sub(1);
            *row = row.saturating_add_signed(by.signum()).min(last);
        }
        Some(DialogState::Help { scroll, .. }) => *scroll = over(*scroll, state.scroll_limits.help),
        Some(DialogState::ConfirmFix { scroll, .. }) => *scroll = over(*scroll, state.scroll_limits.patch),
        Some(DialogState::PinCheck(pins)) => pins.scroll = over(pins.scroll, state.scroll_limits.patch),
        Some(DialogState::Trial(trial)) => {
            let last = state.scroll_limits.patch;
            trial.scroll = Some(over(trial.scroll.unwrap_or(last), last));
        }
        Some(DialogState::Lookup(lookup)) => lookup.scroll = over(lookup.scroll, state.scroll_limits.patch),
        Some(DialogState::UndoList(list)) => list.scroll = over(list.scroll, state.scroll_limits.patch),
        Some(_) => {}
        None if state.fullscreen.is_some() => {
            state.patch_scroll = over(state.patch_scroll, state.scroll_limits.patch);
            state.page_scroll = over(state.page_scroll, state.scroll_limits.page);
        }
        None => scroll_pane(state, mouse, by),
    }
    Vec::new()
}

fn scroll_pane(state: &mut AppState, mouse: MouseEvent, by: isize) {
    let layout = state.layout();
    let Some(pane) = layout.pane_at(mouse.column, mouse.row) else { return };
    let height = layout.pane_area(pane).content_lines();
    match pane {
        Pane::Files => state.files_cursor.scroll_by(by, state.tree.len(), height),
        Pane::Findings => state.findings_cursor.scroll_by(by, state.findings_list.rows.len(), height),
        Pane::Source if state.source_areas().0.contains(mouse.column, mouse.row) => {
            let (len, height) = state.source_size();
            state.source.is_scrolled = true;
            state.source.cursor.scroll_by(by, len, height);
        }
        Pane::Source => {
            if let Some((top, last)) = state.linked_view() {
                state.source.linked_top = Some(top.saturating_add_signed(by).min(last));
            }
        }
        Pane::Rule => {
            state.page_scroll = state.page_scroll.saturating_add_signed(by).min(state.scroll_limits.page);
        }
    }
}

fn on_click(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    let layout = state.layout();
    state.toast = None;
    state.dragged_border = layout.border_at(mouse.column, mouse.row);
    if layout.shape == LayoutShape::Tabs && mouse.row == 1 {
        return tab_at(mouse.column).map_or_else(Vec::new, |pane| focus_pane::focus_pane(state, pane));
    }
    let Some(pane) = layout.pane_at(mouse.column, mouse.row) else { return Vec::new() };
    let area = layout.pane_area(pane);
    let mut effects = focus_pane::focus_pane(state, pane);
    let Some(line) = mouse.row.checked_sub(area.y + 1).map(usize::from) else { return effects };
    match pane {
        Pane::Files if state.files_cursor.top + line < state.tree.len() => {
            let again = state.files_cursor.row == state.files_cursor.top + line;
            state.files_cursor.row = state.files_cursor.top + line;
            state.follow_file();
            if again && state.tree[state.files_cursor.row].expanded.is_some() {
                return panes::open_selected(state);
            }
        }
        Pane::Findings if state.findings_cursor.top + line < state.findings_list.rows.len() => {
            let again = state.findings_cursor.row == state.findings_cursor.top + line;
            state.findings_cursor.row = state.findings_cursor.top + line;
            state.follow_finding();
            if again && state.selected_row().is_some_and(|row| row.expanded.is_some()) {
                return panes::open_selected(state);
            }
        }
        Pane::Source if state.source_areas().0.contains(mouse.column, mouse.row) => {
            if let Some((_, number)) = clicked_line(state, mouse) {
                let (len, _) = state.source_size();
                state.source.cursor.move_to(number - 1, len);
                panes::select_at_line(state);
            }
        }
        Pane::Source => {
            // The two files change places.
            let found = clicked_line(state, mouse).and_then(|(path, number)| state.finding_at(&path, number));
            if let Some(key) = found {
                state.select_finding(&key);
            }
        }
        _ => {}
    }
    effects.extend(state.request_plan(false));
    effects
}

/// The file and the line, by its number in the text that was audited, under the mouse in the source.
fn clicked_line(state: &AppState, mouse: MouseEvent) -> Option<(RelPath, usize)> {
    let panes = state.file_panes();
    let pane = panes.iter().find(|pane| pane.area.contains(mouse.column, mouse.row))?;
    match pane.view.rows.get(usize::from(mouse.row.checked_sub(pane.area.y + 1)?))? {
        GhostRow::Line { line, .. } => Some((pane.file.path.clone(), pane.file.finding_line(*line)?)),
        GhostRow::Gap(_) | GhostRow::Rest(_) => None,
    }
}

fn drag_border(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    let Some(border) = state.dragged_border else { return Vec::new() };
    let splits = &mut state.splits;
    match border {
        PaneBorder::Left => splits.left = Some(mouse.column.saturating_sub(1)),
        PaneBorder::Right => splits.right = Some(state.size.0.saturating_sub(mouse.column + 2)),
        PaneBorder::Files => splits.files = Some(mouse.row.saturating_sub(1)),
        PaneBorder::Strip => splits.strip = Some(state.size.1.saturating_sub(mouse.row + 2)),
    }
    state.scroll_into_view();
    Vec::new()
}

/// The tab in a column of the line of tabs, which reads ` 1 Files  2 Findings  …`.
fn tab_at(column: u16) -> Option<Pane> {
    let mut right = 1;
    Pane::ALL.into_iter().find(|pane| {
        right += u16::try_from(pane.name().len()).unwrap_or(0) + 4;
        column < right
    })
}
