//! Draws the files in view: the selected finding's, and the one that is linked to it.

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::{empty_states, ghost_lines_view, safe_text};
use crate::app::{AppState, FilePane, Pane, PatchSide, ScreenArea};
use crate::audit::{FileReport, FileStatus};
use crate::theme::StyleToken;

/// Draws the files in view in the panes of the source.
pub(super) fn draw_files(canvas: &mut Canvas<'_>, state: &AppState, highlighter: &mut Highlighter) {
    let (own, linked) = state.source_areas();
    let panes = state.file_panes();
    draw_own_title(canvas, state, own, panes.iter().find(|pane| pane.area == own));
    if let Some(area) = linked {
        draw_linked_title(canvas, state, area);
    }
    for pane in &panes {
        ghost_lines_view::draw_file_rows(canvas, state, highlighter, pane);
    }
}

fn draw_own_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea, pane: Option<&FilePane>) {
    let focused = state.has_keys(Pane::Source);
    if focused && pane.is_none() {
        super::mark_pane_without_row(canvas, area);
    }
    let Some(file) = state.current_path().and_then(|path| state.store.file(path)) else {
        super::draw_pane_title(canvas, area, "Source", focused);
        return;
    };
    let room = usize::from(area.width.saturating_sub(2));
    let path = safe_text::fitting_tail(file.path.as_str(), room, canvas.glyphs().ellipsis);
    let x = super::draw_pane_title(canvas, area, &path, focused);
    let room = area.right().saturating_sub(x + 2);
    if let Some((note, slot)) = title_note(file, state.source.side, pane) {
        canvas.draw_text(x + 2, area.y, room, &note, canvas.token_style(slot));
    }
    if file.source.is_none() {
        let words = empty_states::unread_words(&file.status);
        let words = words.unwrap_or_else(|| "This file could not be read.".to_owned());
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        let cells = area.width.saturating_sub(2);
        for (line, y) in
            safe_text::wrap_words(&words, usize::from(cells)).iter().zip(area.y + 1..area.bottom())
        {
            canvas.draw_text(area.x + 1, y, cells, line, canvas.token_style(StyleToken::Caution));
        }
    }
}

/// What is to be known of a file besides its path: that it was not read whole, or from which side its fix is shown.
fn title_note(file: &FileReport, side: PatchSide, pane: Option<&FilePane>) -> Option<(String, StyleToken)> {
    if let Some(reason) = file.status.reason() {
        let is_partial = matches!(file.status, FileStatus::Partial(_));
        let slot = if is_partial { StyleToken::Caution } else { StyleToken::Muted };
        return Some((reason.to_owned(), slot));
    }
    let words = match side {
        PatchSide::Before => "as it is",
        PatchSide::After if pane.is_some_and(|pane| pane.file.has_changes()) => "as it will be",
        PatchSide::After => "as it is: nothing changes here",
        PatchSide::Both | PatchSide::Written => return None,
    };
    Some((words.to_owned(), StyleToken::Muted))
}

fn draw_linked_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let Some((path, evidence)) = state.linked_file() else { return };
    let mark = canvas.glyphs().ellipsis;
    let room = usize::from(area.width.saturating_sub(2));
    let x = super::draw_pane_title(canvas, area, &safe_text::fitting_tail(path.as_str(), room, mark), false);
    let room = area.right().saturating_sub(x + 2);
    // Where there is no room for all of it, the place says most.
    let place = evidence.rsplit_once('(').map_or(evidence, |(_, place)| place.trim_end_matches(')'));
    let notes = [format!("linked: {evidence}"), format!("linked: {place}")];
    let fits = |note: &&String| safe_text::text_width(note.as_str()) <= usize::from(room);
    let note = notes.iter().find(fits).map_or("linked", String::as_str);
    canvas.draw_text(x + 2, area.y, room, note, canvas.token_style(StyleToken::Muted));
}
