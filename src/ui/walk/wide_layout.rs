//! Draws a chapter on a wide screen: the lines and the evidence on the left, the change and what follows on the right.

use ratatui::text::{Line, Span};

use super::{change_view, chapter_parts, draw_scrolling, evidence_view, heading_line, inset_area};
use crate::app::{AppState, ChapterChange, ScreenArea, ScrollLimits};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::fix_view;
use crate::walkthrough::{ChapterPage, ChapterStatus};

/// The most quoted lines; the others are counted.
const MAX_QUOTES: usize = 4;

pub(super) fn draw_wide(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    area: ScreenArea,
    measured: &mut ScrollLimits,
) {
    let (left, right) = match page.status {
        ChapterStatus::NotApplicable(_) => (area, ScreenArea { x: area.right(), width: 0, ..area }),
        _ => super::split_columns(canvas, area),
    };
    let text = inset_area(left);
    // Explanations give way to quotes and evidence.
    let rows = usize::from(text.height);
    let laid_out = ARRANGEMENTS.into_iter().map(|look| left_lines(canvas, state, page, text.width, look));
    let mut fitting = laid_out.skip_while(|lines| lines.len() > rows);
    let lines =
        fitting.next().unwrap_or_else(|| left_lines(canvas, state, page, text.width, SMALLEST_ARRANGEMENT));
    let scroll = state.walk.as_ref().map_or(0, |walking| walking.scroll);
    measured.page = draw_scrolling(canvas, &lines, text, scroll);
    let words = fitting_follow_up(canvas, state, page, right);
    if page.status == ChapterStatus::ToDo {
        measured.change = draw_change(canvas, state, right, &words);
    } else {
        canvas.draw_lines(inset_area(right), &words);
    }
}

/// The most risks that are named beside the change; the first number that leaves room for all of it is taken.
const MOST_RISKS: [usize; 4] = [usize::MAX, 6, 4, 2];

/// What follows from the change, with as many of its risks as leave room for the change itself.
fn fitting_follow_up(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    area: ScreenArea,
) -> Vec<Line<'static>> {
    let area = inset_area(area);
    let cells = usize::from(area.width);
    let change = match page.status {
        ChapterStatus::ToDo => {
            let words = fix_view::fix_words(canvas, state, cells, usize::MAX).len();
            words + change_view::change_rows(canvas, state, cells, 0).len()
        }
        _ => 0,
    };
    let room = usize::from(area.height).saturating_sub(change + 1);
    let laid_out = |most| follow_up_lines(canvas, state, page, (area.width, most));
    let mut shorter = MOST_RISKS.into_iter().map(laid_out).skip_while(|lines| lines.len() > room);
    shorter.next().unwrap_or_else(|| laid_out(MOST_RISKS[MOST_RISKS.len() - 1]))
}

/// Draws the change, and below it what follows from it. Where both have no room, the change goes on in pages.
fn draw_change(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    area: ScreenArea,
    follow_up: &[Line<'_>],
) -> Option<ChapterChange> {
    let below = inset_area(ScreenArea { y: area.y + 1, height: area.height.saturating_sub(1), ..area });
    let (cells, height) = (usize::from(below.width), usize::from(below.height));
    let mut lines = fix_view::fix_words(canvas, state, cells, usize::MAX);
    let first = height.saturating_sub(follow_up.len());
    lines.extend(change_view::change_rows(canvas, state, cells, first.saturating_sub(lines.len())));
    let pages = change_view::split_pages(lines.len(), first, height, change_view::wanted_page(state));
    fix_view::draw_fix_title(canvas, state, area);
    change_view::draw_page(canvas, &lines, &pages, below);
    if pages.page == 0 {
        let used = if pages.pages == 1 { pages.rows.len().max(first) } else { first };
        let used = u16::try_from(used).unwrap_or(u16::MAX).min(below.height);
        canvas.draw_lines(ScreenArea { y: below.y + used, height: below.height - used, ..below }, follow_up);
    }
    change_view::drawn_change(state, &pages)
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

/// The risks, at most so many, and the check; of a chapter with nothing to do, only the check.
fn follow_up_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    (cells, most_risks): (u16, usize),
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut lines = Vec::new();
    if matches!(page.status, ChapterStatus::NotApplicable(_)) {
        return lines;
    }
    lines.push(Line::default());
    if page.status == ChapterStatus::ToDo {
        lines.push(heading_line(canvas, "What it may break"));
        lines.extend(chapter_parts::breakage_lines(canvas, state, page, cells, (true, most_risks)));
        lines.push(Line::default());
    }
    lines.push(heading_line(canvas, "How to check"));
    lines.extend(chapter_parts::check_lines(canvas, page, cells));
    lines
}
