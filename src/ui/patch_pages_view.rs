//! Draws a patch in pages of full width: the whole of it has to be passed before it is written.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::ghost_lines_view::{ColouredSegment, LineGutter, draw_gutter, text_column};
use super::highlight::{HighlightedParts, Highlighter};
use super::risk_lines::{page_key, scroll_key};
use super::safe_text;
use crate::app::{AppState, PageRow, PatchLine, PatchPages, ScreenArea};
use crate::repo::FileKind;
use crate::text::diff::LineChange;
use crate::theme::StyleToken;

/// Draws a title, words, the page of the patch from row `scroll` on, and what a key does now. Gives how far the patch
/// can be scrolled.
pub(super) fn draw_pages(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    words: &[Line<'static>],
    (scroll, question): (usize, &str),
) -> usize {
    let areas = state.page_areas();
    if let Some(top) = state.risk_scroll {
        let all = ScreenArea { height: areas.words.height + areas.rows.height, ..areas.words };
        let last = words.len().saturating_sub(usize::from(all.height));
        draw_words(canvas, &words[top.min(last)..], all, &format!(": {}", scroll_key(state)));
        return last;
    }
    draw_words(canvas, words, areas.words, &format!("; {} shows all", page_key(state)));
    let height = usize::from(areas.rows.height);
    let count = draw_patch_rows(canvas, state, highlighter, areas.rows, scroll);
    let last = count.saturating_sub(height);
    let scroll = scroll.min(last);
    let end = (scroll + height).min(count);
    // Before the patch is there, nothing is in view of it.
    let position = match count {
        0 => String::new(),
        _ => format!("{}-{end} of {count}", (scroll + 1).min(end)),
    };
    let position = Line::from(Span::styled(position, canvas.token_style(StyleToken::Muted)));
    let status = areas.status;
    let right = canvas.draw_right(status.x, status.y, status.width, &position);
    let room = right.saturating_sub(status.x + 1);
    canvas.draw_text(status.x, status.y, room, question, canvas.token_style(StyleToken::Focus));
    last
}

/// Draws the patch in view from a row on, its lines wrapped. Gives the number of its rows.
pub(super) fn draw_patch_rows(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
    scroll: usize,
) -> usize {
    let pages = PatchPages::new(&state.preview.lines, usize::from(area.width));
    let scroll = scroll.min(pages.rows.len().saturating_sub(usize::from(area.height)));
    let mut kind = first_kind(state, &pages.rows, scroll);
    for (row, y) in pages.rows.iter().skip(scroll).zip(area.y..area.bottom()) {
        if let PatchLine::File(path) = row.line {
            kind = kind_of(state, path);
        }
        draw_row(canvas, highlighter, row, (pages.digits, kind), ScreenArea { y, height: 1, ..area });
    }
    pages.rows.len()
}

/// What the next key does, in words: turn the page, or `write` where all was shown.
pub(super) fn page_question(state: &AppState, write: &str) -> String {
    let frame = state.record_frame();
    if state.preview.writable_plan().is_none() {
        return String::new();
    }
    if frame.is_whole {
        return write.to_owned();
    }
    let left = safe_text::count_of(frame.page_rows - frame.passed_rows, "line");
    format!("f next page: {left} not shown yet")
}

fn draw_words(canvas: &mut Canvas<'_>, words: &[Line<'static>], area: ScreenArea, way: &str) {
    canvas.draw_lines(area, words);
    if words.len() > usize::from(area.height) && area.height > 0 {
        let more = words.len() + 1 - usize::from(area.height);
        let y = area.bottom() - 1;
        canvas.clear_area(ScreenArea { y, height: 1, ..area });
        let words = format!("{} {}{way}", canvas.glyphs().ellipsis, safe_text::count_of(more, "more line"));
        canvas.draw_text(area.x, y, area.width, &words, canvas.token_style(StyleToken::Muted));
    }
}

/// The kind of the file whose part of the patch the page begins in.
fn first_kind(state: &AppState, rows: &[PageRow<'_>], scroll: usize) -> FileKind {
    let file = rows[..scroll.min(rows.len())].iter().rev().find_map(|row| match row.line {
        PatchLine::File(path) => Some(path),
        _ => None,
    });
    file.map_or(FileKind::Manifest, |path| kind_of(state, path))
}

pub(super) fn kind_of(state: &AppState, path: &crate::repo::RelPath) -> FileKind {
    state.store.file(path).map_or(FileKind::Manifest, |file| file.kind)
}

pub(super) fn draw_row(
    canvas: &mut Canvas<'_>,
    highlighter: &mut Highlighter,
    row: &PageRow<'_>,
    (digits, kind): (usize, FileKind),
    area: ScreenArea,
) {
    match row.line {
        PatchLine::File(path) => {
            let text = &path.as_str()[row.segment.bytes.clone()];
            canvas.draw_text(area.x, area.y, area.width, text, canvas.token_style(StyleToken::Heading));
        }
        PatchLine::Gap => {
            let x = area.x + text_column(digits).saturating_sub(2);
            canvas.draw_sign(x, area.y, canvas.glyphs().gap, canvas.token_style(StyleToken::Muted));
        }
        PatchLine::Line(line) => {
            let gutter = LineGutter {
                change: line.change,
                number: line.after.filter(|_| line.change != LineChange::Removed),
                digits,
                severity: None,
                is_first: row.part == 0,
                is_passed: false,
            };
            draw_gutter(canvas, &gutter, area, area.y);
            let parts: HighlightedParts = highlighter.highlight_alone(&line.text, kind);
            let text = ColouredSegment {
                text: &line.text,
                segment: &row.segment,
                parts: &parts,
                selected: 0..0,
                is_struck: line.change == LineChange::Removed,
            };
            let x = area.x + text_column(digits);
            canvas.draw_line(x, area.y, area.right().saturating_sub(x), &Line::from(text.spans(canvas)));
        }
    }
}
