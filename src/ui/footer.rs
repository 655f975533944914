//! The last line: what the keys do, or what just happened.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::toast;
use crate::app::{Layout, Overlay, Shape, State};
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let inset = if layout.shape == Shape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let y = layout.height - 1;
    let line = match &state.toast {
        Some(toast) => {
            let slot = if toast.is_bad() { Slot::Bad } else { Slot::Good };
            Line::from(Span::styled(format!(" {} ", toast::words(toast)), canvas.style(slot)))
        }
        None => hints(canvas, state, usize::from(cells)),
    };
    canvas.line(inset, y, cells, &line);
}

/// The keys and what they do, as many as fit whole.
fn hints(canvas: &Canvas<'_>, state: &State, cells: usize) -> Line<'static> {
    let own: Vec<(String, &str)> = match &state.overlay {
        Some(Overlay::Help { .. }) => vec![("Esc".into(), "close"), ("j k".into(), "scroll")],
        Some(Overlay::Menu { .. }) => {
            vec![("Enter".into(), "choose"), ("1–5".into(), "choose"), ("Esc".into(), "close")]
        }
        Some(Overlay::Confirm { .. }) => {
            vec![("y".into(), "write"), ("n".into(), "leave"), ("j k".into(), "scroll")]
        }
        Some(Overlay::Reason { .. }) => vec![("Enter".into(), "write the comment"), ("Esc".into(), "leave")],
        None if state.walk.is_some() => {
            state.walk.as_ref().map(|walking| super::walk::hints(walking, state)).unwrap_or_default()
        }
        None if state.typing => vec![("Enter".into(), "keep"), ("Esc".into(), "clear")],
        None => state.config.keymap.hints().map(|(key, hint)| (key.to_string(), hint)).collect(),
    };
    let mut spans = Vec::new();
    let mut used = 1;
    for (key, hint) in own {
        let width = super::text::width(&key) + super::text::width(hint) + 3;
        if used + width > cells {
            break;
        }
        used += width;
        spans.push(Span::styled(format!(" {key}"), canvas.style(Slot::Focus)));
        spans.push(Span::styled(format!(" {hint} "), canvas.style(Slot::Muted)));
    }
    Line::from(spans)
}
