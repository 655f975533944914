//! Draws a text field as a line of cells, for the views with input: its cursor is always in sight.
//!
//! After the last character the cursor is a `_`; within the text it is an upright line before the character that the next
//! one goes before. Either is a sign of its own, so that it is seen without colour.

use super::canvas::Canvas;
use super::safe_text;
use crate::app::TextField;

/// The part of all cells that is kept for the text after the cursor, so that it stays visible while inserting.
const CELLS_AHEAD: usize = 3;

/// The field's text with its cursor, in so many cells: of a longer text the part around the cursor.
pub(super) fn shown_field(canvas: &Canvas<'_>, field: &TextField, cells: usize) -> String {
    let (before, after) = field.split_at_cursor();
    let sign = canvas.glyphs().control_char;
    let (before, after) = (safe_text::clean_text(before, sign), safe_text::clean_text(after, sign));
    let room = cells.saturating_sub(1);
    if after.is_empty() {
        return format!("{}_", fitting_end(&before, room));
    }
    let ahead = safe_text::fitting_prefix(&after, room / CELLS_AHEAD);
    let before = fitting_end(&before, room - safe_text::text_width(ahead));
    let after = safe_text::fitting_prefix(&after, room - safe_text::text_width(before));
    format!("{before}{}{after}", canvas.glyphs().cursor)
}

/// The end of the typed text, the part that the user looks at.
pub(super) fn fitting_end(typed: &str, cells: usize) -> &str {
    let mut used = 0;
    let mut from = typed.len();
    for (at, c) in typed.char_indices().rev() {
        used += safe_text::char_width(c);
        if used > cells {
            break;
        }
        from = at;
    }
    // Combining marks go with their character when it is out of sight.
    let marks = &typed[from..];
    if from == 0 { marks } else { marks.trim_start_matches(|c| safe_text::char_width(c) == 0) }
}
