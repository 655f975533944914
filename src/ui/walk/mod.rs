//! The walk: progress on top, one chapter at a time below it.

mod beside;
mod chapter;
mod choose;
mod folded;
mod form;
mod progress;
mod results;
mod seen;

pub(super) use form::values;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix, text};
use crate::app::{Area, Measured, State, Walking, Wide};
use crate::theme::Slot;
use crate::walkthrough::{AppWalk, Chapter, ChapterPage, ChapterStatus};

/// Below so many columns the parts of a chapter stand under each other.
const SIDE_BY_SIDE: u16 = 100;

/// Draws the walk, and says how far it can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, walking: &Walking, measured: &mut Measured) {
    let (width, height) = state.size;
    let plain = canvas.style(Slot::Border);
    if width >= 60 {
        canvas.frame(Area::new(0, 0, width, height), plain);
    }
    progress::header(canvas, state, walking);
    let body = Area::new(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let below = Area { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    match (walking.journey(), walking.page()) {
        (Some(journey), Some(page)) => {
            progress::chapters(canvas, journey, walking.at, body);
            match (state.wide, page.chapter) {
                (Some(Wide::Diff), _) => measured.patch = fix::wide(canvas, state, below),
                (_, Chapter::Results) => measured.page = results::draw(canvas, walking, journey, below),
                _ => measured.page = one(canvas, state, walking, (journey, page), below),
            }
        }
        _ => choose::draw(canvas, state, walking, body),
    }
    if let Some(asking) = &walking.asking {
        form::draw(canvas, asking, walking.page().map(|page| page.chapter));
    }
}

/// A chapter, as the room allows.
fn one(
    canvas: &mut Canvas<'_>,
    state: &State,
    walking: &Walking,
    chapter: (&AppWalk, &ChapterPage),
    area: Area,
) -> usize {
    if area.width >= SIDE_BY_SIDE {
        beside::draw(canvas, state, chapter, area, walking.scroll)
    } else {
        folded::draw(canvas, state, chapter, area, walking.scroll)
    }
}

const fn inset(area: Area) -> Area {
    Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// Lines from a row on; a sign in the last row where more are below. Gives how far they can be scrolled.
fn scrolled(canvas: &mut Canvas<'_>, lines: &[Line<'_>], area: Area, from: usize) -> usize {
    let last = lines.len().saturating_sub(usize::from(area.height));
    let from = from.min(last);
    canvas.lines(area, lines.iter().skip(from));
    if from < last && area.height > 0 {
        let y = area.bottom() - 1;
        canvas.clear(Area { y, height: 1, ..area });
        let more =
            format!("{} {}; j scrolls", canvas.glyphs().cut, text::count(last - from + 1, "more line"));
        canvas.text(area.x, y, area.width, &more, canvas.style(Slot::Muted));
    }
    last
}

fn heading(canvas: &Canvas<'_>, words: &str) -> Line<'static> {
    Line::from(Span::styled(words.to_owned(), canvas.style(Slot::Heading)))
}

/// The keys of the walk, for the footer.
pub(super) fn hints(walking: &Walking, state: &State) -> Vec<(String, &'static str)> {
    let key = |key: &str, hint| (key.to_owned(), hint);
    match &walking.asking {
        Some(crate::app::Asking::Skip(_)) => return vec![key("Enter", "skip"), key("Esc", "leave")],
        Some(crate::app::Asking::Values(_)) => {
            let keys =
                [key("Tab", "next value"), key("Ctrl-U", "empty"), key("Enter", "take"), key("Esc", "leave")];
            return keys.into();
        }
        None => {}
    }
    let Some(page) = walking.page() else {
        return vec![key("Enter", "walk"), key("j k", "choose"), key("w", "leave"), key("q", "quit")];
    };
    let mut hints = Vec::new();
    if page.chapter == Chapter::Results {
        hints.extend([key("x", "save as Markdown"), key("y", "copy it")]);
    } else if page.status == ChapterStatus::ToDo && state.preview.plan().is_some() {
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
