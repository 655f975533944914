//! Draws the values of a fix as fields where they stand in its diff, with what may be put in their place below.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::ghost_lines_view::{draw_file_rows, text_column};
use super::highlight::Highlighter;
use super::{borders, markdown, safe_text, walk};
use crate::app::{
    AppState, FilePane, FullscreenView, GhostAnchor, GhostRoom, GhostRow, GhostView, LayoutShape, Pane,
    ScreenArea, TypedFile, ValueEditor, ValueField, ValueMark, ValueStage, compose_view, gutter_cells,
    number_digits,
};
use crate::fix::{PlanValueKind, ValueOwner};
use crate::text::cell_width;
use crate::theme::StyleToken;
use crate::walkthrough::Chapter;
use crate::walkthrough::typed_values::ValueRemark;

/// The least rows that the file keeps beside the notes.
const MIN_FILE_ROWS: usize = 3;

/// Draws the fields in the source's place: beside the lists, else over the whole body.
pub(super) fn draw_editor(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    editor: &ValueEditor,
) {
    let area = editor_area(state);
    let path = state.current_path().filter(|_| state.walk.is_none());
    let Some(typed) = editor.typed_file(path).filter(|_| area.height > 1) else { return };
    canvas.clear_area(area);
    draw_title(canvas, editor, &typed, area);
    let digits = number_digits(&typed.file);
    let cells = usize::from(area.width).saturating_sub(gutter_cells(digits));
    let mut notes = note_lines(canvas, editor, cells);
    let rows = area.content_lines();
    notes.truncate(rows.saturating_sub(MIN_FILE_ROWS));
    let view = view_of_file(&typed, editor.focused, cells, rows - notes.len());
    let end = view.rows.iter().rposition(|row| is_row_of(&typed, row, editor.focused));
    let upper = end.map_or(view.rows.len(), |at| at + 1);
    let (above, below) = view.rows.split_at(upper);
    let parts = [(above, area.y), (below, area.y + row_count(upper + notes.len()))];
    for (rows, y) in parts {
        let area = ScreenArea { y, height: (area.bottom().saturating_sub(y)).max(1), ..area };
        let view = GhostView { rows: rows.to_vec(), ..view.clone() };
        let pane = FilePane { file: typed.file.clone(), view, area, digits, cursor: None };
        draw_file_rows(canvas, state, highlighter, &pane);
        draw_marks(canvas, editor, &typed, &pane);
    }
    let x = area.x + text_column(digits);
    let y = area.y + 1 + row_count(upper);
    let room = ScreenArea { x, y, width: area.right().saturating_sub(x), height: row_count(notes.len()) };
    canvas.draw_lines(room, &notes);
    borders::close_outer_frame(canvas);
}

fn row_count(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}

fn editor_area(state: &AppState) -> ScreenArea {
    let layout = state.layout();
    if state.walk.is_some() {
        return walk::change_area(state.size, state.fullscreen == Some(FullscreenView::Diff));
    }
    match layout.shape {
        LayoutShape::Panes => layout.pane_area(Pane::Source),
        _ => layout.body,
    }
}

fn draw_title(canvas: &mut Canvas<'_>, editor: &ValueEditor, typed: &TypedFile, area: ScreenArea) {
    let name = editor.current_field().map(|field| field.value.kind.name()).unwrap_or_default();
    let count = format!("{name}, {} of {}", editor.focused + 1, editor.fields.len());
    let count = Line::from(Span::styled(count, canvas.token_style(StyleToken::Muted)));
    let end = canvas.draw_right(area.x, area.y, area.width.saturating_sub(1), &count);
    let room = usize::from(end.saturating_sub(area.x + 3));
    let path = safe_text::fitting_tail(typed.file.path.as_str(), room, canvas.glyphs().ellipsis);
    super::draw_pane_title(canvas, ScreenArea { width: end - area.x, ..area }, &path, true);
}

/// The rows of the file: with every change where there is room, and always with the field that has the keys.
fn view_of_file(typed: &TypedFile, focused: usize, cells: usize, rows: usize) -> GhostView {
    let line = typed.marks.iter().find(|mark| mark.field == focused && mark.is_own).map(|mark| mark.line);
    let count = typed.file.line_count();
    let place = line.and_then(|line| (0..count).find(|at| typed.file.line_at(*at).after == Some(line)));
    let place = place.unwrap_or_default();
    let room = GhostRoom { cells, rows, reserved: &|_| 0 };
    let top = place.saturating_sub(rows / 2);
    let mut view = compose_view(&typed.file, GhostAnchor::Changes { line: place, top }, &room);
    let shows_field = |view: &GhostView| {
        let last = view.rows.iter().rfind(|row| is_row_of(typed, row, focused));
        last.is_some_and(|row| ends_line(typed, row))
    };
    if !shows_field(&view) {
        // Lines above it may wrap: as many of them as leave it in sight.
        let from = (top..=place).find_map(|top| {
            let view = compose_view(&typed.file, GhostAnchor::Lines(top), &room);
            shows_field(&view).then_some(view)
        });
        view = from.unwrap_or_else(|| compose_view(&typed.file, GhostAnchor::Lines(place), &room));
    }
    if let Some(GhostRow::Rest(count)) = view.rows.last() {
        let gap = GhostRow::Gap(*count);
        view.rows.pop();
        view.rows.push(gap);
    }
    view
}

/// True for a row of the line that the field's own place is in.
fn is_row_of(typed: &TypedFile, row: &GhostRow, field: usize) -> bool {
    let GhostRow::Line { line, .. } = row else { return false };
    let mut own = typed.marks.iter().filter(|mark| mark.field == field && mark.is_own);
    own.any(|mark| line.after == Some(mark.line))
}

fn ends_line(typed: &TypedFile, row: &GhostRow) -> bool {
    match row {
        GhostRow::Line { line, segment, .. } => segment.bytes.end == typed.file.text_of(*line).len(),
        GhostRow::Gap(_) | GhostRow::Rest(_) => false,
    }
}

/// Marks the fields in the rows that are drawn: their brackets, and the cursor of the one that has the keys.
fn draw_marks(canvas: &mut Canvas<'_>, editor: &ValueEditor, typed: &TypedFile, pane: &FilePane) {
    let area = pane.area;
    for (row, y) in pane.view.rows.iter().zip(area.y + 1..area.bottom()) {
        let GhostRow::Line { line, segment, .. } = row else { continue };
        for mark in typed.marks.iter().filter(|mark| line.after == Some(mark.line)) {
            let text = typed.file.text_of(*line);
            let column = |at: usize| {
                let before = text.get(segment.bytes.start..at).unwrap_or_default();
                let end = before.chars().fold(segment.column, |at, c| at + cell_width(c, at));
                area.x + text_column(pane.digits) + row_count(segment.indent + end - segment.column)
            };
            let (start, end) =
                (mark.bytes.start.max(segment.bytes.start), mark.bytes.end.min(segment.bytes.end));
            if start < end {
                let cells = ScreenArea {
                    x: column(start),
                    y,
                    width: column(end).min(area.right()).saturating_sub(column(start)),
                    height: 1,
                };
                draw_mark(canvas, editor, mark, cells);
                let within = |at: usize| (start..end).contains(&at).then(|| column(at));
                draw_signs(canvas, mark, y, &within);
            }
        }
    }
}

fn draw_mark(canvas: &mut Canvas<'_>, editor: &ValueEditor, mark: &ValueMark, cells: ScreenArea) {
    let is_focused = mark.field == editor.focused;
    // What the next letter takes the place of is shown as text is that is selected.
    let is_selected = editor.fields.get(mark.field).is_some_and(ValueField::is_selected);
    let style = match (is_focused, mark.is_own) {
        (true, true) if is_selected => {
            canvas.token_style(StyleToken::Focus).add_modifier(Modifier::BOLD | Modifier::REVERSED)
        }
        (true, true) => canvas.token_style(StyleToken::Focus).add_modifier(Modifier::BOLD),
        (true, false) => canvas.token_style(StyleToken::Focus),
        (false, _) => canvas.token_style(StyleToken::Title),
    };
    canvas.overlay_style(cells, style);
}

/// Draws the theme's own signs over those of the text.
fn draw_signs(canvas: &mut Canvas<'_>, mark: &ValueMark, y: u16, column: &dyn Fn(usize) -> Option<u16>) {
    let [open, close] = canvas.glyphs().field;
    let mut signs = vec![(mark.bytes.start, open), (mark.bytes.end - 1, close)];
    // Within the text the cursor stands before the character that the next one goes before.
    signs.extend(mark.cursor.filter(|(_, follows)| *follows).map(|(at, _)| (at, canvas.glyphs().cursor)));
    for (at, sign) in signs {
        if let Some(x) = column(at) {
            let style = canvas.buffer.cell((x, y)).map(ratatui::buffer::Cell::style).unwrap_or_default();
            canvas.draw_sign(x, y, sign, style);
        }
    }
}

/// What may be put in the field's place, the remark on what is typed, and what the value is for.
fn note_lines(canvas: &Canvas<'_>, editor: &ValueEditor, cells: usize) -> Vec<Line<'static>> {
    let Some(field) = editor.current_field() else { return Vec::new() };
    let mut said: Vec<(String, StyleToken)> = Vec::new();
    match (&editor.error, &field.remark) {
        (Some(error), _) => said.push((format!("! {}", end_sentence(error)), StyleToken::Bad)),
        (None, Some(ValueRemark::Refused(words))) => {
            said.push((format!("! {}", end_sentence(words)), StyleToken::Bad));
        }
        (None, Some(ValueRemark::Doubt(words))) => {
            said.push((format!("? {}", end_sentence(words)), StyleToken::Caution));
        }
        (None, Some(ValueRemark::Good(words))) => {
            said.push((format!("{} {}", canvas.glyphs().check_mark, end_sentence(words)), StyleToken::Good));
        }
        (None, None) => {}
    }
    if editor.stage == ValueStage::Proving {
        said = vec![("The fix is being made with it.".to_owned(), StyleToken::Muted)];
    }
    // A reason against what is typed stands right under it, where nothing cuts it.
    let is_refused = said.iter().any(|(_, slot)| *slot == StyleToken::Bad);
    let suggestions = suggestion_lines(canvas, editor, cells);
    if field.value.kind == PlanValueKind::Digest && field.typed_text().is_empty() {
        said.extend(field.value.owners.iter().filter_map(digest_hint).take(1));
    }
    said.push((Chapter::help_for_value(field.value.kind).to_owned(), StyleToken::Muted));
    let mut notes: Vec<Line<'static>> = Vec::new();
    let mut said_before = 0;
    for (words, slot) in said.into_iter().filter(|(words, _)| !words.is_empty()) {
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        notes.extend(markdown::sentence_lines(&words, cells, canvas.theme, slot));
        if is_refused && said_before == 0 {
            said_before = notes.len();
        }
    }
    notes.splice(said_before..said_before, suggestions);
    notes
}

/// How a person finds the digest of an image.
fn digest_hint(owner: &ValueOwner) -> Option<(String, StyleToken)> {
    let ValueOwner::Image(image) = owner else { return None };
    let word = crate::text::quote_shell_word(image.text());
    let hint = format!("`docker buildx imagetools inspect {word}` shows it as `Digest:`.");
    Some((hint, StyleToken::Base))
}

fn end_sentence(words: &str) -> String {
    let words = crate::text::capitalise_text(words);
    if words.ends_with(['.', '?']) { words } else { format!("{words}.") }
}

/// The suggestions with their origins, as many in a line as have room; the one that is typed is marked.
fn suggestion_lines(canvas: &Canvas<'_>, editor: &ValueEditor, cells: usize) -> Vec<Line<'static>> {
    let Some(field) = editor.current_field() else { return Vec::new() };
    let muted = canvas.token_style(StyleToken::Muted);
    let glyphs = canvas.glyphs();
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for (at, suggestion) in field.value.suggestions.iter().enumerate() {
        let is_typed = field.suggestion() == Some(at);
        let slot = if is_typed { StyleToken::Focus } else { StyleToken::Base };
        let sign = if is_typed { glyphs.bar } else { " " };
        let text = safe_text::clean_text(&suggestion.text, glyphs.control_char);
        let origin = safe_text::clean_text(&suggestion.origin, glyphs.control_char);
        let room = cells.saturating_sub(safe_text::text_width(&origin) + 3).max(cells / 3);
        let text = safe_text::fit_middle(&text, room, glyphs.ellipsis).into_owned();
        let origin = safe_text::fit_middle(
            &origin,
            cells.saturating_sub(safe_text::text_width(&text) + 2),
            glyphs.ellipsis,
        );
        let width = safe_text::text_width(&text) + safe_text::text_width(&origin) + 4;
        if used > 0 && used + width > cells {
            lines.push(Line::from(std::mem::take(&mut line)));
            used = 0;
        }
        used += width;
        line.push(Span::styled(format!("{sign}{text}"), canvas.token_style(slot)));
        line.push(Span::styled(format!(" {origin}  "), muted));
    }
    if !line.is_empty() {
        lines.push(Line::from(line));
    }
    lines
}
