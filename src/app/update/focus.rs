//! Gives a pane the keys.

use super::super::event::Effect;
use super::super::layout::Pane;
use super::super::state::State;

/// Gives a pane the keys.
pub(super) fn focus(state: &mut State, pane: Pane) -> Vec<Effect> {
    state.focus = pane;
    state.wide = None;
    if matches!(pane, Pane::Files | Pane::Findings) {
        state.list = pane;
    }
    state.scroll_into_view();
    state.show_line();
    state.ask_plan(false)
}
