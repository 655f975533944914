//! Draws the tree of files, with the number of findings in each.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::safe_text;
use crate::app::{AppState, FileTreeNode, FileTreeRow, Pane, ScreenArea, SeverityCounts};
use crate::audit::FileStatus;
use crate::finding::Severity;
use crate::theme::StyleToken;

pub(super) fn draw_file_tree(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let focused = state.has_keys(Pane::Files);
    super::draw_pane_title(canvas, area, "Files", focused);
    let rows = state.tree.iter().enumerate().skip(state.files_cursor.top).take(area.content_lines());
    for ((at, row), y) in rows.zip(area.y + 1..) {
        let place = ScreenArea::new(area.x, y, area.width, 1);
        draw_tree_row(canvas, state, (at, row), place);
        if at == state.files_cursor.row {
            super::mark_selected_row(canvas, place, focused);
        }
    }
}

/// The cells of the sign before a name, and of the blanks around its counts.
const SIGN_CELLS: usize = 4;

fn draw_tree_row(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    (at, row): (usize, &FileTreeRow),
    place: ScreenArea,
) {
    let glyphs = canvas.glyphs();
    let indent = 1 + row.depth * 2;
    let x = place.x + indent.min(place.width);
    // The name has what the shortest form of the counts leaves.
    let least = severity_counts(canvas, row.counts, 0).width();
    let room = usize::from(place.width.saturating_sub(indent)).saturating_sub(SIGN_CELLS + least);
    let beside = [at.checked_sub(1), Some(at + 1)];
    let beside = beside.map(|at| Some(state.tree.get(at?)?.name.as_str()));
    let shown = safe_text::fit_apart(&row.name, beside, room, glyphs.ellipsis).into_owned();
    let name = usize::from(indent) + 3 + safe_text::text_width(&shown);
    let counts = severity_counts(canvas, row.counts, usize::from(place.width).saturating_sub(name + 1));
    let right = canvas.draw_right(place.x, place.y, place.width.saturating_sub(1), &counts);
    let cells = right.saturating_sub(x + 1);
    let line = match &row.node {
        FileTreeNode::Folder(_) => {
            let sign = if row.expanded == Some(true) { glyphs.expanded } else { glyphs.collapsed };
            Line::from(vec![
                Span::styled(format!("{sign} "), canvas.token_style(StyleToken::Muted)),
                Span::styled(shown, canvas.token_style(StyleToken::Title)),
            ])
        }
        FileTreeNode::File(path) => {
            let status = state.store.file(path).map_or(&FileStatus::Audited, |file| &file.status);
            let (sign, slot, name) = match (status, row.counts.worst_severity()) {
                (FileStatus::Skipped(_), _) => (glyphs.dash, StyleToken::Muted, StyleToken::Muted),
                (FileStatus::Partial(_), _) => ("!", StyleToken::Caution, StyleToken::Muted),
                (FileStatus::Audited, None) => (glyphs.dot, StyleToken::Good, StyleToken::Base),
                (FileStatus::Audited, Some(_)) => (glyphs.dot, StyleToken::Base, StyleToken::Base),
            };
            let style = match (status, row.counts.worst_severity()) {
                (FileStatus::Audited, Some(worst)) => canvas.theme.severity_style(worst),
                _ => canvas.token_style(slot),
            };
            Line::from(vec![
                Span::styled(format!("{sign} "), style),
                Span::styled(shown, canvas.token_style(name)),
            ])
        }
    };
    canvas.draw_line(x, place.y, cells, &line);
}

/// The number of findings of each severity, the most severe first, as far as there is room; then the sum of the rest.
pub(super) fn severity_counts(canvas: &Canvas<'_>, counts: SeverityCounts, cells: usize) -> Line<'static> {
    let all: Vec<(Severity, usize)> = counts.by_severity().collect();
    let mut line = Line::default();
    for named in (1..=all.len()).rev() {
        let rest: usize = all[named..].iter().map(|(_, count)| count).sum();
        let mut spans = Vec::new();
        for (i, (severity, count)) in all[..named].iter().enumerate() {
            let space = if i > 0 { " " } else { "" };
            spans.push(Span::styled(format!("{space}{count}"), canvas.token_style(StyleToken::Base)));
            spans.push(Span::styled(severity.letter().to_string(), canvas.theme.severity_style(*severity)));
        }
        if rest > 0 {
            spans.push(Span::styled(format!(" +{rest}"), canvas.token_style(StyleToken::Muted)));
        }
        line = Line::from(spans);
        if line.width() <= cells {
            break;
        }
    }
    line
}
