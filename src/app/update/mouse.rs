//! What the mouse does: a click selects, the wheel scrolls, a dragged border moves.

use super::super::event::{Effect, Mouse, MouseKind};
use super::super::layout::{Border, Pane, Shape};
use super::super::overlay::Overlay;
use super::super::state::State;
use super::{act, focus};

/// How many lines one notch of the wheel goes.
const NOTCH: isize = 3;

pub(super) fn act(state: &mut State, mouse: Mouse) -> Vec<Effect> {
    if state.walk.is_some() {
        return super::walk::wheel(state, mouse.kind);
    }
    match mouse.kind {
        MouseKind::WheelUp => wheel(state, mouse, -NOTCH),
        MouseKind::WheelDown => wheel(state, mouse, NOTCH),
        MouseKind::Press if state.overlay.is_none() && state.wide.is_none() => click(state, mouse),
        MouseKind::Drag => drag(state, mouse),
        MouseKind::Release => {
            state.dragged = None;
            Vec::new()
        }
        MouseKind::Press => Vec::new(),
    }
}

fn wheel(state: &mut State, mouse: Mouse, by: isize) -> Vec<Effect> {
    let over = |at: usize, last: usize| at.saturating_add_signed(by).min(last);
    match &mut state.overlay {
        Some(Overlay::Help { scroll, .. }) => *scroll = over(*scroll, state.measured.help),
        Some(Overlay::Confirm { scroll, .. }) => *scroll = over(*scroll, state.measured.patch),
        Some(Overlay::Pins(pins)) => pins.scroll = over(pins.scroll, state.measured.patch),
        Some(Overlay::Lookup(lookup)) => lookup.scroll = over(lookup.scroll, state.measured.patch),
        Some(_) => {}
        None if state.wide.is_some() => {
            state.patch_scroll = over(state.patch_scroll, state.measured.patch);
            state.page_scroll = over(state.page_scroll, state.measured.page);
        }
        None => scroll_pane(state, mouse, by),
    }
    Vec::new()
}

fn scroll_pane(state: &mut State, mouse: Mouse, by: isize) {
    let layout = state.layout();
    let Some(pane) = layout.pane_at(mouse.column, mouse.row) else { return };
    let height = layout.area(pane).lines();
    match pane {
        Pane::Files => state.files.scroll(by, state.tree.len(), height),
        Pane::Findings => state.findings.scroll(by, state.outline.rows.len(), height),
        Pane::Source if state.source_areas().0.contains(mouse.column, mouse.row) => {
            let (len, height) = state.source_size();
            state.source.cursor.scroll(by, len, height);
        }
        Pane::Source => {
            if let Some((top, last)) = state.linked_view() {
                state.source.linked_top = Some(top.saturating_add_signed(by).min(last));
            }
        }
        Pane::Rule => {
            state.page_scroll = state.page_scroll.saturating_add_signed(by).min(state.measured.page);
        }
    }
}

fn click(state: &mut State, mouse: Mouse) -> Vec<Effect> {
    let layout = state.layout();
    state.toast = None;
    state.dragged = layout.border_at(mouse.column, mouse.row);
    if layout.shape == Shape::Tabs && mouse.row == 1 {
        return tab_at(mouse.column).map_or_else(Vec::new, |pane| focus::focus(state, pane));
    }
    let Some(pane) = layout.pane_at(mouse.column, mouse.row) else { return Vec::new() };
    let area = layout.area(pane);
    let mut effects = focus::focus(state, pane);
    let Some(line) = mouse.row.checked_sub(area.y + 1).map(usize::from) else { return effects };
    match pane {
        Pane::Files if state.files.top + line < state.tree.len() => {
            let again = state.files.row == state.files.top + line;
            state.files.row = state.files.top + line;
            state.follow_file();
            if again && state.tree[state.files.row].open.is_some() {
                return act::open(state);
            }
        }
        Pane::Findings if state.findings.top + line < state.outline.rows.len() => {
            let again = state.findings.row == state.findings.top + line;
            state.findings.row = state.findings.top + line;
            state.follow_finding();
            if again && state.row().is_some_and(|row| row.open.is_some()) {
                return act::open(state);
            }
        }
        Pane::Source if state.source_areas().0.contains(mouse.column, mouse.row) => {
            let (len, _) = state.source_size();
            state.source.cursor.set(state.source.cursor.top + line, len);
            act::select_at_line(state);
        }
        Pane::Source => click_linked(state, mouse.row),
        _ => {}
    }
    effects.extend(state.ask_plan(false));
    effects
}

/// A finding of the linked file is gone to; then the two files change places.
fn click_linked(state: &mut State, row: u16) {
    let area = state.source_areas().1.filter(|area| row > area.y);
    let Some((area, (top, _))) = area.zip(state.linked_view()) else { return };
    let line = top + usize::from(row - area.y);
    let found = state.linked().and_then(|(path, _)| state.finding_at(path, line));
    if let Some(key) = found {
        state.select(&key);
    }
}

fn drag(state: &mut State, mouse: Mouse) -> Vec<Effect> {
    let Some(border) = state.dragged else { return Vec::new() };
    let splits = &mut state.splits;
    match border {
        Border::Left => splits.left = Some(mouse.column.saturating_sub(1)),
        Border::Right => splits.right = Some(state.size.0.saturating_sub(mouse.column + 2)),
        Border::Files => splits.files = Some(mouse.row.saturating_sub(1)),
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
