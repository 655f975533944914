//! Lays out a chapter's change for the walk: every line of it whole, and in pages where there is no room for all.

use std::ops::Range;

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::app::{AppState, ChapterChange, PatchLine, ScreenArea};
use crate::text::diff::{DiffLine, LineChange};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::safe_text;

/// The least columns in which the text of a line is broken.
const MIN_TEXT_COLUMNS: usize = 8;

/// One page of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChangePages {
    pub page: usize,
    pub pages: usize,
    /// The rows of this page.
    pub rows: Range<usize>,
}

/// Splits so many rows into pages: the first has room for `first` of them, each other one for `rest`. A page after which
/// another comes keeps its last row for saying so.
pub(super) fn split_pages(total: usize, first: usize, rest: usize, page: usize) -> ChangePages {
    if total <= first {
        return ChangePages { page: 0, pages: 1, rows: 0..total };
    }
    let (first, rest) = (first.saturating_sub(1), rest.saturating_sub(1).max(1));
    let pages = 1 + (total - first).div_ceil(rest);
    let page = page.min(pages - 1);
    let from = if page == 0 { 0 } else { first + (page - 1) * rest };
    let to = if page == 0 { first } else { (from + rest).min(total) };
    ChangePages { page, pages, rows: from..to }
}

/// The page of the change that a person has come to, before it is known how many there are.
pub(super) fn wanted_page(state: &AppState) -> usize {
    state.walk.as_ref().map_or(0, |walking| walking.page_of_change(state.preview.generation))
}

/// The change as it is drawn, for the key that writes it; none while there is none to write.
pub(super) fn drawn_change(state: &AppState, pages: &ChangePages) -> Option<ChapterChange> {
    state.preview.writable_plan().map(|_| ChapterChange {
        generation: state.preview.generation,
        page: pages.page,
        pages: pages.pages,
    })
}

/// The rows of the change in so many cells: with the lines around it where all of that fits into `room` rows.
pub(super) fn change_rows(
    canvas: &Canvas<'_>,
    state: &AppState,
    cells: usize,
    room: usize,
) -> Vec<Line<'static>> {
    let lines = &state.preview.visible().short_lines;
    let rows = rows_of(canvas, lines, cells);
    if rows.len() <= room {
        return rows;
    }
    rows_of(canvas, &changed_lines(lines), cells)
}

/// Lines that were written, under their files.
pub(super) fn written_rows(canvas: &Canvas<'_>, lines: &[PatchLine], cells: usize) -> Vec<Line<'static>> {
    rows_of(canvas, lines, cells)
}

/// The changed lines alone under their files, with a gap where others stand between them.
fn changed_lines(lines: &[PatchLine]) -> Vec<PatchLine> {
    let mut kept: Vec<PatchLine> = Vec::new();
    let mut skipped = false;
    for line in lines {
        match line {
            PatchLine::Line(line) if line.change == LineChange::Unchanged => skipped = true,
            PatchLine::Gap => skipped = true,
            PatchLine::File(_) => {
                skipped = false;
                kept.push(line.clone());
            }
            PatchLine::Line(_) => {
                let is_first = kept.last().is_none_or(|line| matches!(line, PatchLine::File(_)));
                if std::mem::take(&mut skipped) && !is_first {
                    kept.push(PatchLine::Gap);
                }
                kept.push(line.clone());
            }
        }
    }
    kept
}

fn rows_of(canvas: &Canvas<'_>, lines: &[PatchLine], cells: usize) -> Vec<Line<'static>> {
    let largest = lines.iter().filter_map(|line| match line {
        PatchLine::Line(line) => line.after.or(line.before),
        _ => None,
    });
    let digits = largest.max().unwrap_or(1).to_string().len().max(2);
    let mut rows = Vec::new();
    for line in lines {
        match line {
            PatchLine::File(path) => {
                let path = safe_text::clean_text(path.as_str(), canvas.glyphs().control_char);
                let style = canvas.token_style(StyleToken::Heading);
                let parts = safe_text::wrap_words(&path, cells.max(MIN_TEXT_COLUMNS));
                rows.extend(parts.into_iter().map(|part| Line::from(Span::styled(part, style))));
            }
            PatchLine::Gap => rows.push(Line::from(Span::styled(
                format!("{:>1$}", canvas.glyphs().ellipsis, digits + 3),
                canvas.token_style(StyleToken::Muted),
            ))),
            PatchLine::Line(line) => rows.extend(line_rows(canvas, line, digits, cells)),
        }
    }
    rows
}

/// One line, broken where it is longer than the room: `+ 36 ┃ runAsUser: 65532`, marked as in the source.
fn line_rows(canvas: &Canvas<'_>, line: &DiffLine, digits: usize, cells: usize) -> Vec<Line<'static>> {
    let (sign, bar, token) = match line.change {
        LineChange::Unchanged => (" ", " ", StyleToken::Muted),
        LineChange::Added => ("+", canvas.glyphs().change_bar, StyleToken::Added),
        LineChange::Removed => ("-", canvas.glyphs().change_bar, StyleToken::Base),
    };
    let style = canvas.token_style(token);
    let is_removed = line.change == LineChange::Removed;
    let text_style = if is_removed { style.add_modifier(Modifier::CROSSED_OUT) } else { style };
    let muted = canvas.token_style(StyleToken::Muted);
    let number = line.after.map(|number| number.to_string()).unwrap_or_default();
    let room = cells.saturating_sub(digits + 5).max(MIN_TEXT_COLUMNS);
    let text = safe_text::clean_text(&line.text, canvas.glyphs().control_char);
    let row = |(at, part): (usize, String)| {
        let (sign, number) = if at == 0 { (sign, number.as_str()) } else { (" ", "") };
        let indent = part.len() - part.trim_start_matches(' ').len();
        Line::from(vec![
            Span::styled(format!("{sign} "), style),
            Span::styled(format!("{number:>digits$} "), muted),
            Span::styled(format!("{bar} {}", &part[..indent]), style),
            Span::styled(part[indent..].to_owned(), text_style),
        ])
    };
    safe_text::break_line(&text, room).into_iter().enumerate().map(row).collect()
}

/// Draws a page of lines. After it, where another comes, stands how to go on.
pub(super) fn draw_page(canvas: &mut Canvas<'_>, rows: &[Line<'_>], pages: &ChangePages, area: ScreenArea) {
    canvas.draw_lines(area, &rows[pages.rows.clone()]);
    if pages.page + 1 < pages.pages && area.height > 0 {
        let used = u16::try_from(pages.rows.len()).unwrap_or(u16::MAX).min(area.height - 1);
        let words = page_words(canvas, pages);
        canvas.draw_text(area.x, area.y + used, area.width, &words, canvas.token_style(StyleToken::Caution));
    }
}

/// `… page 1 of 3, Space shows the next`; where nothing of it has room on the first, that it begins on the next.
pub(super) fn page_words(canvas: &Canvas<'_>, pages: &ChangePages) -> String {
    let ellipsis = canvas.glyphs().ellipsis;
    if pages.rows.is_empty() {
        return format!("{ellipsis} begins on page 2 of {}: Space shows it", pages.pages);
    }
    format!("{ellipsis} page {} of {}, Space shows the next", pages.page + 1, pages.pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page_and_in_its_place() {
        for total in 0..40 {
            for (first, rest) in [(0, 5), (1, 2), (3, 9), (10, 10), (50, 3)] {
                let pages = split_pages(total, first, rest, 0).pages;
                let shown: Vec<usize> =
                    (0..pages).flat_map(|page| split_pages(total, first, rest, page).rows).collect();
                assert_eq!(shown, (0..total).collect::<Vec<_>>(), "{total} rows, {first} and {rest}");
            }
        }
    }
}
