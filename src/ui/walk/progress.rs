//! The top of the walk: where it is, the app's score and level, and each chapter's mark.

use ratatui::text::{Line, Span};

use crate::app::{Area, State, Walking};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::text;
use crate::walkthrough::{AppWalk, Chapter, ChapterPage, ChapterStatus};

/// The first line: the app, and how far it has come.
pub(super) fn header(canvas: &mut Canvas<'_>, state: &State, walking: &Walking) {
    let inset = if state.size.0 < 60 { 0 } else { 2 };
    let cells = state.size.0.saturating_sub(2 * inset);
    let rule = canvas.glyphs().horizontal;
    let border = canvas.style(Slot::Border);
    let title = canvas.style(Slot::Title);
    let name = walking.id.as_ref().map_or_else(|| state.name.clone(), ToString::to_string);
    let name = text::clean(&name, canvas.glyphs().control).into_owned();
    let line = Line::from(vec![
        Span::styled(" seaworthy walk ", canvas.style(Slot::Focus)),
        Span::styled(format!("{rule}{rule} "), border),
        Span::styled(format!("{name} "), title),
    ]);
    let mut spans = Vec::new();
    if let Some(journey) = walking.journey() {
        let (met, all) = journey.count_progress();
        let muted = canvas.style(Slot::Muted);
        let between = || Span::styled(format!(" {} ", canvas.glyphs().separator), border);
        spans.extend([
            Span::raw(" "),
            Span::styled(format!("{met} of {all}"), canvas.style(Slot::Good)),
            Span::styled(" chapters", muted),
        ]);
        let before = walking.before.as_ref();
        if let Some(score) = journey.score {
            spans.extend([between(), Span::styled("score ", muted), Span::styled(score.to_string(), title)]);
            let gained =
                before.and_then(|before| score.checked_sub(before.score?)).filter(|gained| *gained > 0);
            if let Some(gained) = gained {
                let gained = format!(" {}{gained}", canvas.glyphs().raised);
                spans.push(Span::styled(gained, canvas.style(Slot::Good)));
            }
        }
        if let Some(level) = journey.level {
            let rose = before.and_then(|before| before.level).is_some_and(|before| before != level);
            let slot = if rose { Slot::Good } else { Slot::Title };
            spans.extend([between(), Span::styled(level.name(), canvas.style(slot))]);
        }
        spans.push(Span::raw(" "));
    }
    let left = canvas.right(inset, 0, cells, &Line::from(spans));
    canvas.line(inset, 0, left.saturating_sub(inset), &line);
}

/// Each chapter with its mark, as many words as there is room for.
pub(super) fn chapters(canvas: &mut Canvas<'_>, journey: &AppWalk, at: usize, area: Area) {
    let words = area.width >= 110;
    let mut x = area.x + 1;
    for (i, page) in journey.pages.iter().enumerate() {
        let (mark, slot) = mark(canvas, page);
        let label = if words || i == at {
            format!(" {} {} ", page.chapter.chapter_number(), page.chapter.name())
        } else {
            format!(" {} ", page.chapter.chapter_number())
        };
        let style = canvas.style(if i == at { Slot::Selection } else { slot });
        let room = area.right().saturating_sub(x);
        x = canvas.line(
            x,
            area.y,
            room,
            &Line::from(vec![
                Span::styled(format!(" {mark}"), canvas.style(slot)),
                Span::styled(label, style),
            ]),
        );
    }
}

/// Told by more than colour: done, to do, skipped, nothing to say.
fn mark(canvas: &Canvas<'_>, page: &ChapterPage) -> (&'static str, Slot) {
    match (&page.status, &page.skip_reason) {
        _ if page.chapter == Chapter::Results => (" ", Slot::Base),
        (ChapterStatus::Done(_), _) => (canvas.glyphs().done, Slot::Good),
        (ChapterStatus::Unknown, _) => ("?", Slot::Caution),
        (ChapterStatus::NotApplicable(_), _) => (" ", Slot::Muted),
        (ChapterStatus::ToDo, Some(_)) => ("-", Slot::Muted),
        (ChapterStatus::ToDo, None) => ("!", Slot::Caution),
    }
}
