//! Draws the walk: progress on top, one chapter at a time below it.

mod app_picker;
mod chapter_parts;
mod evidence_view;
mod narrow_layout;
mod results_view;
mod value_form;
mod walk_header;
mod wide_layout;

use ratatui::text::{Line, Span};
pub(super) use value_form::draw_values;

use super::canvas::Canvas;
use super::{fix_view, safe_text};
use crate::app::{AppState, FullscreenView, ScreenArea, ScrollLimits, WalkScreen};
use crate::theme::StyleToken;
use crate::walkthrough::{AppWalk, Chapter, ChapterPage, ChapterStatus};

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
    walk_header::draw_walk_header(canvas, state, walking);
    let body = ScreenArea::new(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let below = ScreenArea { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    match (walking.app_walk(), walking.current_page()) {
        (Some(journey), Some(page)) => {
            walk_header::draw_chapter_marks(canvas, journey, walking.chapter_index, body);
            match (state.fullscreen, page.chapter) {
                (Some(FullscreenView::Diff), _) => {
                    measured.patch = fix_view::draw_fix_fullscreen(canvas, state, below)
                }
                (_, Chapter::Results) => {
                    measured.page = results_view::draw_results(canvas, walking, journey, below)
                }
                _ => measured.page = draw_chapter(canvas, state, walking, (journey, page), below),
            }
        }
        _ => app_picker::draw_app_picker(canvas, state, walking, body),
    }
    if let Some(asking) = &walking.prompt {
        value_form::draw_prompt(canvas, asking, walking.current_page().map(|page| page.chapter));
    }
}

/// Draws a chapter in the layout that the room allows.
fn draw_chapter(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    walking: &WalkScreen,
    chapter: (&AppWalk, &ChapterPage),
    area: ScreenArea,
) -> usize {
    if area.width >= MIN_WIDE_COLUMNS {
        wide_layout::draw_wide(canvas, state, chapter, area, walking.scroll)
    } else {
        narrow_layout::draw_narrow(canvas, state, chapter, area, walking.scroll)
    }
}

const fn inset_area(area: ScreenArea) -> ScreenArea {
    ScreenArea { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// Draws lines from a row on; a sign in the last row where more are below. Gives how far they can be scrolled.
fn draw_scrolling(canvas: &mut Canvas<'_>, lines: &[Line<'_>], area: ScreenArea, from: usize) -> usize {
    let last = lines.len().saturating_sub(usize::from(area.height));
    let from = from.min(last);
    canvas.draw_lines(area, lines.iter().skip(from));
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

/// The keys of the walk, for the footer.
pub(super) fn walk_hints(walking: &WalkScreen, state: &AppState) -> Vec<(String, &'static str)> {
    let key = |key: &str, hint| (key.to_owned(), hint);
    match &walking.prompt {
        Some(crate::app::WalkPrompt::SkipReason(_)) => {
            return vec![key("Enter", "skip"), key("Esc", "leave")];
        }
        Some(crate::app::WalkPrompt::EditValues(_)) => {
            let keys =
                [key("Tab", "next value"), key("Ctrl-U", "empty"), key("Enter", "take"), key("Esc", "leave")];
            return keys.into();
        }
        None => {}
    }
    let Some(page) = walking.current_page() else {
        return vec![key("Enter", "walk"), key("j k", "choose"), key("w", "leave"), key("q", "quit")];
    };
    let mut hints = Vec::new();
    if page.chapter == Chapter::Results {
        hints.extend([key("x", "save as Markdown"), key("y", "copy it")]);
    } else if page.status == ChapterStatus::ToDo && state.preview.writable_plan().is_some() {
        hints.push(key("Enter", "write this"));
        hints.push(key("s", if page.skip_reason.is_some() { "take up" } else { "skip" }));
    } else {
        hints.push(key("Enter", "next"));
        if page.status == ChapterStatus::ToDo {
            hints.push(key("s", if page.skip_reason.is_some() { "take up" } else { "skip" }));
        }
    }
    let chosen = matches!(
        page.chapter,
        Chapter::User | Chapter::Host | Chapter::Filesystem | Chapter::Resources | Chapter::Image
    );
    if chosen && page.status == ChapterStatus::ToDo {
        hints.push(key("v", "values"));
    }
    if page.chapter == Chapter::Image && page.status == ChapterStatus::ToDo {
        hints.push(key("o", "registry"));
    }
    hints.extend([key("b", "back"), key("u", "undo")]);
    if page.status == ChapterStatus::ToDo {
        hints.extend([key("d", "diff"), key("e", "edit")]);
    }
    hints.extend([key("n", "next"), key("w", "leave"), key("?", "keys"), key("q", "quit")]);
    hints
}
