//! Draws a chapter on a small screen, whole: every part in its order, named at the left. Where there are too few lines,
//! the evidence is folded, and says so; a change that has no room goes on in pages of its own, never folded.

use ratatui::text::{Line, Span};

use super::{change_view, chapter_parts, draw_scrolling, evidence_view, inset_area};
use crate::app::{AppState, ScreenArea, ScrollLimits};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{fix_view, risk_lines, safe_text};
use crate::walkthrough::{ChapterPage, ChapterStatus};

/// The columns of the parts' names.
const NAME_COLUMNS: usize = 11;
/// The most findings that are quoted; the others are counted.
const MAX_QUOTED_FINDINGS: usize = 2;
/// The lines of the evidence that a fold leaves; the first number that fits is taken.
const FOLD_LIMITS: [usize; 3] = [8, 6, 4];
/// The least lines of the change that stand on the chapter's own page.
const MIN_CHANGE_ROWS: usize = 3;

/// One part: its name, a note below that, and its lines.
struct ChapterPart {
    name: &'static str,
    note: Span<'static>,
    lines: Vec<Line<'static>>,
}

/// Draws the chapter, and measures how far the evidence can be scrolled and which page of the change is in view.
pub(super) fn draw_narrow(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    area: ScreenArea,
    measured: &mut ScrollLimits,
) {
    let wanted = change_view::wanted_page(state);
    let whole = usize::from(area.width.saturating_sub(2));
    let cells = whole.saturating_sub(NAME_COLUMNS);
    let rows = usize::from(area.height);
    let mut head = vec![chapter_parts::title_line(canvas, page)];
    head.extend(chapter_parts::status_lines(canvas, page, whole));
    let mut parts = chapter_parts(canvas, state, page, cells);
    let change = parts.iter().position(|part| part.name == CHANGE_PART);
    // What the other parts leave to the change once the evidence is folded as far as it may be.
    let others: usize = parts.iter().filter(|part| part.name != CHANGE_PART).map(least_rows).sum();
    let room = rows.saturating_sub(head.len() + others);
    if let Some(at) = change {
        let total = parts[at].lines.len();
        let first = if room < MIN_CHANGE_ROWS && total > room { 0 } else { room };
        let pages = change_view::split_pages(total, first, rows.saturating_sub(1), wanted);
        if state.preview.keys == page.finding_keys {
            measured.change = change_view::drawn_change(state, &pages);
        }
        if pages.page > 0 {
            head.truncate(1);
            canvas.draw_lines(inset_area(area), &head);
            let below =
                ScreenArea { y: area.y + 1, height: area.height.saturating_sub(1), ..inset_area(area) };
            return change_view::draw_page(canvas, &parts[at].lines, &pages, below);
        }
        if pages.pages > 1 {
            let words = change_view::page_words(canvas, &pages);
            let more = Line::from(Span::styled(words, canvas.token_style(StyleToken::Caution)));
            parts[at].lines.truncate(pages.rows.len());
            parts[at].lines.push(more);
        }
    }
    measured.page = draw_parts(canvas, state, page, head, parts, area);
}

/// The least lines that a part takes.
fn least_rows(part: &ChapterPart) -> usize {
    let least = FOLD_LIMITS.last().copied().unwrap_or_default();
    if part.name == SEEN_PART { part.lines.len().min(least) } else { part.lines.len() }
}

/// Draws the parts under each other, the evidence folded where there are too few lines; gives how far it can be
/// scrolled.
fn draw_parts(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    mut head: Vec<Line<'static>>,
    mut parts: Vec<ChapterPart>,
    area: ScreenArea,
) -> usize {
    let rows = usize::from(area.height);
    let whole = usize::from(area.width.saturating_sub(2));
    let scroll = state.walk.as_ref().map_or(0, |walking| walking.scroll);
    let used = |parts: &[ChapterPart], head: &[Line<'_>]| {
        head.len() + parts.iter().map(|part| part.lines.len()).sum::<usize>()
    };
    let mut spare = rows.saturating_sub(used(&parts, &head));
    // The explanation is shown where there is room for it.
    let then = chapter_parts::breakage_lines(
        canvas,
        state,
        page,
        whole.saturating_sub(NAME_COLUMNS),
        (true, MAX_ROOMY_RISKS),
    );
    if let Some(breaks) = parts.iter_mut().find(|part| part.name == BREAKS_PART)
        && then.len() <= breaks.lines.len() + spare
    {
        spare -= then.len().saturating_sub(breaks.lines.len());
        breaks.lines = then;
    }
    let why = chapter_parts::reason_lines(canvas, page, whole);
    if why.len() <= spare {
        spare -= why.len();
        head.extend(why);
    }
    let over = used(&parts, &head).saturating_sub(rows);
    let seen = parts.iter_mut().find(|part| part.name == SEEN_PART).filter(|_| over > 0);
    let foldable =
        |kept: &usize| seen.as_ref().map_or(0, |part| part.lines.len().saturating_sub(*kept)) >= over;
    if over > 0 && !FOLD_LIMITS.iter().any(foldable) {
        // Not even the least of each has room: all of it is one text that scrolls.
        return draw_scrolling(canvas, &lay_out_parts(canvas, head, parts, 0), inset_area(area), scroll);
    }
    let last = seen.map_or(0, |part| {
        let room = part.lines.len().saturating_sub(over);
        fold_part(canvas, part, room, scroll)
    });
    let lines = lay_out_parts(canvas, head, parts, spare);
    canvas.draw_lines(inset_area(area), &lines);
    last
}

/// The most risks that are named below the change, which comes first, and where there is room for more.
const MAX_RISKS: usize = 2;
const MAX_ROOMY_RISKS: usize = 6;
const SEEN_PART: &str = "Seen";
const CHANGE_PART: &str = "Change";
const BREAKS_PART: &str = "May break";

fn chapter_parts(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    cells: usize,
) -> Vec<ChapterPart> {
    let part = |name, lines: Vec<Line<'static>>| ChapterPart { name, note: Span::raw(""), lines };
    let computed = Span::styled("(computed)", canvas.token_style(StyleToken::Muted));
    let seen = ChapterPart {
        note: computed,
        ..part(SEEN_PART, evidence_view::evidence_lines(canvas, state, page, cells, true))
    };
    let mut parts = vec![
        part("You have", chapter_parts::quote_lines(canvas, page, cells, MAX_QUOTED_FINDINGS, cells / 2)),
        seen,
    ];
    if page.status == ChapterStatus::ToDo {
        let mut change = part(CHANGE_PART, change_lines(canvas, state, cells));
        if let Some(plan) = state.preview.writable_plan() {
            change.note = risk_lines::risk_word_span(canvas, plan);
        }
        parts.push(change);
        parts.push(part(
            BREAKS_PART,
            chapter_parts::breakage_lines(canvas, state, page, cells, (false, MAX_RISKS)),
        ));
    }
    if !matches!(page.status, ChapterStatus::NotApplicable(_)) {
        parts.push(part("Check", chapter_parts::check_lines(canvas, page, cells)));
    }
    parts.retain(|part| !part.lines.is_empty());
    parts
}

/// The words on the change besides its title, and its lines.
fn change_lines(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let whole = state.preview.writable_plan().is_some_and(|plan| {
        plan.withheld.is_empty() && state.preview.keys.iter().all(|key| plan.resolves.contains(key))
    });
    let said = fix_view::fix_texts(canvas, state, None)
        .into_iter()
        .filter(|(_, slot)| !(whole && *slot == StyleToken::Title));
    let mut lines = Vec::new();
    for (words, slot) in said {
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        lines.extend(crate::ui::markdown::sentence_lines(&words, cells, canvas.theme, slot));
    }
    // Between the other parts there is room for the changed lines alone.
    lines.extend(change_view::change_rows(canvas, state, cells, 0));
    lines
}

/// Folds a part to so many lines from a row on, the last of which counts the rest. Gives how far it can be scrolled.
fn fold_part(canvas: &Canvas<'_>, part: &mut ChapterPart, room: usize, from: usize) -> usize {
    let last = (part.lines.len() + 1).saturating_sub(room);
    let from = from.min(last);
    let below = part.lines.len().saturating_sub(from + room.saturating_sub(1));
    part.lines.drain(..from);
    if below > 1 || from == 0 {
        part.lines.truncate(room.saturating_sub(1));
        let more =
            format!("{} {}; j shows them", canvas.glyphs().ellipsis, safe_text::count_of(below, "more line"));
        part.lines.push(Line::from(Span::styled(more, canvas.token_style(StyleToken::Muted))));
    }
    last
}

/// The parts under each other with their names, and an empty line before each as long as some are to spare.
fn lay_out_parts(
    canvas: &Canvas<'_>,
    head: Vec<Line<'static>>,
    parts: Vec<ChapterPart>,
    mut spare: usize,
) -> Vec<Line<'static>> {
    let mut lines = head;
    for part in parts {
        if spare > 0 {
            spare -= 1;
            lines.push(Line::default());
        }
        for (at, mut line) in part.lines.into_iter().enumerate() {
            let name = match at {
                0 => Span::styled(part.name, canvas.token_style(StyleToken::Heading)),
                1 => part.note.clone(),
                _ => Span::raw(""),
            };
            let room = NAME_COLUMNS.saturating_sub(name.width());
            line.spans.insert(0, Span::raw(" ".repeat(room)));
            line.spans.insert(0, name);
            lines.push(line);
        }
    }
    lines
}
