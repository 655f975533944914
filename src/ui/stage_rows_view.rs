//! Draws the rows of a stage: a tick, what it is, its risk, and how much it changes.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{safe_text, scroll_marks, text_field_view};
use crate::app::{AppState, FixStage, ScreenArea, StageRow, TickState};
use crate::theme::StyleToken;

/// The least cells for the place of a change.
const MIN_PLACE_CELLS: usize = 16;
/// The most cells for the line that tells a change from others of its title.
const APART_CELLS: usize = 24;

pub(super) fn draw_rows(canvas: &mut Canvas<'_>, state: &AppState, stage: &FixStage, area: ScreenArea) {
    if stage.search_lines() > 0 {
        draw_search(canvas, stage, area);
    }
    let searched = u16::try_from(stage.search_lines()).unwrap_or(0);
    let area = ScreenArea { y: area.y + searched, height: area.height.saturating_sub(searched), ..area };
    let top = stage.cursor.top.max((stage.cursor.row + 1).saturating_sub(usize::from(area.height)));
    for ((at, row), y) in stage.rows.iter().enumerate().skip(top).zip(area.y..area.bottom()) {
        draw_row(canvas, stage, *row, (at == stage.cursor.row, ScreenArea { y, height: 1, ..area }));
    }
    let (found, all) = stage.count_found();
    if found == 0 && all > 0 && stage.rows.len() < usize::from(area.height) {
        let words = "Nothing here holds all of these words; Esc clears them.";
        let y = area.y + u16::try_from(stage.rows.len()).unwrap_or(0);
        let style = canvas.token_style(StyleToken::Caution);
        canvas.draw_text(area.x + 1, y, area.width.saturating_sub(1), words, style);
    }
    if stage.rows.len() <= 1 && stage.changes.changes.is_empty() && area.height > 1 {
        let words = match stage.is_planned {
            false => "The fixes are being made and proven.",
            true => "Nothing here can be written.",
        };
        let style = canvas.token_style(StyleToken::Muted);
        canvas.draw_text(area.x + 1, area.y + 1, area.width.saturating_sub(1), words, style);
    }
    scroll_marks::draw_thumb(canvas, area, (top, stage.rows.len()));
    let place = format!(" {}/{} ", (stage.cursor.row + 1).min(stage.rows.len()), stage.rows.len());
    let (width, y) = (u16::try_from(place.len()).unwrap_or(0), state.size.1.saturating_sub(1));
    if let Some(x) = state.size.0.checked_sub(width + 2) {
        canvas.draw_text(x, y, width, &place, canvas.token_style(StyleToken::Base));
    }
}

fn draw_search(canvas: &mut Canvas<'_>, stage: &FixStage, area: ScreenArea) {
    let (found, all) = stage.count_found();
    let count = Line::from(Span::styled(format!("{found} of {all} "), canvas.token_style(StyleToken::Title)));
    let end = canvas.draw_right(area.x, area.y, area.width, &count);
    let cells = usize::from(end.saturating_sub(area.x + 3));
    let words = match &stage.search {
        Some(field) => text_field_view::shown_field(canvas, field, cells),
        None => safe_text::clean_text(&stage.words, canvas.glyphs().control_char).into_owned(),
    };
    canvas.draw_text(
        area.x + 1,
        area.y,
        end.saturating_sub(area.x + 1),
        &format!("/{words}"),
        canvas.token_style(StyleToken::Focus),
    );
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    stage: &FixStage,
    row: StageRow,
    (is_selected, area): (bool, ScreenArea),
) {
    let mut parts = row_parts(canvas, stage, row);
    if let StageRow::Change(at) = row {
        let unseen = if parts.is_unseen { "not seen ".len() } else { 0 };
        let label = parts.depth + 6 + safe_text::text_width(&parts.label);
        let room = usize::from(area.width).saturating_sub(label + unseen + 4).max(MIN_PLACE_CELLS);
        parts.right = only_place(canvas, stage, at, room).unwrap_or(parts.right);
    }
    let right = Line::from(Span::styled(format!("{} ", parts.right), canvas.token_style(StyleToken::Muted)));
    let right = if parts.is_unseen { with_unseen(canvas, right) } else { right };
    let end = canvas.draw_right(area.x, area.y, area.width, &right);
    let bar = if is_selected { canvas.glyphs().bar } else { " " };
    let sign = if parts.sign.is_empty() { String::new() } else { format!("{} ", parts.sign) };
    let tick = match stage.tick_of(row) {
        Some(TickState::All) => "[x] ",
        Some(TickState::Some) => "[~] ",
        Some(TickState::None) => "[ ] ",
        None => "",
    };
    let lead = format!("{}{tick}{sign}", " ".repeat(parts.depth));
    let room = usize::from(end.saturating_sub(area.x + 2)).saturating_sub(safe_text::text_width(&lead));
    let label = safe_text::clean_text(&parts.label, canvas.glyphs().control_char).into_owned();
    let label = safe_text::fit_middle(&label, room, canvas.glyphs().ellipsis).into_owned();
    let token = if is_selected { StyleToken::Title } else { StyleToken::Base };
    let line = Line::from(vec![
        Span::styled(bar, canvas.token_style(StyleToken::Focus)),
        Span::styled(lead, canvas.token_style(StyleToken::Base)),
        Span::styled(label, canvas.token_style(token)),
    ]);
    canvas.draw_line(area.x, area.y, end.saturating_sub(area.x), &line);
    if is_selected {
        canvas.overlay_style(area, canvas.token_style(StyleToken::Selection));
    }
}

/// Where a change stands that is made in one place; as much of it as there is room for.
fn only_place(canvas: &Canvas<'_>, stage: &FixStage, change: usize, room: usize) -> Option<String> {
    let [place] = stage.changes.changes[change].places.as_slice() else { return None };
    let (path, line) = stage.position_of(*place);
    let place = format!("{path}:{line}");
    let place = safe_text::clean_text(&place, canvas.glyphs().control_char);
    Some(safe_text::fitting_tail(&place, room, canvas.glyphs().ellipsis).into_owned())
}

fn with_unseen(canvas: &Canvas<'_>, mut line: Line<'static>) -> Line<'static> {
    line.spans.push(Span::styled("not seen ", canvas.token_style(StyleToken::New)));
    line
}

/// The words of a row.
struct RowParts {
    depth: usize,
    sign: &'static str,
    label: String,
    right: String,
    is_unseen: bool,
}

fn row_parts(canvas: &Canvas<'_>, stage: &FixStage, row: StageRow) -> RowParts {
    let [safe, may, _] = canvas.glyphs().risk_signs;
    let sign = |is_safe: bool| if is_safe { safe } else { may };
    let fold =
        |row| if stage.is_unfolded(row) { canvas.glyphs().expanded } else { canvas.glyphs().collapsed };
    let parts = |depth, sign, label, right| RowParts { depth, sign, label, right, is_unseen: false };
    match row {
        StageRow::Change(at) => {
            let change = &stage.changes.changes[at];
            let places = safe_text::count_of(change.places.len(), "place");
            let places = match &change.apart {
                Some(line) => {
                    let glyphs = canvas.glyphs();
                    let line = safe_text::clean_text(line, glyphs.control_char);
                    let line = safe_text::fit_middle(&line, APART_CELLS, glyphs.ellipsis);
                    format!("{line} {} {places}", glyphs.separator)
                }
                None => places,
            };
            let is_unseen = stage.is_unseen(at);
            RowParts { is_unseen, ..parts(0, sign(change.is_safe), change.title.clone(), places) }
        }
        StageRow::Place { change, place } => {
            let own = stage.changes.changes[change].places[place];
            let (path, line) = stage.position_of(own);
            parts(2, "", format!("{path}:{line}"), String::new())
        }
        StageRow::File(at) => {
            let file = &stage.files.files[at];
            let safe_count = file.fixes.iter().filter(|fix| fix.is_safe).count();
            let count =
                |sign: &str, count: usize| if count > 0 { format!("{sign}{count} ") } else { String::new() };
            let risks = format!("{}{}", count(safe, safe_count), count(may, file.fixes.len() - safe_count));
            let right = format!("{risks} +{} -{}", file.added, file.removed);
            let is_unseen = stage.is_row_unseen(row);
            RowParts { is_unseen, ..parts(0, "", file.path.to_string(), right) }
        }
        StageRow::Fix { file, fix } => {
            let fix = &stage.files.files[file].fixes[fix];
            let count = if fix.keys.len() > 1 { format!("{} times", fix.keys.len()) } else { String::new() };
            parts(2, sign(fix.is_safe), fix.title.clone(), count)
        }
        StageRow::LeftOut => {
            let count: usize = stage.left_out.iter().map(|left| left.keys.len()).sum();
            parts(0, fold(row), format!("Left out {count}: why"), String::new())
        }
        StageRow::Breaking => {
            let count: usize = stage.breaking_reasons.iter().map(|left| left.keys.len()).sum();
            parts(0, fold(row), format!("Will break {count}: never in a stage"), String::new())
        }
        StageRow::LeftReason(at) => reason_parts(&stage.left_out[at]),
        StageRow::BreakingReason(at) => reason_parts(&stage.breaking_reasons[at]),
    }
}

fn reason_parts(left: &crate::app::LeftOutReason) -> RowParts {
    let (label, right) = (left.reason.clone(), left.keys.len().to_string());
    RowParts { depth: 2, sign: "", label, right, is_unseen: false }
}
