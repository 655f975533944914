//! Runs the actions on what a chart renders or an overlay builds: shows it, moves in it, goes to where a line was written,
//! takes another value set or overlay.

use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::AppEffect;
use super::super::app_state::{AppState, FullscreenView};
use super::super::chart_view::{RenderedPage, ValuesInEffect};
use super::super::toast::Toast;
use super::jumps;
use crate::repo::RelPath;
use crate::unit::UnitKind;

impl AppState {
    /// True while the page of what a chart renders is in view.
    #[must_use]
    pub fn shows_rendered(&self) -> bool {
        self.fullscreen == Some(FullscreenView::Rendered)
    }

    /// True where that is what an overlay builds.
    #[must_use]
    pub fn shows_overlay(&self) -> bool {
        let page = self.rendered.as_ref().filter(|_| self.shows_rendered());
        page.is_some_and(|page| page.unit.kind == UnitKind::Kustomization)
    }
}

/// Shows what is rendered of the file in view, or the panes again.
pub(super) fn toggle_rendered(state: &mut AppState) -> Vec<AppEffect> {
    if state.shows_rendered() {
        state.fullscreen = None;
    } else if let Some(path) = state.current_path().cloned() {
        open_page(state, &path, None);
    }
    Vec::new()
}

/// Shows what is rendered of a file, at a row that was left or at the cursor's line.
pub(super) fn open_page(state: &mut AppState, path: &RelPath, row: Option<usize>) {
    let Some(unit) = state.unit_choice.unit_of_file(&state.store, path) else { return };
    let mut page = RenderedPage::of_file(&state.store, unit, path, state.source.cursor.row + 1);
    page.cursor.row = row.unwrap_or(page.cursor.row);
    state.rendered = Some(page);
    state.fullscreen = Some(FullscreenView::Rendered);
    move_in_page(state, 0);
}

/// Takes the chart's next value set, or the file's next overlay.
pub(super) fn choose_value_set(state: &mut AppState) -> Vec<AppEffect> {
    let Some(path) = state.current_path().cloned() else { return Vec::new() };
    let Some((unit, number, count)) = state.unit_choice.choose_next(&state.store, &path) else {
        return Vec::new();
    };
    state.values = ValuesInEffect::default();
    state.toast = Some(Toast::UnitChosen { unit, number, count });
    if state.shows_rendered() {
        open_page(state, &path, None);
    }
    Vec::new()
}

pub(super) fn move_in_page(state: &mut AppState, by: isize) {
    let height = usize::from(state.layout().body.height.saturating_sub(RenderedPage::FRAME_ROWS));
    let Some(page) = &mut state.rendered else { return };
    let (before, count) = (page.cursor.row, page.row_count());
    page.cursor.move_by(by, count);
    page.cursor.scroll_to_row(count, height, 3);
    if page.cursor.row != before {
        page.choice = 0;
    }
}

/// Names the next of the places where the selected line was written, or the one before.
pub(super) fn choose_origin(state: &mut AppState, forward: bool) {
    let Some(page) = &mut state.rendered else { return };
    let Some((_, number, count)) = page.selected_origin(&state.store) else { return };
    page.choice = (number - 1 + if forward { 1 } else { count - 1 }) % count;
}

/// Goes to where the selected line was written.
pub(super) fn go_to_origin(state: &mut AppState) -> Vec<AppEffect> {
    let origin = state.rendered.as_ref().and_then(|page| page.selected_origin(&state.store));
    match origin {
        Some((origin, ..)) => jumps::jump_to_line(state, origin.path, origin.line),
        None => {
            state.toast = Some(Toast::NotHere(ActionObstacle::NoOrigin));
            Vec::new()
        }
    }
}

/// Brings what is shown of a chart up to date with the file in view, and after an audit with its renders.
pub(super) fn follow_chart(state: &mut AppState, is_audited: bool) {
    if let Some(path) = state.current_path().filter(|path| is_audited || !state.values.is_of(path)).cloned() {
        let unit = state.unit_choice.unit_of_file(&state.store, &path);
        state.values = ValuesInEffect::find(&state.store, path, unit);
    }
    if !is_audited {
        return;
    }
    let page = state.rendered.take().filter(|page| state.store.file(&page.subject).is_some());
    match page {
        Some(page) if state.shows_rendered() => open_page(state, &page.subject, Some(page.cursor.row)),
        _ if state.shows_rendered() => state.fullscreen = None,
        page => state.rendered = page,
    }
}
