//! Draws the lines around and between the panes, and the tabs.

use ratatui::style::Style;

use super::canvas::Canvas;
use crate::app::{AppState, LayoutShape, Pane, PaneBorder, ScreenArea, ScreenLayout};
use crate::theme::StyleToken;

pub(super) fn draw_borders(canvas: &mut Canvas<'_>, state: &AppState, layout: &ScreenLayout) {
    match layout.shape {
        LayoutShape::Panes => draw_pane_borders(canvas, state, layout),
        LayoutShape::Tabs => draw_tabs(canvas, state, layout),
        LayoutShape::Single | LayoutShape::TooSmall => {}
    }
}

fn draw_pane_borders(canvas: &mut Canvas<'_>, state: &AppState, layout: &ScreenLayout) {
    let plain = canvas.token_style(StyleToken::Border);
    canvas.draw_frame(ScreenArea::new(0, 0, layout.width, layout.height), plain);
    let is_covered = state.fullscreen.is_some() || state.pages_scroll().is_some();
    if is_covered || (state.is_scanned && state.store.files().next().is_none()) {
        return;
    }
    let bottom = layout.height - 1;
    let top = layout.top_border();
    if top > 0 {
        draw_divider(canvas, ScreenArea::new(1, top - 1, layout.width - 2, 1), plain);
    }
    let [down, up, ..] = canvas.glyphs().junctions;
    let files = layout.pane_area(Pane::Files);
    let source = layout.pane_area(Pane::Source);
    let dragged = |canvas: &Canvas<'_>, border| {
        canvas.token_style(if state.dragged_border == Some(border) {
            StyleToken::Focus
        } else {
            StyleToken::Border
        })
    };
    let upright = [(files.right(), PaneBorder::Left), (source.right(), PaneBorder::Right)];
    for (x, border) in upright.into_iter().take(if layout.is_wide() { 2 } else { 1 }) {
        let style = dragged(canvas, border);
        canvas.draw_vertical(x, top + 1, bottom - top - 1, style);
        canvas.draw_sign(x, top, down, plain);
        canvas.draw_sign(x, bottom, up, plain);
    }
    let style = dragged(canvas, PaneBorder::Files);
    draw_divider(canvas, files, style);
    let (own, linked) = state.source_areas();
    match linked {
        Some(other) if other.y == own.y => {
            canvas.draw_vertical(own.right(), own.y, own.height, plain);
            canvas.draw_sign(own.right(), top, down, plain);
            canvas.draw_sign(own.right(), own.bottom(), up, plain);
        }
        Some(_) => draw_divider(canvas, own, plain),
        None => {}
    }
    if !layout.is_wide() {
        let style = dragged(canvas, PaneBorder::Strip);
        draw_divider(canvas, source, style);
        if let Some(other) = linked.filter(|other| other.y == own.y) {
            canvas.draw_sign(other.x - 1, own.bottom(), up, style);
        }
    }
}

/// Draws a line under an area, joined to the lines at its sides.
fn draw_divider(canvas: &mut Canvas<'_>, above: ScreenArea, style: Style) {
    let [_, _, right, left] = canvas.glyphs().junctions;
    if above.x == 0 {
        canvas.draw_horizontal(above.x, above.bottom(), above.width, style);
        return;
    }
    canvas.draw_horizontal(above.x, above.bottom(), above.width, style);
    draw_junction(canvas, above.x - 1, above.bottom(), [right, left], style);
    draw_junction(canvas, above.right(), above.bottom(), [left, right], style);
}

/// Draws the junction of two lines: from one side, or from both where one has come from the other side before.
fn draw_junction(canvas: &mut Canvas<'_>, x: u16, y: u16, [tee, opposite]: [&str; 2], style: Style) {
    let met = canvas.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() == opposite);
    let sign = if met { canvas.glyphs().cross } else { tee };
    canvas.draw_sign(x, y, sign, style);
}

/// Takes the ends of lines out of the screen's outer frame where a dialog has covered the lines themselves.
pub(super) fn close_outer_frame(canvas: &mut Canvas<'_>) {
    let screen = canvas.buffer.area;
    if screen.width < 3 || screen.height < 3 {
        return;
    }
    let glyphs = canvas.glyphs();
    let ([down, up, right, left], last) = (glyphs.junctions, (screen.width - 1, screen.height - 1));
    let is_sign = |canvas: &Canvas<'_>, x: u16, y: u16, sign: &str| {
        canvas.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() == sign)
    };
    let style = canvas.token_style(StyleToken::Border);
    for y in 1..last.1 {
        for (x, inner, end) in [(0, 1, right), (last.0, last.0 - 1, left)] {
            if is_sign(canvas, x, y, end) && !is_sign(canvas, inner, y, glyphs.horizontal) {
                canvas.draw_sign(x, y, glyphs.vertical, style);
            }
        }
    }
    for x in 1..last.0 {
        for (y, inner, end) in [(0, 1, down), (last.1, last.1 - 1, up)] {
            if is_sign(canvas, x, y, end) && !is_sign(canvas, x, inner, glyphs.vertical) {
                canvas.draw_sign(x, y, glyphs.horizontal, style);
            }
        }
    }
}

/// Takes the thumb of what a dialog covers whole out of the screen's right border.
pub(super) fn clear_outer_thumb(canvas: &mut Canvas<'_>) {
    let screen = canvas.buffer.area;
    let (Some(x), glyphs) = (screen.width.checked_sub(1), canvas.glyphs()) else { return };
    let style = canvas.token_style(StyleToken::Border);
    for y in 1..screen.height.saturating_sub(1) {
        if canvas.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() == glyphs.change_bar) {
            canvas.draw_sign(x, y, glyphs.vertical, style);
        }
    }
}

fn draw_tabs(canvas: &mut Canvas<'_>, state: &AppState, layout: &ScreenLayout) {
    let is_covered = state.fullscreen.is_some() || state.pages_scroll().is_some();
    let plain = canvas.token_style(StyleToken::Border);
    canvas.draw_frame(ScreenArea::new(0, 0, layout.width, layout.height), plain);
    let tabs = if layout.prompt.is_some() { &[][..] } else { &Pane::ALL };
    let mut x = 1;
    for (i, pane) in tabs.iter().copied().enumerate() {
        let focused = pane == state.focus && !is_covered;
        let style = canvas.token_style(if focused { StyleToken::Selection } else { StyleToken::Muted });
        let label = format!(" {} {} ", i + 1, pane.name());
        x = canvas.draw_text(x, 1, layout.width.saturating_sub(x + 1), &label, style);
    }
    if layout.prompt.is_some() {
        let line = ScreenArea::new(1, layout.top_border() - 1, layout.width - 2, 1);
        draw_divider(canvas, line, plain);
    }
    let is_empty = state.is_scanned && state.store.files().next().is_none();
    if let Some(fix) = layout.fix.filter(|_| !is_covered && !is_empty) {
        draw_divider(canvas, ScreenArea { y: fix.y - 2, height: 1, ..fix }, plain);
    }
}
