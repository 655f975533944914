//! The tree of files, with what was found in each.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::text;
use crate::app::{Area, Counts, FileRow, Leaf, Pane, State};
use crate::audit::Status;
use crate::finding::Severity;
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let focused = state.focus == Pane::Files;
    super::title(canvas, area, "Files", focused);
    let rows = state.tree.iter().enumerate().skip(state.files.top).take(area.lines());
    for ((at, row), y) in rows.zip(area.y + 1..) {
        let place = Area::new(area.x, y, area.width, 1);
        draw_row(canvas, state, row, place);
        if at == state.files.row {
            let away = !focused;
            canvas.sign(place.x, y, canvas.glyphs().bar, canvas.style(Slot::Base));
            canvas.wash(place, canvas.style(if away { Slot::SelectionAway } else { Slot::Selection }));
        }
    }
}

fn draw_row(canvas: &mut Canvas<'_>, state: &State, row: &FileRow, place: Area) {
    let glyphs = canvas.glyphs();
    let indent = 1 + row.depth * 2;
    let x = place.x + indent.min(place.width);
    let name = usize::from(indent) + 3 + text::width(&row.name);
    let counts = counts(canvas, row.counts, usize::from(place.width).saturating_sub(name + 1));
    let right = canvas.right(place.x, place.y, place.width.saturating_sub(1), &counts);
    let cells = right.saturating_sub(x + 1);
    let line = match &row.leaf {
        Leaf::Folder(_) => {
            let sign = if row.open == Some(true) { glyphs.open } else { glyphs.closed };
            Line::from(vec![
                Span::styled(format!("{sign} "), canvas.style(Slot::Muted)),
                Span::styled(row.name.clone(), canvas.style(Slot::Title)),
            ])
        }
        Leaf::File(path) => {
            let status = state.store.file(path).map_or(&Status::Audited, |file| &file.status);
            let (sign, slot, name) = match (status, row.counts.worst()) {
                (Status::Skipped(_), _) => (glyphs.dash, Slot::Muted, Slot::Muted),
                (Status::Partial(_), _) => ("!", Slot::Caution, Slot::Muted),
                (Status::Audited, None) => (glyphs.dot, Slot::Good, Slot::Base),
                (Status::Audited, Some(_)) => (glyphs.dot, Slot::Base, Slot::Base),
            };
            let style = match (status, row.counts.worst()) {
                (Status::Audited, Some(worst)) => canvas.theme.severity(worst),
                _ => canvas.style(slot),
            };
            Line::from(vec![
                Span::styled(format!("{sign} "), style),
                Span::styled(row.name.clone(), canvas.style(name)),
            ])
        }
    };
    canvas.line(x, place.y, cells, &line);
}

/// How many findings there are of each severity, the most severe first, as far as there is room; then the sum of the rest.
pub(super) fn counts(canvas: &Canvas<'_>, counts: Counts, cells: usize) -> Line<'static> {
    let all: Vec<(Severity, usize)> = counts.each().collect();
    let mut line = Line::default();
    for named in (1..=all.len()).rev() {
        let rest: usize = all[named..].iter().map(|(_, count)| count).sum();
        let mut spans = Vec::new();
        for (i, (severity, count)) in all[..named].iter().enumerate() {
            let space = if i > 0 { " " } else { "" };
            spans.push(Span::styled(format!("{space}{count}"), canvas.style(Slot::Base)));
            spans.push(Span::styled(severity.letter().to_string(), canvas.theme.severity(*severity)));
        }
        if rest > 0 {
            spans.push(Span::styled(format!(" +{rest}"), canvas.style(Slot::Muted)));
        }
        line = Line::from(spans);
        if line.width() <= cells {
            break;
        }
    }
    line
}
