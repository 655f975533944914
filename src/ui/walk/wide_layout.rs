//! Draws a chapter on a wide screen: the lines and the evidence on the left, the change and what follows on the right.

use ratatui::text::{Line, Span};

use super::{chapter_parts, draw_scrolling, evidence_view, heading_line, inset_area};
use crate::app::{AppState, ScreenArea};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::fix_view;
use crate::walkthrough::{AppWalk, ChapterPage, ChapterStatus};

/// The most quoted lines; the others are counted.
const MAX_QUOTES: usize = 4;

pub(super) fn draw_wide(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    (journey, page): (&AppWalk, &ChapterPage),
    area: ScreenArea,
    scroll: usize,
) -> usize {
    let left = ScreenArea { width: area.width * 11 / 20, ..area };
    let right = ScreenArea { x: left.right() + 1, width: area.right() - left.right() - 1, ..area };
    if !matches!(page.status, ChapterStatus::NotApplicable(_)) {
        let plain = canvas.token_style(StyleToken::Border);
        canvas.draw_vertical(left.right(), area.y, area.height, plain);
        canvas.draw_sign(left.right(), area.bottom(), canvas.glyphs().junctions[1], plain);
    }
    let text = inset_area(left);
    // Explanations give way to quotes and evidence.
    let rows = usize::from(text.height);
    let laid_out = ARRANGEMENTS.into_iter().map(|look| left_lines(canvas, state, page, text.width, look));
    let mut fitting = laid_out.skip_while(|lines| lines.len() > rows);
    let lines =
        fitting.next().unwrap_or_else(|| left_lines(canvas, state, page, text.width, SMALLEST_ARRANGEMENT));
    let last = draw_scrolling(canvas, &lines, text, scroll);
    let words = follow_up_lines(canvas, state, page, journey, inset_area(right).width);
    if page.status == ChapterStatus::ToDo {
        let wanted = fix_view::fix_height(canvas, state, right.width);
        let below = rows.saturating_sub(wanted).max(rows * 2 / 5).min(words.len());
        let below = u16::try_from(below).unwrap_or(u16::MAX);
        let upper = ScreenArea { height: right.height - below, ..right };
        fix_view::draw_fix(canvas, state, upper);
        canvas.draw_lines(ScreenArea { y: upper.bottom(), height: below, ..inset_area(right) }, &words);
    } else {
        canvas.draw_lines(inset_area(right), &words);
    }
    last
}

/// The arrangement of the left side: with the reason, with empty lines, with the evidence side by side.
type WideArrangement = (bool, bool, bool);

/// The arrangements; the first that fits is taken, and the last where none does.
const ARRANGEMENTS: [WideArrangement; 6] = [
    (true, true, false),
    (true, false, false),
    (true, false, true),
    (false, true, false),
    (false, false, false),
    SMALLEST_ARRANGEMENT,
];
const SMALLEST_ARRANGEMENT: WideArrangement = (false, false, true);

/// The reason, the quoted lines, and the evidence.
fn left_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    cells: u16,
    (why, air, beside): WideArrangement,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut lines = vec![chapter_parts::title_line(canvas, page)];
    let break_off = |lines: &mut Vec<Line<'static>>| {
        if air {
            lines.push(Line::default());
        }
    };
    lines.extend(chapter_parts::status_lines(canvas, page, cells));
    if why {
        break_off(&mut lines);
        lines.extend(chapter_parts::reason_lines(canvas, page, cells));
    }
    if !page.quotes.is_empty() {
        break_off(&mut lines);
        lines.push(heading_line(canvas, "Where you stand"));
        lines.extend(chapter_parts::quote_lines(canvas, page, cells, MAX_QUOTES, cells / 2));
    }
    if !page.evidence.is_empty() {
        break_off(&mut lines);
        lines.push(Line::from(vec![
            Span::styled("What would be seen", canvas.token_style(StyleToken::Heading)),
            Span::styled("  computed from these files, not observed", canvas.token_style(StyleToken::Muted)),
        ]));
        let seen = evidence_view::evidence_lines(canvas, state, page, cells.saturating_sub(2), beside);
        lines.extend(seen.into_iter().map(chapter_parts::indent_line));
    }
    lines
}

/// The risks, and the check; of a chapter with nothing to do, only the check.
fn follow_up_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
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
        lines.push(heading_line(canvas, "What it may break"));
        lines.extend(chapter_parts::breakage_lines(canvas, state, page, cells, true));
        lines.push(Line::default());
    }
    lines.push(heading_line(canvas, "How to check"));
    lines.extend(chapter_parts::check_lines(canvas, page, journey, cells));
    lines
}
