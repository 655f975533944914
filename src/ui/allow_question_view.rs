//! Draws the question for the reason why a finding is allowed, with the line that will be written and its place.

use super::canvas::Canvas;
use super::dialog_view::open_low_frame;
use super::ghost_lines_view::{LineGutter, draw_gutter, text_column};
use super::{safe_text, text_field_view};
use crate::app::{AppState, REASON_CELLS, ReasonRows, ScreenArea, TextField};
use crate::finding::FindingKey;
use crate::fix::CommentPlace;
use crate::text::LineSegment;
use crate::text::diff::LineChange;
use crate::theme::StyleToken;

/// Draws the question below what it is about: the object and the place are named.
pub(super) fn draw_reason(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    key: &FindingKey,
    (typed, place): (&TextField, Option<&CommentPlace>),
) {
    let rows = state.compose_reason(key, typed, place);
    let words = match state.others_of_row() {
        0 => "The reason goes into a comment beside it:".to_owned(),
        others => format!("The reason goes into a comment beside it; {others} more of the row stay:"),
    };
    let height = u16::try_from(rows.height).unwrap_or(u16::MAX);
    let area = open_low_frame(canvas, &format!("Allow {} here", key.rule), REASON_CELLS, height);
    let mut y = draw_segments(canvas, area, (&rows.place.0, &rows.place.1), StyleToken::Base);
    let shown = text_field_view::shown_field(canvas, typed, usize::from(area.width).saturating_sub(2));
    let said = match (place, rows.is_whole) {
        (None, _) => format!("Where it goes is being looked for {}", canvas.glyphs().ellipsis),
        (Some(_), false) => "It has no room here: a shorter reason has.".to_owned(),
        (Some(place), true) if place.below.is_empty() => format!("Written as line {}:", place.line),
        (Some(place), true) => format!("Written above line {}:", place.line),
    };
    let slot = if place.is_some() && !rows.is_whole { StyleToken::Caution } else { StyleToken::Muted };
    let lines = [
        (words, StyleToken::Muted),
        (format!("> {shown}"), StyleToken::Base),
        (String::new(), StyleToken::Base),
        (said, slot),
    ];
    for (line, slot) in lines {
        if y < area.bottom() {
            canvas.draw_text(area.x, y, area.width, &line, canvas.token_style(slot));
        }
        y += 1;
    }
    if let Some(place) = place {
        draw_comment(canvas, ScreenArea { y, ..area }, &rows, place, area.bottom());
    }
}

/// Draws the line that will be written, whole, and the one that it stands above.
fn draw_comment(
    canvas: &mut Canvas<'_>,
    area: ScreenArea,
    rows: &ReasonRows,
    place: &CommentPlace,
    bottom: u16,
) {
    let Some((line, segments)) = &rows.comment else { return };
    let text_x = area.x + text_column(rows.digits);
    let room = area.right().saturating_sub(text_x);
    let gutter = |change, number, is_first| LineGutter {
        change,
        severity: None,
        number: Some(number),
        is_first,
        is_passed: false,
        digits: rows.digits,
    };
    let mut next = area.y;
    for (segment, y) in segments.iter().zip(area.y..bottom) {
        draw_gutter(canvas, &gutter(LineChange::Added, place.line, y == area.y), area, y);
        let text = ScreenArea { x: text_x, y, width: room, height: 1 };
        draw_segments(canvas, text, (line, std::slice::from_ref(segment)), StyleToken::Added);
        next = y + 1;
    }
    if next < bottom && !place.below.is_empty() {
        draw_gutter(canvas, &gutter(LineChange::Unchanged, place.line + 1, true), area, next);
        let below = safe_text::clean_text(&place.below, canvas.glyphs().control_char).into_owned();
        let below = safe_text::fitting_head(&below, usize::from(room), canvas.glyphs().ellipsis).into_owned();
        canvas.draw_text(text_x, next, room, &below, canvas.token_style(StyleToken::Base));
    }
}

/// Draws the rows of a text, and gives the row after them.
fn draw_segments(
    canvas: &mut Canvas<'_>,
    area: ScreenArea,
    (text, segments): (&str, &[LineSegment]),
    slot: StyleToken,
) -> u16 {
    let mut y = area.y;
    for segment in segments.iter().take(usize::from(area.height)) {
        let part = &text[segment.bytes.clone()];
        let part = safe_text::clean_text(part, canvas.glyphs().control_char).into_owned();
        let indent = u16::try_from(segment.indent).unwrap_or(0);
        canvas.draw_text(
            area.x + indent,
            y,
            area.width.saturating_sub(indent),
            &part,
            canvas.token_style(slot),
        );
        y += 1;
    }
    y
}
