//! Draws the list from which a person says which Dockerfile builds an image.

use super::canvas::Canvas;
use super::{dialog_view, safe_text};
use crate::app::{LinkChoice, ScreenArea};
use crate::theme::StyleToken;

/// The cells before a path, in which the sign of the present link stands.
const SIGN_CELLS: u16 = 3;

pub(super) fn draw_link_choice(canvas: &mut Canvas<'_>, choice: &LinkChoice) {
    let screen = canvas.buffer.area;
    let title = format!("What builds {}", safe_text::clean_text(&choice.image, canvas.glyphs().control_char));
    let area =
        dialog_view::open_frame(canvas, &title, screen.width.saturating_sub(4), choice.row_count() + 2);
    let height = usize::from(area.height);
    let first = (choice.cursor.row + 1).saturating_sub(height);
    for (row, y) in (first..choice.row_count()).zip(area.y..area.bottom()) {
        draw_row(canvas, choice, row, ScreenArea { y, height: 1, ..area });
    }
    dialog_view::mark_place(canvas, area, (first, choice.row_count()), Some(choice.cursor.row));
}

fn draw_row(canvas: &mut Canvas<'_>, choice: &LinkChoice, row: usize, line: ScreenArea) {
    let cells = line.width.saturating_sub(SIGN_CELLS);
    let (text, token) = match choice.dockerfiles.get(row) {
        Some(path) => (path.as_str(), StyleToken::Base),
        None => ("no Dockerfile of this repository", StyleToken::Muted),
    };
    let text = safe_text::clean_text(text, canvas.glyphs().control_char);
    let text = safe_text::fitting_tail(&text, usize::from(cells), canvas.glyphs().ellipsis);
    canvas.draw_text(line.x + SIGN_CELLS, line.y, cells, &text, canvas.token_style(token));
    if choice.linked.is_some() && choice.dockerfiles.get(row) == choice.linked.as_ref() {
        canvas.draw_sign(
            line.x + 1,
            line.y,
            canvas.glyphs().check_mark,
            canvas.token_style(StyleToken::Good),
        );
    }
    if row == choice.cursor.row {
        canvas.overlay_style(line, canvas.token_style(StyleToken::Selection));
        canvas.draw_sign(line.x, line.y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
    }
}
