//! Draws the walk: progress on top, one chapter at a time below it.

mod app_picker;
mod change_view;
mod chapter_parts;
mod evidence_view;
mod narrow_layout;
mod reason_view;
mod results_view;
mod walk_header;
mod wide_layout;
mod written_view;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix_view, safe_text, scroll_marks};
use crate::app::{Action, AppState, ChapterChange, FullscreenView, ScreenArea, ScrollLimits, WalkScreen};
use crate::theme::StyleToken;
use crate::walkthrough::{Chapter, ChapterStatus};

/// The least columns for two columns of parts: below, they stand under each other.
const MIN_WIDE_COLUMNS: u16 = 100;

/// Draws the walk, and gives how far it can be scrolled.
pub(super) fn draw_walk(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    walking: &WalkScreen,
    measured: &mut ScrollLimits,
) {
    let (width, height) = state.size;
    let plain = canvas.token_style(StyleToken::Border);
    if width >= 60 {
        canvas.draw_frame(ScreenArea::new(0, 0, width, height), plain);
    }
    measured.change = None;
    walk_header::draw_walk_header(canvas, state, walking);
    let body = ScreenArea::new(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let below = ScreenArea { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    match (walking.app_walk(), walking.current_page()) {
        (Some(journey), Some(page)) => {
            walk_header::draw_chapter_marks(canvas, journey, walking.chapter_index, body);
            let outcome = written_view::ChapterOutcome::of_page(walking, page);
            match (state.fullscreen, page.chapter) {
                (Some(FullscreenView::Diff), _) => {
                    measured.change = draw_change_fullscreen(canvas, state, below);
                }
                (_, Chapter::Results) => {
                    measured.page = results_view::draw_results(canvas, walking, journey, below);
                }
                _ if outcome.is_some() => {
                    if let Some(outcome) = &outcome {
                        written_view::draw_written(canvas, state, outcome, below, measured);
                    }
                }
                _ if below.width >= MIN_WIDE_COLUMNS => {
                    wide_layout::draw_wide(canvas, state, page, below, measured);
                }
                _ => narrow_layout::draw_narrow(canvas, state, page, below, measured),
            }
        }
        _ => app_picker::draw_app_picker(canvas, state, walking, body),
    }
    if let Some(asking) = &walking.prompt {
        reason_view::draw_prompt(canvas, asking);
    }
    if walking.prompt.is_some() || state.dialog.is_some() {
        // What lies over the change covers it: it is not in view.
        measured.change = None;
    }
}

/// Draws the change in full width, in as many pages as it takes.
fn draw_change_fullscreen(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    area: ScreenArea,
) -> Option<ChapterChange> {
    let below = inset_area(ScreenArea { y: area.y + 1, height: area.height.saturating_sub(1), ..area });
    let (cells, height) = (usize::from(below.width), usize::from(below.height));
    let mut lines = fix_view::fix_words(canvas, state, cells, usize::MAX);
    lines.extend(change_view::change_rows(canvas, state, cells, usize::MAX));
    let pages = change_view::split_pages(lines.len(), height, height, change_view::wanted_page(state));
    fix_view::draw_fix_title(canvas, state, area);
    change_view::draw_page(canvas, &lines, &pages, below);
    change_view::drawn_change(state, &pages)
}

/// The two columns of a wide screen, with a line between them.
fn split_columns(canvas: &mut Canvas<'_>, area: ScreenArea) -> (ScreenArea, ScreenArea) {
    let (left, right) = column_areas(area);
    let plain = canvas.token_style(StyleToken::Border);
    canvas.draw_vertical(left.right(), area.y, area.height, plain);
    canvas.draw_sign(left.right(), area.bottom(), canvas.glyphs().junctions[1], plain);
    (left, right)
}

const fn column_areas(area: ScreenArea) -> (ScreenArea, ScreenArea) {
    let left = ScreenArea { width: area.width * 11 / 20, ..area };
    let right = ScreenArea { x: left.right() + 1, width: area.right() - left.right() - 1, ..area };
    (left, right)
}

/// The area of a chapter's change: the right column of a wide screen, else all below the chapters' marks.
pub(super) fn change_area((width, height): (u16, u16), is_fullscreen: bool) -> ScreenArea {
    let below = ScreenArea::new(1, 2, width.saturating_sub(2), height.saturating_sub(3));
    if is_fullscreen || below.width < MIN_WIDE_COLUMNS { below } else { column_areas(below).1 }
}

const fn inset_area(area: ScreenArea) -> ScreenArea {
    ScreenArea { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// Draws lines from a row on; a sign in the last row where more are below. Gives how far they can be scrolled.
fn draw_scrolling(canvas: &mut Canvas<'_>, lines: &[Line<'_>], area: ScreenArea, from: usize) -> usize {
    let last = lines.len().saturating_sub(usize::from(area.height));
    let from = from.min(last);
    canvas.draw_lines(area, lines.iter().skip(from));
    // The border is one cell off.
    scroll_marks::draw_thumb(canvas, ScreenArea { width: area.width + 1, ..area }, (from, lines.len()));
    if from < last && area.height > 0 {
        let y = area.bottom() - 1;
        canvas.clear_area(ScreenArea { y, height: 1, ..area });
        let more = format!(
            "{} {}; j scrolls",
            canvas.glyphs().ellipsis,
            safe_text::count_of(last - from + 1, "more line")
        );
        canvas.draw_text(area.x, y, area.width, &more, canvas.token_style(StyleToken::Muted));
    }
    last
}

fn heading_line(canvas: &Canvas<'_>, words: &str) -> Line<'static> {
    Line::from(Span::styled(words.to_owned(), canvas.token_style(StyleToken::Heading)))
}

/// The work of `f`: only the last page of a change is written from.
fn write_hint(drawn: Option<ChapterChange>) -> &'static str {
    if drawn.is_some_and(|drawn| drawn.page + 1 < drawn.pages) { "next page" } else { "write" }
}

/// The keys of the walk, for the footer.
pub(super) fn walk_hints(
    walking: &WalkScreen,
    state: &AppState,
    drawn: Option<ChapterChange>,
) -> Vec<(String, &'static str)> {
    let key = |key: &str, hint| (key.to_owned(), hint);
    match &walking.prompt {
        Some(crate::app::WalkPrompt::SkipReason(_)) => {
            return vec![key("Enter", "skip"), key("Esc", "leave")];
        }
        None => {}
    }
    let Some(page) = walking.current_page() else {
        return vec![key("Enter", "walk"), key("j k", "choose"), key("w", "leave"), key("q", "quit")];
    };
    let mut hints = Vec::new();
    if page.chapter == Chapter::Results {
        if walking.next_app().is_some() {
            hints.push(key("n", "next app"));
        }
        hints.extend([key("x", "save as Markdown"), key("y", "copy it")]);
    } else if page.status == ChapterStatus::ToDo
        && walking.written_change().is_none()
        && state.preview.writable_plan().is_some()
    {
        hints.push(key("f", write_hint(drawn)));
        hints.push(key("s", if page.skip_reason.is_some() { "take up" } else { "skip" }));
    } else {
        hints.push(key("n", "next"));
        if walking.written_change().is_some() {
            hints.extend([key("u", "take it back"), key("y", "copy the check")]);
        } else if page.status == ChapterStatus::ToDo {
            hints.push(key("s", if page.skip_reason.is_some() { "take up" } else { "skip" }));
        }
    }
    let has_values = page.status == ChapterStatus::ToDo && state.find_obstacle(Action::Values).is_none();
    let keys = state.config.keymap.keys_for(Action::Values).first().filter(|_| has_values);
    hints.extend(keys.map(|keys| (keys.to_string(), "values")));
    if page.chapter == Chapter::Image && page.status == ChapterStatus::ToDo {
        hints.push(key("o", "registry"));
    }
    hints.push(key("b", "back"));
    if walking.written_change().is_none() {
        hints.push(key("u", "undo"));
    }
    if page.status == ChapterStatus::ToDo {
        hints.extend([key("d", "diff"), key("e", "edit")]);
    }
    if hints.iter().all(|(key, _)| key != "n") && page.chapter != Chapter::Results {
        hints.push(key("n", "next"));
    }
    hints.extend([key("w", "leave"), key("?", "keys"), key("q", "quit")]);
    hints
}
