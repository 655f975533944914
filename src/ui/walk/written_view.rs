//! Draws a chapter whose change is written: before and after side by side, the written lines, what they closed.

use ratatui::text::{Line, Span};

use super::{change_view, chapter_parts, draw_scrolling, evidence_view, heading_line, inset_area};
use crate::app::{AppState, PatchLine, ScreenArea, ScrollLimits, WalkScreen, WrittenChapter};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, safe_text};
use crate::walkthrough::{AppBefore, AppWalk, ChapterPage, ChapterStatus, pair_evidence};

/// What became of a chapter that was open: in this session with its lines, in an earlier one without.
pub(super) struct ChapterOutcome<'s> {
    page: &'s ChapterPage,
    written: Option<&'s WrittenChapter>,
    initial: Option<&'s AppBefore>,
}

impl<'s> ChapterOutcome<'s> {
    /// The outcome of the chapter in view; none while there is something to do, and where nothing had to be done.
    pub(super) fn of_page(walking: &'s WalkScreen, page: &'s ChapterPage) -> Option<Self> {
        let written = walking.written_change();
        let initial = walking.initial.as_ref();
        let is_changed = initial.is_some_and(|initial| initial.is_changed(page));
        (written.is_some() || is_changed).then_some(Self { page, written, initial })
    }

    fn closed_rules(&self) -> String {
        match self.written {
            Some(written) => written.closed_rules.clone(),
            None => self.initial.map(|initial| initial.closed_rules(self.page)).unwrap_or_default(),
        }
    }

    /// What is left of the chapter, with the reason of each.
    fn rest(&self) -> Vec<String> {
        let withheld = self.written.map(|written| written.withheld.as_slice()).unwrap_or_default();
        let mut rest: Vec<String> =
            withheld.iter().map(|(rule, reason)| format!("{rule}: {reason}")).collect();
        if rest.is_empty() && self.page.status == ChapterStatus::ToDo {
            rest.extend(self.page.quotes.iter().map(|quote| quote.message.clone()));
        }
        rest.dedup();
        rest
    }
}

/// Draws the outcome, and measures how far it can be scrolled.
pub(super) fn draw_written(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    outcome: &ChapterOutcome<'_>,
    area: ScreenArea,
    measured: &mut ScrollLimits,
) {
    let scroll = state.walk.as_ref().map_or(0, |walking| walking.scroll);
    if area.width < super::MIN_WIDE_COLUMNS {
        let text = inset_area(area);
        let mut lines = title_lines(canvas, outcome, text.width);
        lines.extend(seen_lines(canvas, outcome, text.width, false));
        lines.extend(change_lines(canvas, outcome, text.width));
        lines.extend(check_lines(canvas, outcome, text.width));
        lines.extend(rule_lines(canvas, state, outcome, text.width));
        measured.page = draw_scrolling(canvas, &lines, text, scroll);
        return;
    }
    let (left, right) = super::split_columns(canvas, area);
    let (left, right) = (inset_area(left), inset_area(right));
    let mut lines = title_lines(canvas, outcome, left.width);
    lines.push(Line::default());
    let seen = seen_lines(canvas, outcome, left.width, true);
    if !seen.is_empty() {
        lines.extend(seen);
        lines.push(Line::default());
    }
    lines.extend(rule_lines(canvas, state, outcome, left.width));
    measured.page = draw_scrolling(canvas, &lines, left, scroll);
    let mut beside = change_lines(canvas, outcome, right.width);
    if !beside.is_empty() {
        beside.push(Line::default());
    }
    beside.push(heading_line(canvas, "How to see it yourself"));
    beside.extend(check_lines(canvas, outcome, right.width));
    draw_scrolling(canvas, &beside, right, scroll);
}

/// The chapter's title with the time at which it was written, and what the chapter has come to.
fn title_lines(canvas: &Canvas<'_>, outcome: &ChapterOutcome<'_>, cells: u16) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut title = chapter_parts::title_line(canvas, outcome.page);
    if let Some(written) = outcome.written {
        let words = format!("{} written {}", canvas.glyphs().check_mark, written.at);
        let room = cells.saturating_sub(title.width() + safe_text::text_width(&words)).max(2);
        title.spans.push(Span::raw(" ".repeat(room)));
        title.spans.push(Span::styled(words, canvas.token_style(StyleToken::Good)));
    }
    let mut lines = vec![title];
    lines.extend(chapter_parts::status_lines(canvas, outcome.page, cells));
    lines
}

/// What is seen before and after, side by side where both have room.
fn seen_lines(
    canvas: &Canvas<'_>,
    outcome: &ChapterOutcome<'_>,
    cells: u16,
    note: bool,
) -> Vec<Line<'static>> {
    let before = match (outcome.written, outcome.initial) {
        (Some(written), _) => written.before.as_slice(),
        (None, Some(initial)) => initial.evidence_of(outcome.page.chapter),
        (None, None) => &[],
    };
    let pair = pair_evidence(before, &outcome.page.evidence);
    let mut lines = evidence_view::pair_lines(canvas, &pair, usize::from(cells));
    if !lines.is_empty() && note {
        let words = "computed from these files, not observed";
        lines.push(Line::from(Span::styled(words, canvas.token_style(StyleToken::Muted))));
    }
    lines
}

/// The written lines, lit, under their files.
fn change_lines(canvas: &Canvas<'_>, outcome: &ChapterOutcome<'_>, cells: u16) -> Vec<Line<'static>> {
    let lines: &[PatchLine] = outcome.written.map(|written| written.lines.as_slice()).unwrap_or_default();
    change_view::written_rows(canvas, lines, usize::from(cells))
}

fn check_lines(canvas: &Canvas<'_>, outcome: &ChapterOutcome<'_>, cells: u16) -> Vec<Line<'static>> {
    chapter_parts::check_lines(canvas, outcome.page, usize::from(cells))
}

/// The rules closed, what is left of the chapter, and what is left for others.
fn rule_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    outcome: &ChapterOutcome<'_>,
    cells: u16,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let said = |words: &str, token| {
        let words = safe_text::clean_text(words, canvas.glyphs().control_char);
        markdown::sentence_lines(&words, cells, canvas.theme, token)
    };
    let mut lines = Vec::new();
    let closed = outcome.closed_rules();
    if !closed.is_empty() {
        lines.extend(said(&format!("Rules closed: {closed}"), StyleToken::Good));
    }
    let rest = outcome.rest();
    for reason in &rest {
        lines.extend(said(&format!("Left: {reason}"), StyleToken::Caution));
    }
    let walk = state.walk.as_ref().and_then(WalkScreen::app_walk).filter(|_| rest.is_empty());
    let open: Vec<String> = walk
        .into_iter()
        .flat_map(AppWalk::unfinished_chapters)
        .filter(|(chapter, _)| *chapter != outcome.page.chapter)
        .map(|(chapter, _)| format!("{} {}", chapter.chapter_number(), chapter.name()))
        .collect();
    if !open.is_empty() {
        lines.extend(said(&format!("Left for other chapters: {}", open.join(", ")), StyleToken::Muted));
    }
    lines
}
