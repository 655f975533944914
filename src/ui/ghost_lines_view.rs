//! Draws the lines of a file with a fix at its place in them: lines that come with `+`, lines that go struck with `-`.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::{HighlightedParts, Highlighter};
use super::{effective_values, safe_text};
use crate::app::{AppState, FilePane, GhostRow, PatchedLine, ScreenArea, gutter_cells};
use crate::finding::Severity;
use crate::repo::FileKind;
use crate::text::diff::LineChange;
use crate::text::{LineSegment, Span as Bytes, cell_width, is_unsafe};
use crate::theme::StyleToken;

/// What stands before the text of a line.
pub(super) struct LineGutter {
    pub(super) change: LineChange,
    pub(super) number: Option<usize>,
    pub(super) digits: usize,
    /// The most severe finding on it.
    pub(super) severity: Option<Severity>,
    /// False in the rows that a long line goes on in.
    pub(super) is_first: bool,
    /// True for a line of a template that is not rendered.
    pub(super) is_passed: bool,
}

/// Draws the rows of a pane, below its title.
pub(super) fn draw_file_rows(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    pane: &FilePane,
) {
    let kind = state.store.file(&pane.file.path).map_or(FileKind::Manifest, |file| file.kind);
    let colours = LineColours::find(highlighter, pane, kind);
    let selected = selected_span(state, pane);
    let area = pane.area;
    let mut has_cursor = false;
    for ((at, row), y) in pane.view.rows.iter().enumerate().zip(area.y + 1..area.bottom()) {
        let GhostRow::Line { line, part, segment } = row else {
            draw_gap(canvas, row, ScreenArea { y, height: 1, ..area }, pane.digits);
            continue;
        };
        let number = pane.file.finding_line(*line);
        let as_it_is = number.filter(|_| line.change == LineChange::Unchanged);
        let is_passed =
            as_it_is.is_some_and(|line| state.values.passed_over(&pane.file.path, line).is_some());
        let here = number.map_or(&[][..], |number| state.index.entries_at_line(&pane.file.path, number));
        let gutter = LineGutter {
            change: line.change,
            number: line.after.filter(|_| line.change != LineChange::Removed),
            digits: pane.digits,
            severity: here.iter().map(|entry| entry.severity).max(),
            is_first: *part == 0,
            is_passed,
        };
        draw_gutter(canvas, &gutter, area, y);
        let marks = if *part == 0 { draw_count_mark(canvas, here.len(), area, y) } else { area.right() };
        let x = area.x + text_column(pane.digits);
        let (source, number) = pane.file.source_of(*line);
        let bytes = source.line_span(number);
        let is_shown_span = line.change != LineChange::Added;
        let text = ColouredSegment {
            text: pane.file.text_of(*line),
            segment,
            parts: colours.of_row(at),
            selected: if is_shown_span { clamp_to_line(selected, bytes) } else { 0..0 },
            is_struck: line.change == LineChange::Removed,
        };
        let spans = text.spans(canvas);
        let end = canvas.draw_line(x, y, marks.saturating_sub(x), &Line::from(spans));
        if is_passed {
            let cells = ScreenArea { x, y, width: end.saturating_sub(x), height: 1 };
            canvas.overlay_style(cells, canvas.token_style(StyleToken::Muted));
        }
        if let Some(line) = as_it_is.filter(|_| segment.bytes.end == text.text.len()) {
            let notes = (&state.values, &pane.file.path, line);
            effective_values::draw_line_notes(canvas, notes, end..marks, y);
        }
        if pane.cursor.is_some_and(|cursor| pane.file.line_at(cursor) == *line) {
            let is_first = !std::mem::replace(&mut has_cursor, true);
            draw_cursor(canvas, state, ScreenArea { y, height: 1, ..area }, is_first);
        }
    }
}

/// The column of the text, from the left edge of its pane.
pub(super) fn text_column(digits: usize) -> u16 {
    u16::try_from(gutter_cells(digits)).unwrap_or(u16::MAX)
}

/// Marks the line that has the cursor: where the pane has the keys with the bar, in the first of its rows.
fn draw_cursor(canvas: &mut Canvas<'_>, state: &AppState, row: ScreenArea, is_first: bool) {
    canvas.overlay_style(row, canvas.token_style(StyleToken::Line));
    match (state.has_keys(crate::app::Pane::Source), is_first) {
        (true, true) => {
            canvas.draw_sign(row.x, row.y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
        (true, false) => {}
        (false, _) => canvas.overlay_style(row, Style::new().add_modifier(Modifier::BOLD)),
    }
}

/// Draws how many lines are left out.
fn draw_gap(canvas: &mut Canvas<'_>, row: &GhostRow, area: ScreenArea, digits: usize) {
    let (words, slot) = match row {
        GhostRow::Gap(count) => {
            let sign = canvas.glyphs().gap;
            (format!("{sign} {}", safe_text::count_of(*count, "line")), StyleToken::Muted)
        }
        GhostRow::Rest(count) => {
            let sign = canvas.glyphs().ellipsis;
            let more = safe_text::count_of(*count, "more changed line");
            (format!("{sign} {more}: f shows all"), StyleToken::Title)
        }
        GhostRow::Line { .. } => return,
    };
    let x = area.x + text_column(digits).saturating_sub(2);
    canvas.draw_text(x, area.y, area.right().saturating_sub(x), &words, canvas.token_style(slot));
}

/// Draws what stands before the text: the sign of a change or the letter of a finding, the number, and a bar.
pub(super) fn draw_gutter(canvas: &mut Canvas<'_>, gutter: &LineGutter, area: ScreenArea, y: u16) {
    let (sign, slot) = match gutter.change {
        LineChange::Added => (Some("+"), StyleToken::Added),
        LineChange::Removed => (Some("-"), StyleToken::Base),
        LineChange::Unchanged => (None, StyleToken::Muted),
    };
    let style = canvas.token_style(slot);
    let mark = match (sign, gutter.severity) {
        _ if !gutter.is_first => Span::raw(" "),
        (Some(sign), _) => Span::styled(sign, style),
        (None, Some(worst)) => Span::styled(worst.letter().to_string(), canvas.theme.severity_style(worst)),
        (None, None) => Span::raw(" "),
    };
    let number = gutter.number.filter(|_| gutter.is_first).map(|n| n.to_string()).unwrap_or_default();
    let digits = gutter.digits;
    let bar = match sign {
        Some(_) => canvas.glyphs().change_bar,
        None if gutter.is_passed => canvas.glyphs().shade,
        None => " ",
    };
    let spans = vec![mark, Span::styled(format!(" {number:>digits$} "), style), Span::styled(bar, style)];
    let room = area.width.saturating_sub(1).min(text_column(digits));
    canvas.draw_line(area.x + 1, y, room, &Line::from(spans));
}

/// Draws the number of findings in the line, at the right edge, where there are several. Gives where the line ends.
fn draw_count_mark(canvas: &mut Canvas<'_>, count: usize, area: ScreenArea, y: u16) -> u16 {
    if count < 2 {
        return area.right();
    }
    let [open, close] = canvas.glyphs().brackets;
    let text = Span::styled(format!("{open}{count}{close}"), canvas.token_style(StyleToken::Muted));
    canvas.draw_right(area.x, y, area.width, &Line::from(text)) - 1
}

fn selected_span(state: &AppState, pane: &FilePane) -> Option<Bytes> {
    let entry = state.current_finding().filter(|_| state.is_single_finding())?;
    (entry.key.path == pane.file.path).then_some(entry.finding.span)
}

/// The part of a span that lies within a line, in bytes of the line.
fn clamp_to_line(span: Option<Bytes>, line: Bytes) -> Range<usize> {
    let Some(span) = span else { return 0..0 };
    let clamp = |at: usize| at.clamp(line.start, line.end) - line.start;
    clamp(span.start)..clamp(span.end)
}

/// The colours of the rows of a pane.
struct LineColours(Vec<HighlightedParts>);

impl LineColours {
    fn find(highlighter: &mut Highlighter, pane: &FilePane, kind: FileKind) -> Self {
        let mut parts = vec![HighlightedParts::new(); pane.view.rows.len()];
        // Lines that follow each other in one text are coloured together.
        let mut at = 0;
        while at < parts.len() {
            let Some((line, number)) = numbered_line(pane, at) else {
                at += 1;
                continue;
            };
            let mut end = at + 1;
            let mut last = number;
            while let Some((next, following)) = numbered_line(pane, end)
                && (following == last || following == last + 1)
                && is_alone(pane, next) == is_alone(pane, line)
            {
                (end, last) = (end + 1, following);
            }
            let (source, _) = pane.file.source_of(line);
            let alone = is_alone(pane, line);
            let lines = match alone {
                true => Vec::new(),
                false => highlighter.highlight_lines(source, kind, number..last + 1),
            };
            for (row, part) in parts[at..end].iter_mut().enumerate() {
                match numbered_line(pane, at + row) {
                    Some((line, _)) if alone => {
                        *part = highlighter.highlight_alone(pane.file.text_of(line), kind);
                    }
                    Some((_, following)) => part.clone_from(&lines[following - number]),
                    None => {}
                }
            }
            at = end;
        }
        Self(parts)
    }

    fn of_row(&self, at: usize) -> &HighlightedParts {
        &self.0[at]
    }
}

/// A line that comes is in no text that is there: it is coloured by itself.
fn is_alone(pane: &FilePane, line: PatchedLine) -> bool {
    line.change == LineChange::Added && !pane.file.is_after()
}

fn numbered_line(pane: &FilePane, row: usize) -> Option<(PatchedLine, usize)> {
    match pane.view.rows.get(row)? {
        GhostRow::Line { line, .. } => Some((*line, pane.file.source_of(*line).1)),
        GhostRow::Gap(_) | GhostRow::Rest(_) => None,
    }
}

/// A row of a line, with its colours.
pub(super) struct ColouredSegment<'a> {
    pub(super) text: &'a str,
    pub(super) segment: &'a LineSegment,
    pub(super) parts: &'a HighlightedParts,
    pub(super) selected: Range<usize>,
    pub(super) is_struck: bool,
}

impl ColouredSegment<'_> {
    pub(super) fn spans(&self, canvas: &Canvas<'_>) -> Vec<Span<'static>> {
        let mut spans: Vec<Span<'static>> = Vec::new();
        if self.segment.indent > 0 {
            spans.push(Span::raw(" ".repeat(self.segment.indent)));
        }
        let mut column = self.segment.column;
        let bytes = self.segment.bytes.clone();
        for (at, c) in self.text[bytes.clone()].char_indices() {
            let style = self.style_at(canvas, bytes.start + at);
            let width = cell_width(c, column);
            match c {
                '\t' => push_styled(&mut spans, &" ".repeat(width), style),
                c if is_unsafe(c) => push_styled(&mut spans, canvas.glyphs().control_char, style),
                c => push_styled(&mut spans, c.encode_utf8(&mut [0; 4]), style),
            }
            column += width;
        }
        spans
    }

    fn style_at(&self, canvas: &Canvas<'_>, at: usize) -> Style {
        let part = self.parts.partition_point(|(range, _)| range.end <= at);
        let slot = self.parts.get(part).filter(|(range, _)| range.contains(&at)).map(|(_, slot)| *slot);
        let mut style = canvas.token_style(slot.unwrap_or(StyleToken::Base));
        if self.selected.contains(&at) {
            style = style.patch(canvas.token_style(StyleToken::Match));
        }
        if self.is_struck { style.add_modifier(Modifier::CROSSED_OUT) } else { style }
    }
}

fn push_styled(spans: &mut Vec<Span<'static>>, text: &str, style: Style) {
    match spans.last_mut() {
        Some(last) if last.style == style => last.content.to_mut().push_str(text),
        _ => spans.push(Span::styled(text.to_owned(), style)),
    }
}
