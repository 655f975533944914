//! Draws the text of a file, with its findings marked in their lines.

use std::ops::Range;
use std::sync::Arc;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::{HighlightedParts, Highlighter};
use super::safe_text;
use super::safe_text::TAB_WIDTH;
use crate::app::{AppState, ListNode, Pane, ScreenArea};
use crate::audit::{FileReport, FileStatus, ListedFinding};
use crate::text::Span as Bytes;
use crate::theme::StyleToken;

/// Draws the file in view.
pub(super) fn draw_source(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
) {
    let focused = state.focus == Pane::Source;
    let Some(file) = state.current_path().and_then(|path| state.store.file(path)) else {
        super::draw_pane_title(canvas, area, "Source", focused);
        return;
    };
    let path = safe_text::fitting_tail(
        file.path.as_str(),
        usize::from(area.width.saturating_sub(2)),
        canvas.glyphs().ellipsis,
    );
    let x = super::draw_pane_title(canvas, area, &path, focused);
    if let Some(reason) = file.status.reason() {
        let slot = if matches!(file.status, FileStatus::Partial(_)) {
            StyleToken::Caution
        } else {
            StyleToken::Muted
        };
        let room = area.right().saturating_sub(x + 2);
        canvas.draw_text(x + 2, area.y, room, reason, canvas.token_style(slot));
    }
    let view = FileView {
        file,
        top: state.source.cursor.top,
        scroll_left: state.source.scroll_left,
        cursor: Some(state.source.cursor.row),
    };
    draw_source_lines(canvas, state, highlighter, area, &view);
}

/// Draws the file that is linked to the one in view.
pub(super) fn draw_linked(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
) {
    let Some((path, evidence)) = state.linked_file() else { return };
    let Some(file) = state.store.file(path) else { return };
    let x = super::draw_pane_title(canvas, area, path.as_str(), false);
    let room = area.right().saturating_sub(x + 2);
    let mut note = format!("linked: {evidence}");
    if safe_text::text_width(&note) > usize::from(room) {
        "linked".clone_into(&mut note);
    }
    canvas.draw_text(x + 2, area.y, room, &note, canvas.token_style(StyleToken::Muted));
    let top = state.linked_view().map_or(0, |(top, _)| top);
    draw_source_lines(
        canvas,
        state,
        highlighter,
        area,
        &FileView { file, top, scroll_left: 0, cursor: None },
    );
}

/// A file from its line `top`, counted from 0.
struct FileView<'a> {
    file: &'a FileReport,
    top: usize,
    scroll_left: usize,
    cursor: Option<usize>,
}

fn draw_source_lines(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    area: ScreenArea,
    view: &FileView<'_>,
) {
    let Some(source) = &view.file.source else {
        canvas.draw_text(
            area.x + 1,
            area.y + 1,
            area.width.saturating_sub(1),
            "This file could not be read.",
            canvas.token_style(StyleToken::Muted),
        );
        return;
    };
    let shown = view.top + 1..(view.top + area.content_lines()).min(source.line_count()) + 1;
    let digits = source.line_count().to_string().len().max(2);
    let parts = highlighter.highlight_lines(source, view.file.kind, shown.clone());
    let entries = state.index.entries_in(&view.file.path);
    let selected = selected_span(state, view);
    for ((line, parts), y) in shown.zip(parts).zip(area.y + 1..) {
        let here = entries_at_line(entries, line);
        let x = draw_gutter(canvas, area, y, line, digits, here);
        let marks = draw_count_mark(canvas, here, area, y);
        let cells = marks.saturating_sub(x);
        let bytes = source.line_span(line);
        let styled = HighlightedLine {
            text: bytes.slice(source.text()),
            parts: &parts,
            selected_bytes: clamp_to_line(selected, bytes),
        };
        canvas.draw_line(x, y, cells, &styled.visible_cells(canvas, view.scroll_left, usize::from(cells)));
        if view.cursor == Some(line - 1) {
            canvas.overlay_style(
                ScreenArea::new(area.x, y, area.width, 1),
                canvas.token_style(StyleToken::Line),
            );
            canvas.draw_sign(area.x, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
    }
}

fn selected_span(state: &AppState, view: &FileView<'_>) -> Option<Bytes> {
    let Some(ListNode::Finding(key)) = &state.selected_node else { return None };
    let entries = state.index.entries_in(&view.file.path);
    entries.iter().find(|entry| entry.key == *key).map(|entry| entry.finding.span)
}

/// The findings on a line; they are in the order of the lines.
fn entries_at_line(entries: &[Arc<ListedFinding>], line: usize) -> &[Arc<ListedFinding>] {
    let start = entries.partition_point(|entry| entry.line < line);
    let end = entries.partition_point(|entry| entry.line <= line);
    &entries[start..end]
}

/// Draws the line's number, and the letter of its most severe finding.
fn draw_gutter(
    canvas: &mut Canvas<'_>,
    area: ScreenArea,
    y: u16,
    line: usize,
    digits: usize,
    here: &[Arc<ListedFinding>],
) -> u16 {
    let worst = here.iter().map(|entry| entry.severity).max();
    let letter = worst.map_or(Span::raw(" "), |worst| {
        Span::styled(worst.letter().to_string(), canvas.theme.severity_style(worst))
    });
    let number = Span::styled(format!("{line:>digits$} "), canvas.token_style(StyleToken::Muted));
    canvas.draw_line(
        area.x + 1,
        y,
        area.width.saturating_sub(1),
        &Line::from(vec![letter, Span::raw(" "), number]),
    )
}

/// Draws the number of findings in the line, at the right edge, where there are several.
fn draw_count_mark(canvas: &mut Canvas<'_>, here: &[Arc<ListedFinding>], area: ScreenArea, y: u16) -> u16 {
    if here.len() < 2 {
        return area.right();
    }
    let [open, close] = canvas.glyphs().brackets;
    let text = format!("{open}{}{close}", here.len());
    canvas.draw_right(
        area.x,
        y,
        area.width,
        &Line::from(Span::styled(text, canvas.token_style(StyleToken::Muted))),
    ) - 1
}

/// The part of a span that lies within a line, in bytes of the line.
fn clamp_to_line(span: Option<Bytes>, line: Bytes) -> Range<usize> {
    let Some(span) = span else { return 0..0 };
    let clamp = |at: usize| at.clamp(line.start, line.end) - line.start;
    clamp(span.start)..clamp(span.end)
}

/// A line of source with its colours.
struct HighlightedLine<'a> {
    text: &'a str,
    parts: &'a HighlightedParts,
    selected_bytes: Range<usize>,
}

impl HighlightedLine<'_> {
    /// The cells from `left` on, and one more than `cells`, so that the canvas sees that there is more.
    fn visible_cells(&self, canvas: &Canvas<'_>, left: usize, cells: usize) -> Line<'static> {
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut column = 0;
        for (at, c) in self.text.char_indices() {
            if column > left + cells {
                break;
            }
            let shown: String = match c {
                '\t' => " ".repeat(TAB_WIDTH - column % TAB_WIDTH),
                c if safe_text::is_unsafe(c) => canvas.glyphs().control_char.to_owned(),
                c => c.to_string(),
            };
            let width = safe_text::text_width(&shown);
            let style = self.style_at(canvas, at);
            if column >= left {
                push_styled(&mut spans, &shown, style);
            } else if column + width > left {
                // A character cut in two by the left edge leaves its cells empty.
                push_styled(&mut spans, &" ".repeat(column + width - left), style);
            }
            column += width;
        }
        Line::from(spans)
    }

    fn style_at(&self, canvas: &Canvas<'_>, at: usize) -> Style {
        let part = self.parts.partition_point(|(range, _)| range.end <= at);
        let slot = self
            .parts
            .get(part)
            .filter(|(range, _)| range.contains(&at))
            .map_or(StyleToken::Base, |(_, slot)| *slot);
        let style = canvas.token_style(slot);
        if self.selected_bytes.contains(&at) {
            style.patch(canvas.token_style(StyleToken::Match))
        } else {
            style
        }
    }
}

fn push_styled(spans: &mut Vec<Span<'static>>, text: &str, style: Style) {
    match spans.last_mut() {
        Some(last) if last.style == style => last.content.to_mut().push_str(text),
        _ => spans.push(Span::styled(text.to_owned(), style)),
    }
}
