//! Scrolls a text that is longer than its window, for every overlay alike.

use super::super::action::Action;

pub(super) fn scroll_offset(at: usize, action: Option<Action>, last: usize) -> usize {
    match action {
        Some(Action::Down) => (at + 1).min(last),
        Some(Action::Up) => at.saturating_sub(1),
        Some(Action::HalfDown) => (at + 10).min(last),
        Some(Action::HalfUp) => at.saturating_sub(10),
        Some(Action::Top) => 0,
        Some(Action::Bottom) => last,
        _ => at,
    }
}
