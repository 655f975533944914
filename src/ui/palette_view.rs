//! Draws the palette: every action with its key, and why it does nothing here where that is so.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::obstacle_text::obstacle_text;
use super::{dialog_view, safe_text, text_field_view};
use crate::app::{ActionPalette, AppState, PaletteRow, ScreenArea};
use crate::theme::StyleToken;

const PALETTE_WIDTH: u16 = 108;
/// The most cells of the names, and of the keys; where fewer do, the words have the rest.
const MAX_COLUMNS: [usize; 2] = [18, 16];

pub(super) fn draw_palette(canvas: &mut Canvas<'_>, state: &AppState, palette: &ActionPalette) {
    let rows = palette.find_rows(state);
    let width = PALETTE_WIDTH.min(canvas.buffer.area.width);
    let all = state.palette_rows();
    let count = format!("{} of {} actions", rows.len(), all.len());
    let room = usize::from(width).saturating_sub(count.len() + 10);
    let title = format!(": {}", text_field_view::shown_field(canvas, &palette.field, room));
    // As high as with all actions, so that it stands still while words are typed.
    let frame = dialog_view::open_frame(canvas, &title, width, all.len() + 3);
    let count = Line::from(Span::styled(format!(" {count} "), canvas.token_style(StyleToken::Title)));
    canvas.draw_right(frame.x, frame.y - 1, frame.width, &count);
    if rows.is_empty() {
        let words = "No action has these words; Backspace takes one back.";
        canvas.draw_text(frame.x, frame.y, frame.width, words, canvas.token_style(StyleToken::Base));
        return;
    }
    let area = ScreenArea { height: frame.height.saturating_sub(1).max(1), ..frame };
    let widest = |cells: &dyn Fn(&PaletteRow) -> usize, most: usize| {
        all.iter().map(cells).max().unwrap_or_default().min(most)
    };
    let columns = [
        widest(&|row| row.name.len(), MAX_COLUMNS[0]),
        widest(&|row| safe_text::text_width(&row.keys), MAX_COLUMNS[1]),
    ];
    let height = usize::from(area.height);
    let first = (palette.choice + 1).saturating_sub(height);
    for ((at, row), y) in rows.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let cells = area.width.saturating_sub(1);
        canvas.draw_line(area.x + 1, y, cells, &palette_line(canvas, row, columns, usize::from(cells)));
        if at == palette.choice {
            let place = ScreenArea::new(area.x, y, area.width, 1);
            canvas.overlay_style(place, canvas.token_style(StyleToken::Selection));
            canvas.draw_sign(area.x, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
    }
    let marked = ScreenArea { y: frame.bottom() - area.height, ..area };
    dialog_view::mark_place(canvas, marked, (first, rows.len()), Some(palette.choice));
    // What has no room in its row stands whole below.
    if let Some(row) = rows.get(palette.choice).filter(|_| frame.height > area.height) {
        let y = frame.bottom() - 1;
        let (words, token) = row_words(row);
        canvas.draw_text(area.x + 1, y, area.width.saturating_sub(1), &words, canvas.token_style(token));
    }
}

/// What the action does, or why it does nothing here.
fn row_words(row: &PaletteRow) -> (String, StyleToken) {
    match row.obstacle {
        Some(obstacle) => (format!("not here: {}", obstacle_text(obstacle)), StyleToken::Muted),
        None => (row.description.to_string(), StyleToken::Base),
    }
}

fn palette_line(canvas: &Canvas<'_>, row: &PaletteRow, columns: [usize; 2], cells: usize) -> Line<'static> {
    let padded = |text: &str, cells: usize| {
        let blanks = cells.saturating_sub(safe_text::text_width(text));
        format!("{text}{}", " ".repeat(blanks + 1))
    };
    let lead = [padded(row.name, columns[0]), padded(&row.keys, columns[1])];
    let (words, token) = row_words(row);
    let room = cells.saturating_sub(lead.iter().map(|part| safe_text::text_width(part)).sum());
    let words = safe_text::fitting_head(&words, room, canvas.glyphs().ellipsis).into_owned();
    let name_token = if row.obstacle.is_some() { StyleToken::Muted } else { StyleToken::Title };
    let [name, keys] = lead;
    Line::from(vec![
        Span::styled(name, canvas.token_style(name_token)),
        Span::styled(keys, canvas.token_style(StyleToken::Focus)),
        Span::styled(words, canvas.token_style(token)),
    ])
}
