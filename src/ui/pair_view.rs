//! Draws a Dockerfile and the workload of its image side by side: what must agree, as pairs, each with a sign.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::safe_text;
use crate::app::{Action, AppState, PairColumn, PairPage, ScreenArea};
use crate::pairs::{PairSheet, PairSide, PairVerdict, SidePair};
use crate::theme::StyleToken;

/// The rows of each pair: its two sides, and what they come to.
const PAIR_ROWS: u16 = 2;
/// The cells of a line's number.
const NUMBER_CELLS: u16 = 5;
/// The cells between the sides, in which the sign stands.
const MIDDLE_CELLS: u16 = 9;

pub(super) fn draw_pairs(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let Some(page) = &state.pairs else { return };
    let x = super::draw_pane_title(canvas, area, &format!("Pairs of {}", page.subject.object), true);
    let base = canvas.token_style(StyleToken::Base);
    let Some(sheet) = &page.sheet else { return };
    if let Err(reason) = &sheet.dockerfile {
        let lines = safe_text::wrap_words(reason, usize::from(area.width.saturating_sub(2)));
        let words = format!("No Dockerfile is linked to container {}.", sheet.container);
        let key = state.config.keymap.keys_for(Action::ChooseLink).first();
        let hint = key.map(|key| format!("{key} says which one builds it."));
        for (line, y) in std::iter::once(words).chain(lines).chain(hint).zip(area.y + 1..area.bottom()) {
            draw_clean(canvas, (area.x + 1, y), area.width.saturating_sub(1), &line, base);
        }
        return;
    }
    let room = area.right().saturating_sub(x + 2);
    draw_clean(canvas, (x + 2, area.y), room, &summary(sheet), canvas.token_style(StyleToken::Muted));
    draw_evidence(canvas, page, area);
    draw_files(canvas, page, area);
    let below = ScreenArea { y: area.y + page.frame_rows(area.width), ..area };
    let end = area.bottom();
    for (at, pair) in sheet.pairs.iter().enumerate().skip(page.cursor.top) {
        let y = below.y + u16::try_from(at - page.cursor.top).unwrap_or(u16::MAX).saturating_mul(PAIR_ROWS);
        if y >= end {
            break;
        }
        let rows = ScreenArea { y, height: PAIR_ROWS.min(end - y), ..area };
        draw_pair(canvas, page, pair, rows);
        if at == page.cursor.row {
            super::mark_selected_row(canvas, ScreenArea { height: 1, ..rows }, true);
        }
    }
}

/// How many pairs agree.
fn summary(sheet: &PairSheet) -> String {
    let counts =
        [(PairVerdict::Agree, "agree"), (PairVerdict::Differ, "differ"), (PairVerdict::Unknown, "unknown")];
    let counts = counts.map(|(verdict, word)| format!("{} {word}", sheet.count(verdict)));
    counts.join(", ")
}

/// Why the two files belong together: the place that says so and its words.
fn draw_evidence(canvas: &mut Canvas<'_>, page: &PairPage, area: ScreenArea) {
    let cells = area.width.saturating_sub(2);
    let (words, rows) = page.evidence_rows(cells);
    let last = rows.len().saturating_sub(1);
    for ((at, row), y) in rows.iter().enumerate().zip(area.y + 1..area.bottom()) {
        // What has no room at all is cut with a mark.
        let end = if at == last { words.len() } else { row.bytes.end };
        let x = area.x + 1 + u16::try_from(row.indent).unwrap_or(0);
        let room = area.right().saturating_sub(x + 1);
        draw_clean(canvas, (x, y), room, &words[row.bytes.start..end], canvas.token_style(StyleToken::Muted));
    }
}

/// The areas of the two sides; the narrow screen has one.
fn columns_of(page: &PairPage, area: ScreenArea) -> Vec<(PairColumn, ScreenArea)> {
    if area.width < PairPage::BESIDE_COLUMNS {
        let x = area.x + 4;
        return vec![(page.column, ScreenArea { x, width: area.right().saturating_sub(x), ..area })];
    }
    let half = (area.width - MIDDLE_CELLS - 1) / 2;
    let left = ScreenArea { x: area.x + 1, width: half, ..area };
    let x = left.right() + MIDDLE_CELLS;
    let right = ScreenArea { x, width: area.right().saturating_sub(x), ..area };
    vec![(PairColumn::Image, left), (PairColumn::Pod, right)]
}

fn draw_files(canvas: &mut Canvas<'_>, page: &PairPage, area: ScreenArea) {
    for (column, place) in columns_of(page, area) {
        let Some(path) = page.file_of(column) else { continue };
        let token = if column == page.column { StyleToken::Focus } else { StyleToken::Title };
        let room = usize::from(place.width);
        let path = safe_text::clean_text(path.as_str(), canvas.glyphs().control_char).into_owned();
        let path = safe_text::fit_middle(&path, room, canvas.glyphs().ellipsis).into_owned();
        canvas.draw_text(
            place.x,
            area.y + page.frame_rows(area.width) - 1,
            place.width,
            &path,
            canvas.token_style(token),
        );
    }
}

fn draw_pair(canvas: &mut Canvas<'_>, page: &PairPage, pair: &SidePair, rows: ScreenArea) {
    let columns = columns_of(page, rows);
    for (column, place) in &columns {
        draw_side(canvas, column.side(pair), *place, *column == page.column);
    }
    let (sign, style) = verdict_sign(canvas, pair.verdict);
    let is_wide = columns.len() > 1;
    if let ([(_, left), _], true) = (columns.as_slice(), is_wide) {
        let dash = canvas.glyphs().horizontal;
        let line = Line::from(vec![
            Span::styled(format!(" {dash}"), canvas.token_style(StyleToken::Muted)),
            Span::styled(sign, style),
            Span::styled(dash.repeat(5), canvas.token_style(StyleToken::Muted)),
        ]);
        canvas.draw_line(left.right(), rows.y, MIDDLE_CELLS, &line);
    } else {
        canvas.draw_line(rows.x + 2, rows.y, 1, &Line::from(Span::styled(sign, style)));
    }
    let Some((_, last)) = columns.last().filter(|_| rows.height > 1) else { return };
    let note = match (is_wide, pair.note.is_empty()) {
        (true, _) => pair.note.clone(),
        (false, true) => page.column.other().side(pair).text.clone(),
        (false, false) => format!("{}: {}", page.column.other().side(pair).text, pair.note),
    };
    let x = last.x + NUMBER_CELLS + 1;
    let style = canvas.token_style(StyleToken::Base);
    draw_clean(canvas, (x, rows.y + 1), last.right().saturating_sub(x), &note, style);
}

/// Draws a line with its number; what is written nowhere stands in brackets of its own words.
fn draw_side(canvas: &mut Canvas<'_>, side: &PairSide, place: ScreenArea, has_cursor: bool) {
    let muted = canvas.token_style(StyleToken::Muted);
    if let Some(line) = side.line {
        let number = format!("{line:>width$}", width = usize::from(NUMBER_CELLS));
        canvas.draw_text(place.x, place.y, NUMBER_CELLS, &number, muted);
    }
    let mut style = if side.line.is_some() { canvas.token_style(StyleToken::Base) } else { muted };
    if has_cursor {
        style = style.add_modifier(Modifier::BOLD);
    }
    let x = place.x + NUMBER_CELLS + 1;
    draw_clean(canvas, (x, place.y), place.right().saturating_sub(x), &side.text, style);
}

fn verdict_sign(canvas: &Canvas<'_>, verdict: PairVerdict) -> (&'static str, Style) {
    let [agree, _, differ] = canvas.glyphs().risk_signs;
    match verdict {
        PairVerdict::Agree => (agree, canvas.token_style(StyleToken::Good)),
        PairVerdict::Differ => {
            (differ, canvas.token_style(StyleToken::Base).add_modifier(Modifier::REVERSED))
        }
        PairVerdict::Unknown => ("?", canvas.token_style(StyleToken::Base)),
    }
}

/// Draws text of a repository, cut at its end.
fn draw_clean(canvas: &mut Canvas<'_>, (x, y): (u16, u16), cells: u16, text: &str, style: Style) {
    let text = safe_text::clean_text(text.trim_end(), canvas.glyphs().control_char).into_owned();
    let text = safe_text::fitting_head(&text, usize::from(cells), canvas.glyphs().ellipsis).into_owned();
    canvas.draw_text(x, y, cells, &text, style);
}
