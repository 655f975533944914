//! Draws the list of what can be taken back, with the diff of the selected step beside it or below.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::patch_pages_view::{draw_row, kind_of};
use super::{dialog_view, safe_text, scroll_marks};
use crate::app::{AppState, ScreenArea, UndoAreas, UndoDiffRow, UndoList};
use crate::fix::{UndoHunk, UndoStep};
use crate::text::BlockPlace;
use crate::theme::StyleToken;

/// Draws the dialog, and gives how far the diff can be scrolled.
pub(super) fn draw_undo_list(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    list: &UndoList,
) -> usize {
    let areas = UndoAreas::new(state.size, list.step_count());
    dialog_view::draw_titled_frame(canvas, "What can be taken back", areas.frame);
    let steps = match &list.steps {
        None => return draw_words(canvas, &areas, "The list is being read."),
        Some(Err(reason)) => return draw_words(canvas, &areas, reason),
        Some(Ok(steps)) if steps.is_empty() => {
            return draw_words(
                canvas,
                &areas,
                "Nothing was written here yet: what f writes will stand here.",
            );
        }
        Some(Ok(steps)) => steps,
    };
    draw_steps(canvas, list, steps, &areas);
    let plain = canvas.token_style(StyleToken::Border);
    if areas.is_beside {
        let x = areas.diff.x - 1;
        canvas.draw_vertical(x, areas.title.y, areas.steps.height, plain);
        let [down, up, ..] = canvas.glyphs().junctions;
        let focus = canvas.token_style(StyleToken::Focus);
        canvas.draw_sign(x, areas.frame.y, down, focus);
        canvas.draw_sign(x, areas.frame.bottom() - 1, up, focus);
    }
    draw_title(canvas, list, &areas);
    draw_diff(canvas, state, highlighter, list, &areas)
}

fn draw_words(canvas: &mut Canvas<'_>, areas: &UndoAreas, words: &str) -> usize {
    // No list parts the frame yet.
    let inner = |end: u16, start: u16| end.saturating_sub(start + 1);
    let area = ScreenArea {
        width: inner(areas.frame.right(), areas.steps.x),
        height: inner(areas.frame.bottom(), areas.steps.y),
        ..areas.steps
    };
    let style = canvas.token_style(StyleToken::Muted);
    let words = safe_text::clean_text(words, canvas.glyphs().control_char);
    for (line, y) in
        safe_text::wrap_words(&words, usize::from(area.width.saturating_sub(2))).iter().zip(area.y..)
    {
        canvas.draw_text(area.x + 1, y, area.width.saturating_sub(2), line, style);
    }
    0
}

fn draw_steps(canvas: &mut Canvas<'_>, list: &UndoList, steps: &[UndoStep], areas: &UndoAreas) {
    let area = areas.steps;
    let height = usize::from(area.height);
    let top = list.first_step(height);
    let moment_cells = steps.iter().map(|step| step.moment.len()).max().unwrap_or(0);
    for ((at, step), y) in steps.iter().enumerate().skip(top).zip(area.y..area.bottom()) {
        let (state, token) = step_state(step);
        let state = Line::from(Span::styled(format!("{state} "), canvas.token_style(token)));
        let end = canvas.draw_right(area.x, y, area.width, &state);
        let is_selected = at == list.row;
        let bar = if is_selected && list.hunk.is_none() { canvas.glyphs().bar } else { " " };
        let title = safe_text::clean_text(step_title(step), canvas.glyphs().control_char).into_owned();
        let moment = format!("{:<moment_cells$}  ", step.moment);
        let room = usize::from(end.saturating_sub(area.x + 2)).saturating_sub(moment.len());
        let title = safe_text::fit_middle(&title, room, canvas.glyphs().ellipsis).into_owned();
        let line = Line::from(vec![
            Span::styled(bar, canvas.token_style(StyleToken::Focus)),
            Span::styled(moment, canvas.token_style(StyleToken::Muted)),
            Span::styled(
                title,
                canvas.token_style(if is_selected { StyleToken::Title } else { StyleToken::Base }),
            ),
        ]);
        canvas.draw_line(area.x, y, end.saturating_sub(area.x + 1), &line);
        if is_selected {
            let row = ScreenArea { y, height: 1, ..area };
            canvas.overlay_style(row, canvas.token_style(StyleToken::Selection));
        }
    }
    scroll_marks::draw_list_marks(canvas, area, (top, steps.len()), Some(list.row));
}

fn step_title(step: &UndoStep) -> &str {
    match (step.title.as_str(), step.files.first()) {
        ("", Some(file)) => file.path.as_str(),
        (title, _) => title,
    }
}

/// What became of a step, in two words.
fn step_state(step: &UndoStep) -> (String, StyleToken) {
    let (standing, all) = (step.standing_count(), step.hunks().count());
    let is_reverted = |hunk: &UndoHunk| hunk.place == BlockPlace::Reverted;
    match standing {
        _ if step.is_undone => ("taken back".to_owned(), StyleToken::Muted),
        0 if step.hunks().all(is_reverted) => ("taken back".to_owned(), StyleToken::Muted),
        0 => ("changed since".to_owned(), StyleToken::Muted),
        standing if standing == all => ("stands".to_owned(), StyleToken::Good),
        standing => (format!("{standing} of {all} stand"), StyleToken::Caution),
    }
}

/// The row above the diff: what the selected step wrote, or what of it stands.
fn draw_title(canvas: &mut Canvas<'_>, list: &UndoList, areas: &UndoAreas) {
    let Some(step) = list.selected_step() else { return };
    let area = areas.title;
    let focused = list.hunk.is_some();
    let hunks = safe_text::count_of(list.hunk_count(), "hunk");
    let files = safe_text::count_of(step.files.len(), "file");
    let words = match list.hunk {
        Some(hunk) => format!("Hunk {} of {}", hunk + 1, list.hunk_count()),
        None => format!("{hunks} in {files}"),
    };
    if !areas.is_beside {
        let border = canvas.token_style(StyleToken::Border);
        canvas.draw_horizontal(area.x, area.y, area.width, border);
        let [_, _, right, left] = canvas.glyphs().junctions;
        let focus = canvas.token_style(StyleToken::Focus);
        canvas.draw_sign(area.x - 1, area.y, right, focus);
        canvas.draw_sign(area.right(), area.y, left, focus);
    }
    let style = canvas.token_style(if focused { StyleToken::Focus } else { StyleToken::Title });
    canvas.draw_text(area.x, area.y, area.width, &format!(" {words} "), style);
}

fn draw_diff(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    list: &UndoList,
    areas: &UndoAreas,
) -> usize {
    let area = areas.diff;
    let (rows, digits) = list.diff_rows(area.width);
    let height = usize::from(area.height);
    let last = rows.len().saturating_sub(height);
    let top = list.scroll.min(last);
    let mut kind = crate::repo::FileKind::Manifest;
    let mut hunk = None;
    for (at, row) in rows.iter().enumerate().take(top + height) {
        match row {
            UndoDiffRow::File(path) => kind = kind_of(state, path),
            UndoDiffRow::Hunk(nth) => hunk = Some(*nth),
            UndoDiffRow::Line(_) | UndoDiffRow::Rest(_) => {}
        }
        let Some(y) = at.checked_sub(top).and_then(|at| u16::try_from(at).ok()).map(|at| area.y + at) else {
            continue;
        };
        let place = ScreenArea { y, height: 1, ..area };
        match row {
            UndoDiffRow::File(path) => {
                let words = safe_text::clean_text(path.as_str(), canvas.glyphs().control_char);
                let words =
                    safe_text::fit_middle(&words, usize::from(area.width - 1), canvas.glyphs().ellipsis);
                canvas.draw_text(
                    area.x + 1,
                    y,
                    area.width - 1,
                    &words,
                    canvas.token_style(StyleToken::Heading),
                );
            }
            UndoDiffRow::Hunk(nth) => draw_hunk_head(canvas, list, *nth, place),
            UndoDiffRow::Rest(count) => {
                let words = format!("{} more", safe_text::count_of(*count, "hunk"));
                canvas.draw_text(
                    area.x + 1,
                    y,
                    area.width - 1,
                    &words,
                    canvas.token_style(StyleToken::Muted),
                );
            }
            UndoDiffRow::Line(row) => draw_row(canvas, highlighter, row, (digits, kind), place),
        }
        if hunk.is_some() && hunk == list.hunk && matches!(row, UndoDiffRow::Hunk(_)) {
            canvas.draw_sign(area.x, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
    }
    scroll_marks::draw_list_marks(canvas, area, (top, rows.len()), None);
    last
}

/// The head of a hunk: where it stands now, or why it stays.
fn draw_hunk_head(canvas: &mut Canvas<'_>, list: &UndoList, nth: usize, area: ScreenArea) {
    let Some((step, hunk)) = list.selected_step().and_then(|step| Some((step, step.hunks().nth(nth)?)))
    else {
        return;
    };
    let (words, token) = match (&hunk.refusal, &hunk.place) {
        _ if step.is_undone => ("taken back".to_owned(), StyleToken::Muted),
        (Some(reason), BlockPlace::Reverted) => (reason.clone(), StyleToken::Muted),
        (Some(reason), _) => (format!("stays: {reason}"), StyleToken::Caution),
        (None, BlockPlace::Standing(lines)) => {
            (format!("stands at line {}", lines.start + 1), StyleToken::Good)
        }
        (None, _) => (String::new(), StyleToken::Muted),
    };
    let line = Line::from(vec![
        Span::styled(format!("hunk {}  ", nth + 1), canvas.token_style(StyleToken::Title)),
        Span::styled(words, canvas.token_style(token)),
    ]);
    canvas.draw_line(area.x + 2, area.y, area.width.saturating_sub(2), &line);
}
