//! The walk: progress on top, one chapter at a time below it.

mod chapter;
mod choose;
mod form;
mod progress;
mod results;

pub(super) use form::values;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{chrome, fix, text};
use crate::app::{Area, Measured, State, Walking, Wide};
use crate::theme::Slot;
use crate::walkthrough::{Chapter, Journey, Page, Standing};

/// Below so many columns the change stands under the text.
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
        form::draw(canvas, asking);
    }
}

/// A chapter: what is and what would be seen, and the change beside it or below.
fn one(
    canvas: &mut Canvas<'_>,
    state: &State,
    walking: &Walking,
    (journey, page): (&Journey, &Page),
    area: Area,
) -> usize {
    let open = page.standing == Standing::Open;
    if area.width < SIDE_BY_SIDE {
        let room = if open { (area.height * 2 / 5).max(5).min(area.height) } else { 0 };
        let upper = Area { height: area.height - room, ..inset(area) };
        let mut lines = chapter::lines(canvas, state, page, upper.width, true);
        lines.extend(chapter::afterwards(canvas, page, journey, upper.width));
        let last = scrolled(canvas, &lines, upper, walking.scroll);
        if open && room > 1 {
            let divider = Area { y: upper.y, height: upper.height, ..area };
            chrome::divide(canvas, divider, canvas.style(Slot::Border));
            fix::draw(canvas, state, Area { y: upper.bottom() + 1, height: room - 1, ..area });
        }
        return last;
    }
    let left = Area { width: area.width * 11 / 20, ..area };
    let right = Area { x: left.right() + 1, width: area.right() - left.right() - 1, ..area };
    let plain = canvas.style(Slot::Border);
    canvas.down(left.right(), area.y, area.height, plain);
    canvas.sign(left.right(), area.bottom(), canvas.glyphs().tees[1], plain);
    let lines = chapter::lines(canvas, state, page, inset(left).width, false);
    let last = scrolled(canvas, &lines, inset(left), walking.scroll);
    let words = chapter::afterwards(canvas, page, journey, inset(right).width);
    let below = u16::try_from(words.len()).unwrap_or(u16::MAX).min(right.height * 2 / 5);
    let upper = Area { height: right.height - below, ..right };
    if open {
        fix::draw(canvas, state, upper);
        canvas.lines(Area { y: upper.bottom(), height: below, ..inset(right) }, &words);
    } else {
        canvas.lines(inset(right), &words);
    }
    last
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
            return vec![key("Enter", "take"), key("Tab", "next value"), key("Esc", "leave")];
        }
        None => {}
    }
    let Some(page) = walking.page() else {
        return vec![key("Enter", "walk"), key("j k", "choose"), key("w", "leave"), key("q", "quit")];
    };
    let mut hints = Vec::new();
    if page.chapter == Chapter::Results {
        hints.extend([key("x", "save as Markdown"), key("y", "copy it")]);
    } else if page.standing == Standing::Open && state.preview.plan().is_some() {
        hints.push(key("Enter", "write this"));
        hints.push(key("s", if page.skipped.is_some() { "take up" } else { "skip" }));
    } else {
        hints.push(key("Enter", "next"));
        if page.standing == Standing::Open {
            hints.push(key("s", if page.skipped.is_some() { "take up" } else { "skip" }));
        }
    }
    let chosen =
        matches!(page.chapter, Chapter::User | Chapter::Host | Chapter::Filesystem | Chapter::Resources);
    if chosen && page.standing == Standing::Open {
        hints.push(key("v", "change values"));
    }
    hints.extend([key("n", "next"), key("b", "back"), key("?", "keys"), key("w", "leave"), key("u", "undo")]);
    if page.standing == Standing::Open {
        hints.extend([key("d", "diff"), key("e", "edit")]);
    }
    hints.push(key("q", "quit"));
    hints
}
