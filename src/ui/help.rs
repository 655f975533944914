//! All keys, from the table that makes them work.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::dialog;
use crate::app::{Context, State};
use crate::theme::Slot;

/// Draws the help, and gives how far it can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, scroll: usize) -> usize {
    let mut lines = Vec::new();
    for context in Context::ALL {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(Span::styled(context.name(), canvas.style(Slot::Heading))));
        for (keys, binding) in state.config.keymap.help(context) {
            lines.push(Line::from(vec![
                Span::styled(format!("  {keys:<16} "), canvas.style(Slot::Focus)),
                Span::styled(binding.description, canvas.style(Slot::Base)),
            ]));
        }
    }
    lines.push(Line::default());
    let note = "Mouse: click selects, wheel scrolls, borders can be dragged; Shift to select text.";
    lines.push(Line::from(Span::styled(note, canvas.style(Slot::Muted))));
    let area = dialog::open(canvas, "Keys", 84, lines.len() + 2);
    let last = lines.len().saturating_sub(usize::from(area.height));
    canvas.lines(area, lines.iter().skip(scroll.min(last)));
    last
}
