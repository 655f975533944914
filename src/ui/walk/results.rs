//! The end of the walk: what has become of it, before and after side by side, what is left, and where to go on.

use ratatui::text::{Line, Span};

use super::{heading, inset, scrolled};
use crate::app::{Area, Walking};
use crate::text::diff::{Change, Hunk};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, text};
use crate::walkthrough::{AppBefore, AppWalk, Chapter};

pub(super) fn draw(canvas: &mut Canvas<'_>, walking: &Walking, journey: &AppWalk, area: Area) -> usize {
    let area = inset(area);
    let cells = usize::from(area.width);
    let mut lines = Vec::new();
    if let Some(before) = &walking.before {
        lines.extend(summary(canvas, before, journey));
    }
    lines.push(Line::default());
    left(canvas, journey, cells, &mut lines);
    for (path, hunks) in &walking.sides {
        lines.push(heading(canvas, path.as_str()));
        side_by_side(canvas, hunks, cells, &mut lines);
        lines.push(Line::default());
    }
    lines.extend(markdown::lines(Chapter::Results.page_body(), cells, canvas.theme));
    scrolled(canvas, &lines, area, walking.scroll)
}

fn summary(canvas: &Canvas<'_>, before: &AppBefore, journey: &AppWalk) -> Vec<Line<'static>> {
    let score = |score: Option<u8>| score.map_or_else(|| canvas.glyphs().dash.to_owned(), |s| s.to_string());
    let row = |name: &str, words: String| {
        Line::from(vec![
            Span::styled(format!("{name:<20}"), canvas.style(Slot::Muted)),
            Span::styled(words, canvas.style(Slot::Good)),
        ])
    };
    let mut lines = vec![row("Score", from_to(&score(before.score), &score(journey.score)))];
    if let (Some(from), Some(to)) = (before.level, journey.level) {
        lines.push(row("Pod Security level", from_to(from.name(), to.name())));
    }
    lines
}

fn from_to(from: &str, to: &str) -> String {
    if from == to { format!("{to}, as at the beginning") } else { format!("{from} to {to}") }
}

fn left(canvas: &Canvas<'_>, journey: &AppWalk, cells: usize, lines: &mut Vec<Line<'static>>) {
    let left: Vec<_> = journey.unfinished_chapters().collect();
    if left.is_empty() {
        lines.push(Line::from(Span::styled("Nothing of the walk is left.", canvas.style(Slot::Good))));
    } else {
        lines.push(heading(canvas, "What is left, and why"));
        for (chapter, reason) in left {
            lines.push(Line::from(vec![
                Span::styled(format!("{}  ", chapter.chapter_number()), canvas.style(Slot::Muted)),
                Span::styled(chapter.title(), canvas.style(Slot::Base)),
            ]));
            let words = text::clean(&reason, canvas.glyphs().control).into_owned();
            let said = markdown::sentence(&words, cells.saturating_sub(3), canvas.theme, Slot::Caution);
            lines.extend(said.into_iter().map(|mut line| {
                line.spans.insert(0, Span::raw("   "));
                line
            }));
        }
    }
    lines.push(Line::default());
}

/// What was and what is, line by line where they differ, with some of what stands around.
fn side_by_side(canvas: &Canvas<'_>, hunks: &[Hunk], cells: usize, lines: &mut Vec<Line<'static>>) {
    if hunks.is_empty() {
        lines.push(Line::from(Span::styled("  unchanged", canvas.style(Slot::Muted))));
    }
    let half = cells.saturating_sub(3) / 2;
    for (i, hunk) in hunks.iter().enumerate() {
        if i > 0 {
            lines.push(Line::from(Span::styled(canvas.glyphs().cut, canvas.style(Slot::Muted))));
        }
        let (mut old, mut new): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for line in &hunk.lines {
            match line.change {
                Change::Removed => old.push(&line.text),
                Change::Added => new.push(&line.text),
                Change::Same => {
                    pairs(canvas, &mut old, &mut new, half, lines);
                    lines.push(pair(canvas, (&line.text, Slot::Muted), (&line.text, Slot::Muted), half));
                }
            }
        }
        pairs(canvas, &mut old, &mut new, half, lines);
    }
}

fn pairs<'t>(
    canvas: &Canvas<'_>,
    old: &mut Vec<&'t str>,
    new: &mut Vec<&'t str>,
    half: usize,
    lines: &mut Vec<Line<'static>>,
) {
    for i in 0..old.len().max(new.len()) {
        let at = |list: &[&'t str]| list.get(i).copied().unwrap_or_default();
        lines.push(pair(canvas, (at(old), Slot::Removed), (at(new), Slot::Added), half));
    }
    old.clear();
    new.clear();
}

fn pair(canvas: &Canvas<'_>, left: (&str, Slot), right: (&str, Slot), half: usize) -> Line<'static> {
    let cut = |words: &str| {
        let words = text::clean(words, canvas.glyphs().control);
        let shown = text::prefix(&words, half);
        format!("{shown}{}", " ".repeat(half.saturating_sub(text::width(shown))))
    };
    Line::from(vec![
        Span::styled(cut(left.0), canvas.style(left.1)),
        Span::styled(format!(" {} ", canvas.glyphs().vertical), canvas.style(Slot::Border)),
        Span::styled(cut(right.0), canvas.style(right.1)),
    ])
}
