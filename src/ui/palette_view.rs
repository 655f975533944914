//! Draws the palette: every action with its key, and why it does nothing here where that is so.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::obstacle_text::obstacle_text;
use super::{dialog_view, safe_text, text_field_view};
use crate::app::{ActionPalette, AppState, KEY_BINDINGS, PaletteRow, ScreenArea};
use crate::theme::StyleToken;

const PALETTE_WIDTH: u16 = 108;
/// The cells of the names, and of the keys.
const NAME_CELLS: usize = 18;
const KEY_CELLS: usize = 16;

pub(super) fn draw_palette(canvas: &mut Canvas<'_>, state: &AppState, palette: &ActionPalette) {
    let rows = palette.find_rows(state);
    let width = PALETTE_WIDTH.min(canvas.buffer.area.width);
    let count = format!("{} of {} actions", rows.len(), KEY_BINDINGS.len());
    let room = usize::from(width).saturating_sub(count.len() + 10);
    let title = format!(": {}", text_field_view::shown_field(canvas, &palette.field, room));
    // As high as with all actions, so that it stands still while words are typed.
    let area = dialog_view::open_frame(canvas, &title, width, KEY_BINDINGS.len() + 2);
    let count = Line::from(Span::styled(format!(" {count} "), canvas.token_style(StyleToken::Title)));
    canvas.draw_right(area.x, area.y - 1, area.width, &count);
    if rows.is_empty() {
        let words = "No action has these words; Backspace takes one back.";
        canvas.draw_text(area.x, area.y, area.width, words, canvas.token_style(StyleToken::Base));
        return;
    }
    let height = usize::from(area.height);
    let first = (palette.choice + 1).saturating_sub(height);
    for ((at, row), y) in rows.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let line = palette_line(canvas, row, usize::from(area.width));
        canvas.draw_line(area.x, y, area.width, &line);
        if at == palette.choice {
            let place = ScreenArea::new(area.x, y, area.width, 1);
            canvas.overlay_style(place, canvas.token_style(StyleToken::Selection));
        }
    }
    dialog_view::mark_place(canvas, area, (first, rows.len()), Some(palette.choice));
}

fn palette_line(canvas: &Canvas<'_>, row: &PaletteRow, cells: usize) -> Line<'static> {
    let padded = |text: &str, cells: usize| {
        let blanks = cells.saturating_sub(safe_text::text_width(text));
        format!("{text}{}", " ".repeat(blanks))
    };
    let name = padded(row.binding.name, NAME_CELLS);
    let keys = padded(&row.keys, KEY_CELLS);
    let (words, token) = match row.obstacle {
        Some(obstacle) => (format!("not here: {}", obstacle_text(obstacle)), StyleToken::Muted),
        None => (row.binding.description.to_owned(), StyleToken::Base),
    };
    let room = cells.saturating_sub(NAME_CELLS + KEY_CELLS + 2);
    let words = safe_text::fit_middle(&words, room, canvas.glyphs().ellipsis).into_owned();
    let name_token = if row.obstacle.is_some() { StyleToken::Muted } else { StyleToken::Title };
    Line::from(vec![
        Span::styled(name, canvas.token_style(name_token)),
        Span::raw(" "),
        Span::styled(keys, canvas.token_style(StyleToken::Focus)),
        Span::raw(" "),
        Span::styled(words, canvas.token_style(token)),
    ])
}
