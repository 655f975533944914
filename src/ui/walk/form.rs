//! What is asked in the walk: a reason, or values.

use crate::app::{Asking, Form};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{dialog, text};

pub(super) fn draw(canvas: &mut Canvas<'_>, asking: &Asking) {
    match asking {
        Asking::Skip(typed) => {
            let area = dialog::open(canvas, "Skip this chapter", 72, 5);
            let words = "Why? It is kept, and stands in the results:";
            canvas.text(area.x, area.y, area.width, words, canvas.style(Slot::Muted));
            let shown = format!("> {}_", end(typed, usize::from(area.width).saturating_sub(3)));
            canvas.text(area.x, area.y + 2, area.width, &shown, canvas.style(Slot::Base));
        }
        Asking::Values(form) => values(canvas, form),
    }
}

/// Values, each with what it is for.
pub(in crate::ui) fn values(canvas: &mut Canvas<'_>, form: &Form) {
    let reasons: Vec<Vec<String>> = form.fields.iter().map(|field| text::wrap(&field.reason, 66)).collect();
    let rows: usize = reasons.iter().map(|reason| reason.len() + 1).sum();
    let area = dialog::open(canvas, "Values of your own", 72, rows + 4);
    let mut y = area.y;
    for (i, (field, reason)) in form.fields.iter().zip(&reasons).enumerate() {
        let chosen = i == form.at;
        let slot = if chosen { Slot::Focus } else { Slot::Base };
        let x = canvas.text(area.x, y, area.width, &format!("{:<15}", field.name), canvas.style(slot));
        let room = area.right().saturating_sub(x);
        let typed = end(&field.text, usize::from(room).saturating_sub(2));
        let shown = if chosen { format!("{typed}_") } else { typed.to_owned() };
        canvas.text(x, y, room, &shown, canvas.style(slot));
        y += 1;
        for line in reason {
            if y < area.bottom() {
                canvas.text(area.x + 2, y, area.width.saturating_sub(2), line, canvas.style(Slot::Muted));
            }
            y += 1;
        }
    }
    if let Some(error) = form.error.as_ref().filter(|_| area.height > 1) {
        let lines = text::wrap(error, usize::from(area.width));
        let first = area.bottom().saturating_sub(2);
        for (line, y) in lines.iter().zip(first..area.bottom()) {
            canvas.text(area.x, y, area.width, line, canvas.style(Slot::Bad));
        }
    }
}

/// The end of what is typed, which is what is looked at.
fn end(typed: &str, cells: usize) -> &str {
    let mut shown = typed;
    while text::width(shown) > cells {
        shown = &shown[shown.chars().next().map_or(shown.len(), char::len_utf8)..];
    }
    shown
}
