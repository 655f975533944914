//! The parts of a chapter: its title, where it stands, what its change may break and how to check it.

use ratatui::text::{Line, Span};

use crate::app::State;
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, text};
use crate::walkthrough::{AppWalk, ChapterPage, ChapterStatus, QuotedLine};

const UNKNOWN: &str = "Nothing is found, but the files do not tell enough to call it done.";

pub(super) fn title(canvas: &Canvas<'_>, page: &ChapterPage) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{}  ", page.chapter.chapter_number()), canvas.style(Slot::Muted)),
        Span::styled(page.chapter.title(), canvas.style(Slot::Title)),
    ])
}

/// Whether it is done, skipped, or nothing to be done at all; nothing while it is open.
pub(super) fn standing(canvas: &Canvas<'_>, page: &ChapterPage, cells: usize) -> Vec<Line<'static>> {
    let (words, slot) = match (&page.status, &page.skip_reason) {
        (ChapterStatus::Done(why), _) => (format!("Done. {why}"), Slot::Good),
        (ChapterStatus::NotApplicable(why), _) => (format!("Nothing to do here. {why}"), Slot::Muted),
        (ChapterStatus::Unknown, _) => (UNKNOWN.to_owned(), Slot::Caution),
        (ChapterStatus::ToDo, Some(reason)) => (format!("Skipped: {reason}"), Slot::Caution),
        (ChapterStatus::ToDo, None) => return Vec::new(),
    };
    said(canvas, &words, cells, slot)
}

pub(super) fn why(canvas: &Canvas<'_>, page: &ChapterPage, cells: usize) -> Vec<Line<'static>> {
    said(canvas, page.chapter.text().reason, cells, Slot::Base)
}

fn said(canvas: &Canvas<'_>, words: &str, cells: usize, slot: Slot) -> Vec<Line<'static>> {
    let words = text::clean(words, canvas.glyphs().control);
    markdown::sentence(&words, cells, canvas.theme, slot)
}

/// Each line that is cited once, with what is said of it: so many findings at most, of every line at least the first, and
/// how many more there are. Of a long path the end is shown.
pub(super) fn stand(
    canvas: &Canvas<'_>,
    page: &ChapterPage,
    cells: usize,
    most: usize,
    path: usize,
) -> Vec<Line<'static>> {
    let same = |one: &QuotedLine, next: &QuotedLine| (&one.path, one.line) == (&next.path, next.line);
    let places: Vec<&[QuotedLine]> = page.quotes.chunk_by(same).collect();
    let each = (most / places.len().clamp(1, most)).max(1);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut shown = 0;
    for place in places.into_iter().take(most) {
        let file = text::tail(place[0].path.as_str(), path, canvas.glyphs().cut);
        let quoted = text::clean(&place[0].text, canvas.glyphs().control).into_owned();
        lines.push(Line::from(vec![
            Span::styled(format!("{file}:{}  ", place[0].line), canvas.style(Slot::Muted)),
            Span::styled(quoted, canvas.style(Slot::Code)),
        ]));
        for cited in place.iter().take(each) {
            shown += 1;
            if !cited.message.is_empty() {
                let words = said(canvas, &cited.message, cells.saturating_sub(2), Slot::Caution);
                lines.extend(words.into_iter().map(indented));
            }
        }
    }
    if shown < page.quotes.len() {
        let more = format!("(and {} more)", page.quotes.len() - shown);
        let more = Span::styled(more, canvas.style(Slot::Muted));
        match lines.last_mut() {
            Some(line) if line.width() + 1 + more.width() <= cells => {
                line.spans.extend([Span::raw(" "), more]);
            }
            _ => lines.push(indented(Line::from(more))),
        }
    }
    lines
}

pub(super) fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw("  "));
    line
}

/// What this very change may break, else what such a change may; and with `then`, what helps if it does.
pub(super) fn breaks(
    canvas: &Canvas<'_>,
    state: &State,
    page: &ChapterPage,
    cells: usize,
    then: bool,
) -> Vec<Line<'static>> {
    let text = page.chapter.text();
    let plan = state.preview.plan().filter(|_| state.preview.keys == page.finding_keys);
    let cautions: Vec<String> =
        plan.into_iter().flat_map(|plan| &plan.cautions).map(|c| crate::text::sentence(c)).collect();
    let mut words = if cautions.is_empty() { text.may_break.to_owned() } else { cautions.join(" ") };
    if then && !text.if_broken.is_empty() {
        words = format!("{words} If so, {}", text.if_broken);
    }
    said(canvas, &words, cells, Slot::Base)
}

/// The command that checks it, and what it then prints.
pub(super) fn check(
    canvas: &Canvas<'_>,
    page: &ChapterPage,
    journey: &AppWalk,
    cells: usize,
) -> Vec<Line<'static>> {
    let (command, answer) = journey.check_command(page.chapter);
    let command = text::clean(&command, canvas.glyphs().control).into_owned();
    let mut lines: Vec<Line<'static>> = Vec::new();
    for line in text::wrap(&command, cells.saturating_sub(2)) {
        let line = Line::from(Span::styled(line, canvas.style(Slot::Code)));
        lines.push(if lines.is_empty() { line } else { indented(line) });
    }
    let mut expect = said(canvas, &answer, cells, Slot::Muted);
    if let ([line], [answer]) = (lines.as_mut_slice(), expect.as_mut_slice())
        && line.width() + 2 + answer.width() <= cells
    {
        line.spans.push(Span::raw("  "));
        line.spans.append(&mut answer.spans);
    } else {
        lines.append(&mut expect);
    }
    lines
}
