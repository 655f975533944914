//! Draws what the selected row of a stage would change, what is known of its risk, and where it would stand.

use ratatui::text::Line;

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::patch_pages_view::{draw_row, kind_of};
use super::risk_lines::{scroll_key, signed_lines};
use super::{fix_view, safe_text, scroll_marks};
use crate::app::{
    AppState, FixStage, LeftOutReason, PatchPages, ScreenArea, StageAreas, StageRemark, StageRow, StagedPlace,
};
use crate::theme::StyleToken;

/// The most places and findings that are named in words.
const MAX_NAMES: usize = 200;
/// The most places that are named behind a sentence.
const MAX_ABOUT: usize = 3;

/// Draws the selected row's change with the words about it. Gives how far these can be scrolled, and how many rows of
/// theirs the change has.
pub(super) fn draw_detail(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    stage: &FixStage,
    areas: &StageAreas,
) -> (usize, u16) {
    let detail = stage.selected_detail(&state.store);
    let pages = PatchPages::new(&detail.lines, usize::from(areas.rows.width));
    let top = stage.detail_scroll.min(pages.rows.len().saturating_sub(1));
    draw_title(canvas, stage, areas, detail.hunks.len(), detail.path.as_ref().map(ToString::to_string));
    let all = ScreenArea { height: areas.rows.height + areas.notes.height, ..areas.rows };
    let Some(path) = &detail.path else {
        return (draw_reason(canvas, state, stage, all), 0);
    };
    let kind = kind_of(state, path);
    let mut lines = note_lines(canvas, state, stage, usize::from(areas.notes.width.saturating_sub(1)));
    let more = rows_of_notes(areas, lines.len(), pages.rows.len() - top);
    let rows = ScreenArea { height: areas.rows.height + more, ..areas.rows };
    let height = usize::from(rows.height);
    for (row, y) in pages.rows.iter().skip(top).zip(rows.y..rows.bottom()) {
        let place = ScreenArea { y, height: 1, ..rows };
        draw_row(canvas, highlighter, row, (pages.digits, kind), place);
    }
    scroll_marks::draw_thumb(canvas, rows, (top, pages.rows.len()));
    let end = (top + height).min(pages.rows.len());
    let hidden = pages.rows.len() - end;
    if hidden > 0 {
        let cells = usize::from(areas.notes.width.saturating_sub(1));
        let words = format!("{} below: Ctrl-d", safe_text::count_of(hidden, "more row"));
        let sign = Some(canvas.glyphs().gap);
        lines.splice(0..0, signed_lines(canvas, sign, &words, cells, StyleToken::Base));
    }
    // What the change leaves free above the words about it, but for a row between the two.
    let free = (height - (end - top)).saturating_sub(1);
    let notes = ScreenArea { y: rows.bottom(), height: all.height - rows.height, ..areas.notes };
    (draw_notes(canvas, state, stage, (notes, free), lines), more)
}

/// The rows that the words about a change leave to it, where it has more than its own.
fn rows_of_notes(areas: &StageAreas, lines: usize, rows: usize) -> u16 {
    let lacking = rows.saturating_sub(usize::from(areas.rows.height));
    let free = |lines: usize| usize::from(areas.notes.height).saturating_sub(lines);
    // What is hidden all the same is said in a line of its own.
    let more = if lacking <= free(lines) { lacking } else { free(lines + 1) };
    u16::try_from(more).unwrap_or(0)
}

fn draw_title(
    canvas: &mut Canvas<'_>,
    stage: &FixStage,
    areas: &StageAreas,
    hunks: usize,
    path: Option<String>,
) {
    let area = areas.title;
    if !areas.is_beside {
        canvas.draw_horizontal(area.x, area.y, area.width, canvas.token_style(StyleToken::Border));
    }
    let words = match stage.selected_row() {
        Some(StageRow::Change(at)) => {
            format!("place {} of {}", stage.place + 1, stage.changes.changes[at].places.len())
        }
        Some(StageRow::File(_) | StageRow::Fix { .. }) => safe_text::count_of(hunks, "hunk"),
        _ => String::new(),
    };
    let Some(path) = path else { return };
    let words = Line::from(format!(" {words} "));
    let end = canvas.draw_right(area.x, area.y, area.width, &words);
    let room = usize::from(end.saturating_sub(area.x + 2));
    let path = safe_text::clean_text(&path, canvas.glyphs().control_char).into_owned();
    let path =
        format!(" {} ", safe_text::fit_middle(&path, room.saturating_sub(2), canvas.glyphs().ellipsis));
    let cells = end.saturating_sub(area.x + 1);
    canvas.draw_text(area.x, area.y, cells, &path, canvas.token_style(StyleToken::Title));
}

/// What a program may notice, what is known for the change, and its other places, in lines of so many cells.
fn note_lines(canvas: &Canvas<'_>, state: &AppState, stage: &FixStage, cells: usize) -> Vec<Line<'static>> {
    let [safe, may, _] = canvas.glyphs().risk_signs;
    let mut notes: Vec<(&str, String)> = Vec::new();
    for remark in stage.selected_remarks() {
        let sign = if remark.is_caution { may } else { safe };
        let note =
            (sign, format!("{}{}", crate::text::to_sentence(remark.words), about_words(stage, &remark)));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let patches = stage
        .selected_places()
        .into_iter()
        .filter_map(|place| stage.groups()[place.group].side(place.is_taken).patches.get(place.patch));
    for patch in patches.take(1) {
        let words = fix_view::line_end_words(&patch.patch);
        notes.extend(words.map(|words| (canvas.glyphs().separator, words.to_owned())));
    }
    let path = stage.selected_places().first().map(|place| stage.position_of(*place).0);
    let built = fix_view::built_words(state, path.into_iter());
    notes.extend(built.map(|words| (canvas.glyphs().separator, words)));
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (sign, words) in &notes {
        lines.extend(signed_lines(canvas, Some(sign), words, cells, StyleToken::Base));
    }
    if let Some(words) = name_places(stage) {
        lines.extend(signed_lines(canvas, None, &words, cells, StyleToken::Muted));
    }
    lines
}

/// Which places a sentence is about, where these are not all, and it does not name them itself.
fn about_words(stage: &FixStage, remark: &StageRemark<'_>) -> String {
    let unnamed = |place: &&StagedPlace| !remark.words.contains(stage.position_of(**place).0.as_str());
    let places: Vec<String> =
        remark.places.iter().filter(unnamed).map(|place| place_name(stage, *place)).collect();
    match places.len() {
        0 => String::new(),
        count if count <= MAX_ABOUT => format!(" ({})", places.join(", ")),
        count => format!(" ({}, and {} more)", places[..MAX_ABOUT].join(", "), count - MAX_ABOUT),
    }
}

/// Draws these lines of the words about a change; gives how far they can be scrolled.
fn draw_notes(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    stage: &FixStage,
    (area, free): (ScreenArea, usize),
    lines: Vec<Line<'static>>,
) -> usize {
    let above = lines.len().saturating_sub(usize::from(area.height)).min(free);
    let above = u16::try_from(above).unwrap_or(0);
    let area = ScreenArea { y: area.y - above, height: area.height + above, ..area };
    draw_words(canvas, (area, &scroll_key(state)), lines, stage.notes_scroll)
}

fn place_name(stage: &FixStage, place: StagedPlace) -> String {
    let (path, line) = stage.position_of(place);
    format!("{path}:{line}")
}

/// The places of the selected change, by name as far as anybody reads them.
fn name_places(stage: &FixStage) -> Option<String> {
    let Some(StageRow::Change(at)) = stage.selected_row() else { return None };
    let places = &stage.changes.changes[at].places;
    let named: Vec<String> = places.iter().take(MAX_NAMES).map(|place| place_name(stage, *place)).collect();
    let more = places.len() - named.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(format!("{}{more}", named.join(", ")))
}

/// Draws a reason why findings are left out, and these; gives how far they can be scrolled.
fn draw_reason(canvas: &mut Canvas<'_>, state: &AppState, stage: &FixStage, area: ScreenArea) -> usize {
    let left: &LeftOutReason = match stage.selected_row() {
        Some(StageRow::LeftReason(at)) => &stage.left_out[at],
        Some(StageRow::BreakingReason(at)) => &stage.breaking_reasons[at],
        Some(StageRow::LeftOut) => return draw_all_reasons(canvas, (state, stage), &stage.left_out, area),
        Some(StageRow::Breaking) => {
            return draw_all_reasons(canvas, (state, stage), &stage.breaking_reasons, area);
        }
        _ => return 0,
    };
    let cells = usize::from(area.width.saturating_sub(1));
    let mut lines = signed_lines(canvas, None, &left.reason, cells, StyleToken::Title);
    for key in left.keys.iter().take(MAX_NAMES) {
        let line = state.index.find_entry(key).map_or(0, |entry| entry.line);
        let words = format!("{}:{line} {}", key.path, key.rule);
        lines.extend(signed_lines(canvas, None, &words, cells, StyleToken::Base));
    }
    draw_words(canvas, (area, &scroll_key(state)), lines, stage.notes_scroll)
}

fn draw_all_reasons(
    canvas: &mut Canvas<'_>,
    (state, stage): (&AppState, &FixStage),
    reasons: &[LeftOutReason],
    area: ScreenArea,
) -> usize {
    let cells = usize::from(area.width.saturating_sub(1));
    let mut lines = Vec::new();
    for left in reasons {
        let words = format!("{}: {}", left.keys.len(), left.reason);
        lines.extend(signed_lines(canvas, None, &words, cells, StyleToken::Base));
    }
    draw_words(canvas, (area, &scroll_key(state)), lines, stage.notes_scroll)
}

/// Draws lines of words from one of them on; where more follow than fit, the last says how many, and the key to them.
/// Gives the last line that can be the first.
fn draw_words(
    canvas: &mut Canvas<'_>,
    (area, key): (ScreenArea, &str),
    lines: Vec<Line<'static>>,
    scroll: usize,
) -> usize {
    let height = usize::from(area.height);
    let last = if height == 0 { 0 } else { lines.len().saturating_sub(height) };
    let mut shown: Vec<Line<'static>> = lines.into_iter().skip(scroll.min(last)).collect();
    if shown.len() > height && height > 1 {
        let more = shown.len() + 1 - height;
        shown.truncate(height - 1);
        let words = format!("{} {}: {key}", canvas.glyphs().ellipsis, safe_text::count_of(more, "more line"));
        shown.push(Line::styled(words, canvas.token_style(StyleToken::Muted)));
    }
    canvas.draw_lines(ScreenArea { x: area.x + 1, width: area.width.saturating_sub(1), ..area }, &shown);
    last
}
