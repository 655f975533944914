//! A chapter where there is room: what is and what would be seen on the left, the change and what follows on the right.

use ratatui::text::{Line, Span};

use super::{chapter, heading, inset, scrolled, seen};
use crate::app::{Area, State};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::fix;
use crate::walkthrough::{AppWalk, ChapterPage, ChapterStatus};

/// More cited lines than these are counted, not shown.
const CITED: usize = 4;

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    state: &State,
    (journey, page): (&AppWalk, &ChapterPage),
    area: Area,
    scroll: usize,
) -> usize {
    let left = Area { width: area.width * 11 / 20, ..area };
    let right = Area { x: left.right() + 1, width: area.right() - left.right() - 1, ..area };
    if !matches!(page.status, ChapterStatus::NotApplicable(_)) {
        let plain = canvas.style(Slot::Border);
        canvas.down(left.right(), area.y, area.height, plain);
        canvas.sign(left.right(), area.bottom(), canvas.glyphs().tees[1], plain);
    }
    let text = inset(left);
    // What explains gives way to what is shown.
    let rows = usize::from(text.height);
    let laid_out = TRIES.into_iter().map(|look| lines(canvas, state, page, text.width, look));
    let mut fitting = laid_out.skip_while(|lines| lines.len() > rows);
    let lines = fitting.next().unwrap_or_else(|| lines(canvas, state, page, text.width, LEAST));
    let last = scrolled(canvas, &lines, text, scroll);
    let words = afterwards(canvas, state, page, journey, inset(right).width);
    if page.status == ChapterStatus::ToDo {
        let wanted = fix::height(canvas, state, right.width);
        let below = rows.saturating_sub(wanted).max(rows * 2 / 5).min(words.len());
        let below = u16::try_from(below).unwrap_or(u16::MAX);
        let upper = Area { height: right.height - below, ..right };
        fix::draw(canvas, state, upper);
        canvas.lines(Area { y: upper.bottom(), height: below, ..inset(right) }, &words);
    } else {
        canvas.lines(inset(right), &words);
    }
    last
}

/// How the left side is laid out: with the reason, with empty lines, with what would be seen side by side.
type Look = (bool, bool, bool);

/// The first that fits is taken, and the least where none does.
const TRIES: [Look; 6] = [
    (true, true, false),
    (true, false, false),
    (true, false, true),
    (false, true, false),
    (false, false, false),
    LEAST,
];
const LEAST: Look = (false, false, true);

/// Why, where it stands, and what would be seen.
fn lines(
    canvas: &Canvas<'_>,
    state: &State,
    page: &ChapterPage,
    cells: u16,
    (why, air, beside): Look,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut lines = vec![chapter::title(canvas, page)];
    let break_off = |lines: &mut Vec<Line<'static>>| {
        if air {
            lines.push(Line::default());
        }
    };
    lines.extend(chapter::standing(canvas, page, cells));
    if why {
        break_off(&mut lines);
        lines.extend(chapter::why(canvas, page, cells));
    }
    if !page.quotes.is_empty() {
        break_off(&mut lines);
        lines.push(heading(canvas, "Where you stand"));
        lines.extend(chapter::stand(canvas, page, cells, CITED, cells / 2));
    }
    if !page.evidence.is_empty() {
        break_off(&mut lines);
        lines.push(Line::from(vec![
            Span::styled("What would be seen", canvas.style(Slot::Heading)),
            Span::styled("  computed from these files, not observed", canvas.style(Slot::Muted)),
        ]));
        let seen = seen::lines(canvas, state, page, cells.saturating_sub(2), beside);
        lines.extend(seen.into_iter().map(chapter::indented));
    }
    lines
}

/// What may break, and how to check; of a chapter with nothing to do, only how to check.
fn afterwards(
    canvas: &Canvas<'_>,
    state: &State,
    page: &ChapterPage,
    journey: &AppWalk,
    cells: u16,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut lines = Vec::new();
    if matches!(page.status, ChapterStatus::NotApplicable(_)) {
        return lines;
    }
    lines.push(Line::default());
    if page.status == ChapterStatus::ToDo {
        lines.push(heading(canvas, "What it may break"));
        lines.extend(chapter::breaks(canvas, state, page, cells, true));
        lines.push(Line::default());
    }
    lines.push(heading(canvas, "How to check"));
    lines.extend(chapter::check(canvas, page, journey, cells));
    lines
}
