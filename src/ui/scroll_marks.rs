//! Marks the pane that has the keys, and where in what can be scrolled one is.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use crate::app::{AppState, FullscreenView, LayoutShape, Pane, ScreenArea, ScreenLayout, ScrollLimits};
use crate::theme::StyleToken;

/// A part of something longer that is in view, in rows.
struct ScrolledPart {
    area: ScreenArea,
    top: usize,
    len: usize,
    /// The row that has the cursor.
    at: Option<usize>,
}

/// Draws the marks over the borders of the panes, when these are drawn.
pub(super) fn draw_scroll_marks(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    layout: &ScreenLayout,
    measured: &ScrollLimits,
) {
    if has_panes(state, layout) {
        if layout.shape == LayoutShape::Panes && state.has_keys(state.focus) {
            mark_focus(canvas, layout, state.focus);
        }
        for pane in Pane::ALL {
            for part in scrolled_parts(state, measured, pane, layout.pane_area(pane)) {
                let rows = ScreenArea { y: part.area.y + 1, height: part.area.height - 1, ..part.area };
                draw_thumb(canvas, rows, (part.top, part.len));
            }
        }
    }
    if shows_page(state) {
        let part = text_part(state, measured, layout.body);
        let rows = ScreenArea { y: part.area.y + 1, height: part.area.height.saturating_sub(1), ..part.area };
        draw_thumb(canvas, rows, (part.top, part.len));
    }
}

/// Draws in the last line where the cursor is, when that line is drawn.
pub(super) fn draw_place(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    layout: &ScreenLayout,
    measured: &ScrollLimits,
) {
    let place = focused_place(state, layout, measured).filter(|_| state.toast.is_none());
    place.into_iter().for_each(|place| draw_position(canvas, layout, place));
}

/// True while the explanation takes the whole body.
fn shows_page(state: &AppState) -> bool {
    state.fullscreen == Some(FullscreenView::Page) && state.dialog.is_none() && state.walk.is_none()
}

/// True while the panes are on the screen, and nothing over them.
fn has_panes(state: &AppState, layout: &ScreenLayout) -> bool {
    let is_covered = state.walk.is_some() || state.fullscreen.is_some() || state.dialog.is_some();
    layout.shape != LayoutShape::Single && !is_covered && !state.first_screen.is_open
}

/// The place of the cursor in the list or the file that has the keys, and how many rows that has.
fn focused_place(state: &AppState, layout: &ScreenLayout, measured: &ScrollLimits) -> Option<(usize, usize)> {
    if let Some(stage) = state.stage.as_ref().filter(|stage| !stage.is_aside()) {
        return Some((stage.cursor.row, stage.rows.len()));
    }
    if let Some(walking) = &state.walk {
        return walking.choice_position().filter(|_| state.dialog.is_none());
    }
    if state.first_screen.is_open {
        let screen = &state.first_screen;
        let is_shown = layout.shape != LayoutShape::Single && state.dialog.is_none();
        return is_shown.then_some((screen.cursor.row, screen.rows.len()));
    }
    if shows_page(state) && layout.shape != LayoutShape::Single {
        let part = text_part(state, measured, layout.body);
        return Some((part.at?, part.len));
    }
    if !has_panes(state, layout) {
        return None;
    }
    let parts = scrolled_parts(state, measured, state.focus, layout.pane_area(state.focus));
    parts.into_iter().find_map(|part| Some((part.at?, part.len)))
}

/// The cells that the place takes at the right end of the last line; none where there is no place.
pub(super) fn place_cells(state: &AppState, layout: &ScreenLayout, measured: &ScrollLimits) -> usize {
    let place = focused_place(state, layout, measured).filter(|(_, len)| *len > 0);
    place.map_or(0, |place| place_words(place).len() + 1)
}

fn scrolled_parts(
    state: &AppState,
    measured: &ScrollLimits,
    pane: Pane,
    area: ScreenArea,
) -> Vec<ScrolledPart> {
    if area.width == 0 || area.height < 4 {
        return Vec::new();
    }
    let list = |top, len, at| vec![ScrolledPart { area, top, len, at: Some(at) }];
    match pane {
        Pane::Files => list(state.files_cursor.top, state.tree.len(), state.files_cursor.row),
        Pane::Findings => {
            let mended = usize::from(state.mended_row().is_some());
            let len = state.findings_list.rows.len() + mended;
            list(state.findings_cursor.top, len, state.mended_row().unwrap_or(state.findings_cursor.row))
        }
        Pane::Source => {
            let panes = state.file_panes();
            let part = |pane: &crate::app::FilePane| ScrolledPart {
                area: pane.area,
                top: pane.view.top,
                len: pane.file.line_count(),
                at: pane.cursor,
            };
            panes.iter().map(part).collect()
        }
        Pane::Rule => {
            vec![text_part(state, measured, area)]
        }
    }
}

/// A text that is scrolled; its place is the last line in view, where not all is.
fn text_part(state: &AppState, measured: &ScrollLimits, area: ScreenArea) -> ScrolledPart {
    let rows = area.content_lines();
    let top = state.page_scroll.min(measured.page);
    let at = (measured.page > 0).then(|| top + rows.saturating_sub(1));
    ScrolledPart { area, top, len: measured.page + rows, at }
}

/// Gives the border of the pane that has the keys its own colour.
fn mark_focus(canvas: &mut Canvas<'_>, layout: &ScreenLayout, focus: Pane) {
    let area = layout.pane_area(focus);
    let style = canvas.token_style(StyleToken::Focus);
    let (left, height) = (area.x.saturating_sub(1), area.height);
    for x in [left, area.right()] {
        canvas.overlay_style(ScreenArea { x, y: area.y, width: 1, height }, style);
    }
    // The first and the last row belong to the header and the footer.
    for y in [area.y.saturating_sub(1), area.bottom()] {
        if y > 0 && y + 1 < layout.height {
            canvas.overlay_style(ScreenArea { x: left, y, width: area.width + 2, height: 1 }, style);
        }
    }
}

/// Draws in the border to the right of these rows how much of the whole is in view, and where.
pub(super) fn draw_thumb(canvas: &mut Canvas<'_>, rows: ScreenArea, (top, len): (usize, usize)) {
    let height = usize::from(rows.height);
    if len <= height || height == 0 {
        return;
    }
    let length = (height * height / len).max(1);
    let from = top.min(len - height) * (height - length) / (len - height);
    for row in from..from + length {
        let y = rows.y + u16::try_from(row).unwrap_or(0);
        let sign = canvas.glyphs().change_bar;
        canvas.draw_sign(rows.right(), y, sign, canvas.token_style(StyleToken::Muted));
    }
}

/// Marks a list of a dialog: a thumb in the border to its right, and in the one below its place, or the last row in view
/// where it has no cursor.
pub(super) fn draw_list_marks(
    canvas: &mut Canvas<'_>,
    rows: ScreenArea,
    (top, len): (usize, usize),
    at: Option<usize>,
) {
    draw_thumb(canvas, rows, (top, len));
    let height = usize::from(rows.height);
    let at = match at {
        Some(at) => at + 1,
        None if len > height => top + height,
        None => return,
    };
    if len > 0 {
        let words = format!(" {}/{len} ", at.min(len));
        let words = Line::from(Span::styled(words, canvas.token_style(StyleToken::Base)));
        canvas.draw_right(rows.x, rows.bottom(), rows.width.saturating_sub(1), &words);
    }
}

/// ` 3/13 `
fn place_words((at, len): (usize, usize)) -> String {
    format!(" {}/{len} ", (at + 1).min(len))
}

/// Draws the place of the cursor at the right end of the last border, where that is free.
pub(super) fn draw_position(canvas: &mut Canvas<'_>, layout: &ScreenLayout, (at, len): (usize, usize)) {
    if len == 0 {
        return;
    }
    let words = place_words((at, len));
    let width = u16::try_from(words.len()).unwrap_or(u16::MAX);
    let Some(x) = layout.width.checked_sub(width + 2) else { return };
    let y = layout.height - 1;
    let border = canvas.glyphs().horizontal;
    let is_free = (x.saturating_sub(1)..x + width)
        .all(|x| canvas.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() == border));
    if is_free {
        let line = Line::from(Span::styled(words, canvas.token_style(StyleToken::Base)));
        canvas.draw_line(x, y, width, &line);
    }
}
