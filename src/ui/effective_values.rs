//! Draws the values in effect behind the actions of a template's line, in the room that the line itself leaves.

use std::ops::Range;

use super::canvas::Canvas;
use super::safe_text;
use crate::app::{BranchResult, PassedLine, ValuesInEffect};
use crate::repo::RelPath;
use crate::theme::StyleToken;

/// The fewest cells that are worth beginning in, where not all has room.
const MIN_CELLS: u16 = 8;
/// Cells between the line and what stands behind it.
const GAP_CELLS: u16 = 2;

/// What stands behind a line that no value of the chart leads to.
const NOT_RENDERED: &str = "not rendered";

/// Draws what the renders of a chart say of a line in its free columns, cut where that is longer: the values in effect,
/// what came of its conditions, or that it stands in a branch that is not taken. Nothing where there is little room.
pub(super) fn draw_line_notes(
    canvas: &mut Canvas<'_>,
    (values, path, line): (&ValuesInEffect, &RelPath, usize),
    columns: Range<u16>,
    y: u16,
) {
    let passed = values.passed_over(path, line);
    let [open, close] = canvas.glyphs().brackets;
    let results = values.branches_in_line(path, line).iter().map(|result| result_word(*result));
    let results: Vec<String> = results.map(|word| format!("{open}{word}{close}")).collect();
    let separator = format!(" {} ", canvas.glyphs().separator);
    let printed = values.of_line(path, line).join(&separator);
    let notes = match (passed, results.is_empty(), printed.is_empty()) {
        (Some(PassedLine { is_first: true }), ..) => NOT_RENDERED.to_owned(),
        (Some(_), ..) | (None, true, true) => return,
        (None, true, false) => format!("= {printed}"),
        (None, false, true) => results.join(" "),
        (None, false, false) => format!("{} = {printed}", results.join(" ")),
    };
    let x = columns.start.saturating_add(GAP_CELLS);
    let room = columns.end.saturating_sub(x);
    if room >= MIN_CELLS || usize::from(room) >= safe_text::text_width(&notes) {
        canvas.draw_text(x, y, room, &notes, canvas.token_style(StyleToken::Muted));
    }
}

const fn result_word(result: BranchResult) -> &'static str {
    match result {
        BranchResult::Taken => "true",
        BranchResult::Passed => "false",
        BranchResult::Both => "true and false",
        BranchResult::Empty => "empty",
    }
}
