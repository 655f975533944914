//! The text of a file, with its findings marked where they stand.

use std::ops::Range;
use std::sync::Arc;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::{Highlighter, Parts};
use super::text::{self, TAB};
use crate::app::{Area, Entry, Node, Pane, State};
use crate::audit::{FileReport, Status};
use crate::text::Span as Bytes;
use crate::theme::Slot;

/// The file in view.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, highlighter: &mut Highlighter, area: Area) {
    let focused = state.focus == Pane::Source;
    let Some(file) = state.path().and_then(|path| state.store.file(path)) else {
        super::title(canvas, area, "Source", focused);
        return;
    };
    let path = text::tail(file.path.as_str(), usize::from(area.width.saturating_sub(2)), canvas.glyphs().cut);
    let x = super::title(canvas, area, &path, focused);
    if let Some(reason) = file.status.reason() {
        let slot = if matches!(file.status, Status::Partial(_)) { Slot::Caution } else { Slot::Muted };
        let room = area.right().saturating_sub(x + 2);
        canvas.text(x + 2, area.y, room, reason, canvas.style(slot));
    }
    let view = View {
        file,
        top: state.source.cursor.top,
        left: state.source.left,
        cursor: Some(state.source.cursor.row),
    };
    lines(canvas, state, highlighter, area, &view);
}

/// The file that belongs to the one in view.
pub(super) fn draw_linked(canvas: &mut Canvas<'_>, state: &State, highlighter: &mut Highlighter, area: Area) {
    let Some((path, evidence)) = state.linked() else { return };
    let Some(file) = state.store.file(path) else { return };
    let x = super::title(canvas, area, path.as_str(), false);
    let room = area.right().saturating_sub(x + 2);
    let mut note = format!("linked: {evidence}");
    if text::width(&note) > usize::from(room) {
        "linked".clone_into(&mut note);
    }
    canvas.text(x + 2, area.y, room, &note, canvas.style(Slot::Muted));
    let top = state.linked_view().map_or(0, |(top, _)| top);
    lines(canvas, state, highlighter, area, &View { file, top, left: 0, cursor: None });
}

/// A file from its line `top`, counted from 0.
struct View<'a> {
    file: &'a FileReport,
    top: usize,
    left: usize,
    cursor: Option<usize>,
}

fn lines(canvas: &mut Canvas<'_>, state: &State, highlighter: &mut Highlighter, area: Area, view: &View<'_>) {
    let Some(source) = &view.file.source else {
        canvas.text(
            area.x + 1,
            area.y + 1,
            area.width.saturating_sub(1),
            "This file could not be read.",
            canvas.style(Slot::Muted),
        );
        return;
    };
    let shown = view.top + 1..(view.top + area.lines()).min(source.line_count()) + 1;
    let digits = source.line_count().to_string().len().max(2);
    let parts = highlighter.lines(source, view.file.kind, shown.clone());
    let entries = state.index.in_file(&view.file.path);
    let selected = selected_span(state, view);
    for ((line, parts), y) in shown.zip(parts).zip(area.y + 1..) {
        let here = at_line(entries, line);
        let x = gutter(canvas, area, y, line, digits, here);
        let marks = mark(canvas, here, area, y);
        let cells = marks.saturating_sub(x);
        let bytes = source.line(line);
        let styled =
            Styled { text: bytes.of(source.text()), parts: &parts, selected: within(selected, bytes) };
        canvas.line(x, y, cells, &styled.cut(canvas, view.left, usize::from(cells)));
        if view.cursor == Some(line - 1) {
            canvas.wash(Area::new(area.x, y, area.width, 1), canvas.style(Slot::Line));
            canvas.sign(area.x, y, canvas.glyphs().bar, canvas.style(Slot::Focus));
        }
    }
}

fn selected_span(state: &State, view: &View<'_>) -> Option<Bytes> {
    let Some(Node::Finding(key)) = &state.node else { return None };
    let entries = state.index.in_file(&view.file.path);
    entries.iter().find(|entry| entry.key == *key).map(|entry| entry.span)
}

/// The findings on a line; they are in the order of the lines.
fn at_line(entries: &[Arc<Entry>], line: usize) -> &[Arc<Entry>] {
    let start = entries.partition_point(|entry| entry.line < line);
    let end = entries.partition_point(|entry| entry.line <= line);
    &entries[start..end]
}

/// The line's number, and the letter of the worst that stands on it.
fn gutter(
    canvas: &mut Canvas<'_>,
    area: Area,
    y: u16,
    line: usize,
    digits: usize,
    here: &[Arc<Entry>],
) -> u16 {
    let worst = here.iter().map(|entry| entry.severity).max();
    let letter = worst.map_or(Span::raw(" "), |worst| {
        Span::styled(worst.letter().to_string(), canvas.theme.severity(worst))
    });
    let number = Span::styled(format!("{line:>digits$} "), canvas.style(Slot::Muted));
    canvas.line(
        area.x + 1,
        y,
        area.width.saturating_sub(1),
        &Line::from(vec![letter, Span::raw(" "), number]),
    )
}

/// How many findings stand on the line, at the right edge, where there are several.
fn mark(canvas: &mut Canvas<'_>, here: &[Arc<Entry>], area: Area, y: u16) -> u16 {
    if here.len() < 2 {
        return area.right();
    }
    let [open, close] = canvas.glyphs().marks;
    let text = format!("{open}{}{close}", here.len());
    canvas.right(area.x, y, area.width, &Line::from(Span::styled(text, canvas.style(Slot::Muted)))) - 1
}

/// The part of a span that lies within a line, in bytes of the line.
fn within(span: Option<Bytes>, line: Bytes) -> Range<usize> {
    let Some(span) = span else { return 0..0 };
    let clamp = |at: usize| at.clamp(line.start, line.end) - line.start;
    clamp(span.start)..clamp(span.end)
}

/// A line of source with its colours.
struct Styled<'a> {
    text: &'a str,
    parts: &'a Parts,
    selected: Range<usize>,
}

impl Styled<'_> {
    /// The cells from `left` on, and one more than `cells`, so that the canvas sees that there is more.
    fn cut(&self, canvas: &Canvas<'_>, left: usize, cells: usize) -> Line<'static> {
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut column = 0;
        for (at, c) in self.text.char_indices() {
            if column > left + cells {
                break;
            }
            let shown: String = match c {
                '\t' => " ".repeat(TAB - column % TAB),
                c if text::is_unsafe(c) => canvas.glyphs().control.to_owned(),
                c => c.to_string(),
            };
            let width = text::width(&shown);
            let style = self.style_at(canvas, at);
            if column >= left {
                push(&mut spans, &shown, style);
            } else if column + width > left {
                // What is cut in two by the left edge leaves its place empty.
                push(&mut spans, &" ".repeat(column + width - left), style);
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
            .map_or(Slot::Base, |(_, slot)| *slot);
        let style = canvas.style(slot);
        if self.selected.contains(&at) { style.patch(canvas.style(Slot::Match)) } else { style }
    }
}

fn push(spans: &mut Vec<Span<'static>>, text: &str, style: Style) {
    match spans.last_mut() {
        Some(last) if last.style == style => last.content.to_mut().push_str(text),
        _ => spans.push(Span::styled(text.to_owned(), style)),
    }
}
