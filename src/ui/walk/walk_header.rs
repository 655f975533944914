//! Draws the top of the walk: the place, the app's score and level, and each chapter's mark.

use ratatui::text::{Line, Span};

use crate::app::{AppState, ScreenArea, WalkScreen};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::safe_text;
use crate::walkthrough::{AppWalk, Chapter, ChapterPage, ChapterStatus};

/// Draws the first line: the app, and how far it has come.
pub(super) fn draw_walk_header(canvas: &mut Canvas<'_>, state: &AppState, walking: &WalkScreen) {
    let inset = if state.size.0 < 60 { 0 } else { 2 };
    let cells = state.size.0.saturating_sub(2 * inset);
    let border = canvas.token_style(StyleToken::Border);
    let title = canvas.token_style(StyleToken::Title);
    let name = walking.id.as_ref().map_or_else(|| state.name.clone(), ToString::to_string);
    let name = safe_text::clean_text(&name, canvas.glyphs().control_char).into_owned();
    let place = walking.app_place().map_or_else(String::new, |(at, all)| format!("{} of {all} ", at + 1));
    let mut spans = Vec::new();
    if let Some(journey) = walking.app_walk() {
        let (met, all) = journey.count_progress();
        let muted = canvas.token_style(StyleToken::Muted);
        let between = || Span::styled(format!(" {} ", canvas.glyphs().separator), border);
        spans.extend([
            Span::raw(" "),
            Span::styled(format!("{met} of {all}"), canvas.token_style(StyleToken::Good)),
            Span::styled(" chapters", muted),
        ]);
        let before = walking.initial.as_ref();
        if let Some(score) = journey.score {
            spans.extend([between(), Span::styled("score ", muted), Span::styled(score.to_string(), title)]);
            let gained =
                before.and_then(|before| score.checked_sub(before.score?)).filter(|gained| *gained > 0);
            if let Some(gained) = gained {
                let gained = format!(" {}{gained}", canvas.glyphs().upward);
                spans.push(Span::styled(gained, canvas.token_style(StyleToken::Good)));
            }
        }
        if let Some(level) = journey.level {
            let rose = before.and_then(|before| before.level).is_some_and(|before| before != level);
            let slot = if rose { StyleToken::Good } else { StyleToken::Title };
            spans.extend([between(), Span::styled(level.name(), canvas.token_style(slot))]);
        }
        spans.push(Span::raw(" "));
    }
    let left = canvas.draw_right(inset, 0, cells, &Line::from(spans));
    let room = left.saturating_sub(inset);
    canvas.draw_line(inset, 0, room, &place_line(canvas, &name, &place, usize::from(room)));
}

/// Where one is: the program and the app, the shorter the less room there is; the app's name is kept the longest.
fn place_line(canvas: &Canvas<'_>, name: &str, place: &str, cells: usize) -> Line<'static> {
    let rule = canvas.glyphs().horizontal;
    // `Deployment/name in the/file.yaml`, where the file tells it from others.
    let object = name.split_once(" in ").map_or(name, |(object, _)| object);
    let short = object.split_once('/').filter(|(kind, _)| kind.starts_with(char::is_uppercase));
    let short = short.map_or(object, |(_, short)| short);
    let line = |program: &'static str, name: &str, place: &str| {
        Line::from(vec![
            Span::styled(program, canvas.token_style(StyleToken::Focus)),
            Span::styled(format!("{rule}{rule} "), canvas.token_style(StyleToken::Border)),
            Span::styled(format!("{name} "), canvas.token_style(StyleToken::Title)),
            Span::styled(place.to_owned(), canvas.token_style(StyleToken::Muted)),
        ])
    };
    let names = [name, object, short].map(|name| (" walk ", name));
    let lines = std::iter::once((" seaworthy walk ", name)).chain(names);
    let mut fitting = lines.map(|(program, name)| line(program, name, place));
    let fitting = fitting.find(|line| line.width() <= cells);
    fitting.unwrap_or_else(|| {
        let room = cells.saturating_sub(line(" walk ", "", "").width());
        line(" walk ", &safe_text::fit_middle(short, room, canvas.glyphs().ellipsis), "")
    })
}

/// Draws each chapter with its mark, with as many words as there is room for.
pub(super) fn draw_chapter_marks(canvas: &mut Canvas<'_>, journey: &AppWalk, at: usize, area: ScreenArea) {
    let words = area.width >= 110;
    let mut x = area.x + 1;
    for (i, page) in journey.pages.iter().enumerate() {
        let (mark, slot) = chapter_mark(canvas, page);
        let label = if words || i == at {
            format!(" {} {} ", page.chapter.chapter_number(), page.chapter.name())
        } else {
            format!(" {} ", page.chapter.chapter_number())
        };
        let style = canvas.token_style(if i == at { StyleToken::Selection } else { slot });
        let room = area.right().saturating_sub(x);
        x = canvas.draw_line(
            x,
            area.y,
            room,
            &Line::from(vec![
                Span::styled(format!(" {mark}"), canvas.token_style(slot)),
                Span::styled(label, style),
            ]),
        );
    }
}

/// The mark of a chapter, told by more than colour: done, to do, skipped, nothing to do.
fn chapter_mark(canvas: &Canvas<'_>, page: &ChapterPage) -> (&'static str, StyleToken) {
    match (&page.status, &page.skip_reason) {
        _ if page.chapter == Chapter::Results => (" ", StyleToken::Base),
        (ChapterStatus::Done(_), _) => (canvas.glyphs().check_mark, StyleToken::Good),
        (ChapterStatus::Unknown, _) => ("?", StyleToken::Caution),
        (ChapterStatus::NotApplicable(_), _) => (" ", StyleToken::Muted),
        (ChapterStatus::ToDo, Some(_)) => ("-", StyleToken::Muted),
        (ChapterStatus::ToDo, None) => ("!", StyleToken::Caution),
    }
}
