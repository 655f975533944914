//! Draws what a chart renders of a file, or an overlay builds: its lines, each with the place where it was written.

use ratatui::text::Line;

use super::canvas::Canvas;
use super::ghost_lines_view::ColouredSegment;
use super::highlight::Highlighter;
use super::{empty_states, safe_text};
use crate::app::{
    AppState, LineOrigin, LineOriginKind, RenderedPage, RenderedPart, RenderedRow, ScreenArea,
    name_unit_source,
};
use crate::repo::FileKind;
use crate::text::LineSegment;
use crate::theme::StyleToken;
use crate::unit::UnitKind;

/// The columns from which on each line's origin stands beside it.
const BESIDE_COLUMNS: u16 = 78;
/// The most columns of origins.
const ORIGIN_COLUMNS: u16 = 44;
/// The cells before the text of a line: the cursor's bar and a blank.
const GUTTER: u16 = 2;

pub(super) fn draw_rendered(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
) {
    let Some(page) = &state.rendered else { return };
    draw_title(canvas, state, page, area);
    if page.parts.is_empty() {
        let inside = ScreenArea { x: area.x + 1, y: area.y + 1, ..area };
        let inside = ScreenArea { width: area.width.saturating_sub(2), ..inside };
        empty_states::draw_paragraphs(canvas, inside, &nothing_rendered(state, page));
        return;
    }
    let rows = area.height.saturating_sub(RenderedPage::FRAME_ROWS);
    let beside = if area.width >= BESIDE_COLUMNS { ORIGIN_COLUMNS.min(area.width * 2 / 5) } else { 0 };
    for line in 0..rows {
        let row = page.cursor.top + usize::from(line);
        let Some(content) = page.row_at(row) else { break };
        let at = ScreenArea { y: area.y + 1 + line, height: 1, ..area };
        let cells = area.width.saturating_sub(beside + GUTTER);
        match content {
            RenderedRow::Template(path) => {
                let style = canvas.token_style(StyleToken::Title);
                canvas.draw_text(area.x + GUTTER, at.y, cells, path.as_str(), style);
            }
            RenderedRow::Line(part, number) => {
                // Where the selected line was written stands below as well: it has the room of that too.
                let is_selected = row == page.cursor.row;
                let needed = safe_text::text_width(&page.text_of_line(part, number));
                let beside = if is_selected && needed > usize::from(cells) { 0 } else { beside };
                let cells = area.width.saturating_sub(beside + GUTTER);
                draw_rendered_line(
                    canvas,
                    highlighter,
                    (page, part, number),
                    ScreenArea { width: cells, ..at },
                );
                let choice = if is_selected { page.choice } else { 0 };
                let mut origins = page.origins_at(&state.store, row);
                let at_choice = choice.min(origins.len().saturating_sub(1));
                if beside > 0 && !origins.is_empty() {
                    draw_origin(canvas, &origins.swap_remove(at_choice), area, at.y, beside);
                }
            }
        }
        if row == page.cursor.row {
            canvas.overlay_style(at, canvas.token_style(StyleToken::Line));
            canvas.draw_sign(at.x, at.y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
    }
    draw_selected_origin(canvas, state, page, area);
}

/// Why nothing is shown: the file was refused, or these values leave nothing of it.
fn nothing_rendered(state: &AppState, page: &RenderedPage) -> Vec<(String, StyleToken)> {
    let file = state.store.file(&page.subject);
    let made = if page.unit.kind == UnitKind::Kustomization { "built" } else { "rendered" };
    match file.and_then(|file| empty_states::unread_words(&file.status)) {
        Some(refused) => vec![
            (refused, StyleToken::Caution),
            (format!("So what would be {made} of it is not known, and not shown."), StyleToken::Muted),
        ],
        None => {
            let words = "With these values, nothing is rendered of this file.";
            vec![(words.to_owned(), StyleToken::Muted)]
        }
    }
}

fn draw_title(canvas: &mut Canvas<'_>, state: &AppState, page: &RenderedPage, area: ScreenArea) {
    let x = super::draw_pane_title(canvas, area, page.subject.as_str(), true);
    let sets = state.unit_choice.units_of_file(&state.store, &page.subject);
    let number = sets.filter(|(units, _)| units.len() > 1);
    let number = number.map(|(units, at)| format!(", {} of {}", at + 1, units.len())).unwrap_or_default();
    let made = if page.unit.kind == UnitKind::Kustomization { "as built in" } else { "as rendered with" };
    let room = area.right().saturating_sub(x + 2);
    // Which of how many it is stays, and so does the end of its folder.
    let cells = usize::from(room).saturating_sub(made.len() + 2 + safe_text::text_width(&number));
    let source = name_unit_source(&page.unit);
    // Of a folder the end tells most, of words the beginning.
    let fit = match page.unit.kind {
        UnitKind::Kustomization => safe_text::fitting_tail,
        UnitKind::Chart | UnitKind::File => safe_text::fitting_head,
    };
    let source = fit(&source, cells, canvas.glyphs().ellipsis);
    let note = format!("{made} {source}{number}");
    canvas.draw_text(x + 2, area.y, room, &note, canvas.token_style(StyleToken::Muted));
}

fn draw_rendered_line(
    canvas: &mut Canvas<'_>,
    highlighter: &mut Highlighter,
    (page, part, number): (&RenderedPage, &RenderedPart, usize),
    area: ScreenArea,
) {
    let parts = highlighter.highlight_lines(&part.render.text, FileKind::Manifest, number..number + 1);
    let text = page.text_of_line(part, number);
    let segment = LineSegment { bytes: 0..text.len(), column: 0, indent: 0 };
    let none = Vec::new();
    let coloured = ColouredSegment {
        text: &text,
        segment: &segment,
        parts: parts.first().unwrap_or(&none),
        selected: 0..0,
        is_struck: false,
    };
    let spans = coloured.spans(canvas);
    canvas.draw_line(area.x + GUTTER, area.y, area.width, &Line::from(spans));
}

/// Draws where a line was written, at the right.
fn draw_origin(canvas: &mut Canvas<'_>, origin: &LineOrigin, area: ScreenArea, y: u16, columns: u16) {
    let x = area.right().saturating_sub(columns);
    let words = origin_words(origin, false);
    let room = usize::from(columns.saturating_sub(4));
    let words = safe_text::fitting_tail(&words, room, canvas.glyphs().ellipsis).into_owned();
    let muted = canvas.token_style(StyleToken::Muted);
    let words = format!("{} {words}", canvas.glyphs().leftward);
    canvas.draw_text(x + 1, y, columns.saturating_sub(1), &words, muted);
}

/// Draws where the selected line was written, in the last row.
fn draw_selected_origin(canvas: &mut Canvas<'_>, state: &AppState, page: &RenderedPage, area: ScreenArea) {
    let y = area.bottom().saturating_sub(1);
    let cells = area.width.saturating_sub(GUTTER);
    let words = match page.selected_origin(&state.store) {
        Some((origin, number, count)) if count > 1 => {
            format!("{} ({number} of {count})", origin_words(&origin, true))
        }
        Some((origin, ..)) => origin_words(&origin, true),
        None => "written in no file that is shown here".to_owned(),
    };
    canvas.draw_text(area.x + GUTTER, y, cells, &words, canvas.token_style(StyleToken::Base));
}

/// A place in a few words.
fn origin_words(origin: &LineOrigin, is_long: bool) -> String {
    let path = if is_long { origin.path.as_str() } else { origin.path.file_name() };
    let place = format!("{path}:{}", origin.line);
    match (&origin.kind, is_long) {
        (LineOriginKind::Value(keys), true) => format!("Value {keys} in {place}"),
        (LineOriginKind::Value(keys), false) => format!("{place} {keys}"),
        (LineOriginKind::Text, true) => format!("Text of {place}"),
        (LineOriginKind::Text, false) => place,
        (LineOriginKind::Action, true) => format!("Computed in {place}"),
        (LineOriginKind::Action, false) => format!("{place} computed"),
        (LineOriginKind::Include, true) => format!("Included in {place}"),
        (LineOriginKind::Include, false) => format!("{place} included"),
    }
}
