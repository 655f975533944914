//! Draws the fix in view under a list, and in pages of full width.

use ratatui::style::Style;
use ratatui::text::Line;

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::{ghost_lines_view, patch_pages_view, risk_lines, rule_view, safe_text};
use crate::app::{AppState, ScreenArea};

/// Draws what the fix does, what is most serious of its risk, and its lines.
pub(super) fn draw_fix_strip(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
) {
    let inside = ScreenArea::new(area.x + 1, area.y, area.width.saturating_sub(2), area.height);
    if state.mended_row().is_some() {
        return canvas.draw_lines(inside, &rule_view::mended_lines(canvas, state, usize::from(inside.width)));
    }
    if state.preview.visible().writable_plan().is_none() {
        return canvas.draw_lines(inside, &rule_view::lines_without_fix(canvas, state, inside.width));
    }
    let lines = risk_lines::fix_lines(canvas, state, usize::from(inside.width));
    for (line, y) in lines.iter().take(2).zip(inside.y..inside.bottom()) {
        canvas.draw_line(inside.x, y, inside.width, line);
    }
    let more = lines.len().saturating_sub(2);
    if more > 0 && inside.height > 1 {
        let words = format!("more: {}", risk_lines::page_key(state));
        let line = Line::from(words);
        let width = u16::try_from(safe_text::text_width(&line.to_string())).unwrap_or(0);
        let x = inside.right().saturating_sub(width + 1);
        let second = lines.get(1).map(Line::width).unwrap_or_default();
        canvas.clear_area(ScreenArea { x, y: inside.y + 1, width: width + 1, height: 1 });
        if second > usize::from(x.saturating_sub(inside.x)) {
            let ellipsis = canvas.glyphs().ellipsis;
            let mark = u16::try_from(safe_text::text_width(ellipsis)).unwrap_or(1);
            canvas.draw_text(x.saturating_sub(mark), inside.y + 1, mark, ellipsis, Style::default());
        }
        canvas.draw_right(inside.x, inside.y + 1, inside.width, &line);
    }
    for pane in &state.file_panes() {
        ghost_lines_view::draw_file_rows(canvas, state, highlighter, pane);
    }
}

/// Draws the fix in pages. Gives how far they can be scrolled.
pub(super) fn draw_fix_pages(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
) -> usize {
    let areas = state.page_areas();
    let Some(plan) = state.preview.writable_plan() else {
        let lines = risk_lines::fix_lines(canvas, state, usize::from(areas.words.width));
        super::draw_pane_title(canvas, areas.title, "Fix", true);
        canvas
            .draw_lines(ScreenArea { height: areas.words.height + areas.rows.height, ..areas.words }, &lines);
        return 0;
    };
    let x = super::draw_pane_title(canvas, areas.title, "Fix", true);
    let headline = risk_lines::fix_headline(canvas, state, plan);
    let room = areas.title.right().saturating_sub(x + 2);
    canvas.draw_line(x + 2, areas.title.y, room, &headline);
    let words: Vec<_> =
        risk_lines::fix_lines(canvas, state, usize::from(areas.words.width)).into_iter().skip(1).collect();
    let question = patch_pages_view::page_question(state, "f writes this");
    patch_pages_view::draw_pages(canvas, state, highlighter, &words, (state.patch_scroll, &question))
}
