//! Gives a pane the keys.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::screen_layout::Pane;

/// Gives a pane the keys.
pub(super) fn focus_pane(state: &mut AppState, pane: Pane) -> Vec<AppEffect> {
    state.focus = pane;
    state.fullscreen = None;
    if pane != Pane::Source {
        state.places.forget_arrival();
    }
    if matches!(pane, Pane::Files | Pane::Findings) {
        state.active_list = pane;
    }
    state.scroll_into_view();
    state.show_line();
    state.request_plan(false)
}
