//! The lines around and between the panes, and the tabs.

use ratatui::style::Style;

use super::canvas::Canvas;
use crate::app::{Area, Border, Layout, Pane, Shape, State};
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    match layout.shape {
        Shape::Panes => panes(canvas, state, layout),
        Shape::Tabs => tabs(canvas, state, layout),
        Shape::Single | Shape::TooSmall => {}
    }
}

fn panes(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let plain = canvas.style(Slot::Border);
    canvas.frame(Area::new(0, 0, layout.width, layout.height), plain);
    if state.wide.is_some() || (state.scanned && state.store.files().next().is_none()) {
        return;
    }
    let bottom = layout.height - 1;
    let [down, up, ..] = canvas.glyphs().tees;
    let files = layout.area(Pane::Files);
    let source = layout.area(Pane::Source);
    let dragged = |canvas: &Canvas<'_>, border| {
        canvas.style(if state.dragged == Some(border) { Slot::Focus } else { Slot::Border })
    };
    for (x, border) in [(files.right(), Border::Left), (source.right(), Border::Right)] {
        let style = dragged(canvas, border);
        canvas.down(x, 1, layout.height - 2, style);
        canvas.sign(x, 0, down, plain);
        canvas.sign(x, bottom, up, plain);
    }
    let style = dragged(canvas, Border::Files);
    divide(canvas, files, style);
    let (own, linked) = state.source_areas();
    match linked {
        Some(other) if other.y == own.y => {
            canvas.down(own.right(), 1, layout.height - 2, plain);
            canvas.sign(own.right(), 0, down, plain);
            canvas.sign(own.right(), bottom, up, plain);
        }
        Some(_) => divide(canvas, own, plain),
        None => {}
    }
}

/// A line under an area, joined to the lines at its sides.
pub(super) fn divide(canvas: &mut Canvas<'_>, above: Area, style: Style) {
    let [_, _, right, left] = canvas.glyphs().tees;
    if above.x == 0 {
        canvas.across(above.x, above.bottom(), above.width, style);
        return;
    }
    canvas.across(above.x, above.bottom(), above.width, style);
    join(canvas, above.x - 1, above.bottom(), [right, left], style);
    join(canvas, above.right(), above.bottom(), [left, right], style);
}

/// A line meets another: from one side, or from both where one has come from the other side before.
fn join(canvas: &mut Canvas<'_>, x: u16, y: u16, [tee, opposite]: [&str; 2], style: Style) {
    let met = canvas.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() == opposite);
    let sign = if met { canvas.glyphs().cross } else { tee };
    canvas.sign(x, y, sign, style);
}

fn tabs(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let plain = canvas.style(Slot::Border);
    canvas.frame(Area::new(0, 0, layout.width, layout.height), plain);
    let mut x = 1;
    for (i, pane) in Pane::ALL.into_iter().enumerate() {
        let focused = pane == state.focus && state.wide.is_none();
        let style = canvas.style(if focused { Slot::Selection } else { Slot::Muted });
        let label = format!(" {} {} ", i + 1, pane.name());
        x = canvas.text(x, 1, layout.width.saturating_sub(x + 1), &label, style);
    }
    if let Some(fix) = layout.fix.filter(|_| state.wide.is_none()) {
        divide(canvas, Area { y: fix.y - 2, height: 1, ..fix }, plain);
    }
}
