//! Draws the values in effect behind the actions of a template's line, in the room that the line itself leaves.

use std::ops::Range;

use super::canvas::Canvas;
use super::safe_text;
use crate::theme::StyleToken;

/// The fewest cells that are worth beginning in, where not all has room.
const MIN_CELLS: u16 = 8;
/// Cells between the line and what stands behind it.
const GAP_CELLS: u16 = 2;

/// Draws values in the free columns of a row, cut where they are longer; nothing where there is little room.
pub(super) fn draw_values(canvas: &mut Canvas<'_>, values: &[String], columns: Range<u16>, y: u16) {
    let x = columns.start.saturating_add(GAP_CELLS);
    let room = columns.end.saturating_sub(x);
    if values.is_empty() {
        return;
    }
    let separator = format!(" {} ", canvas.glyphs().separator);
    let text = format!("= {}", values.join(&separator));
    if room < MIN_CELLS && usize::from(room) < safe_text::text_width(&text) {
        return;
    }
    canvas.draw_text(x, y, room, &text, canvas.token_style(StyleToken::Muted));
}
