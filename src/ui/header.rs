//! The first line: where we are, how the watching goes, what was read, and the score.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::text;
use crate::app::{Hush, Layout, Shape, State, Tally, Watching};
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let inset = if layout.shape == Shape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let rule = canvas.glyphs().horizontal;
    let border = canvas.style(Slot::Border);
    let name = Line::from(vec![
        Span::styled(" seaworthy ", canvas.style(Slot::Focus)),
        Span::styled(format!("{rule}{rule} "), border),
        Span::styled(format!("{} ", state.name), canvas.style(Slot::Title)),
    ]);
    let room = usize::from(cells).saturating_sub(name.width() + 1);
    let status = fit(canvas, status(canvas, state), room);
    let left = canvas.right(inset, 0, cells, &status);
    canvas.line(inset, 0, left.saturating_sub(inset), &name);
}

/// A part of the header; those with the least rank go first when there is no room.
struct Part {
    rank: u8,
    spans: Vec<Span<'static>>,
}

fn status(canvas: &Canvas<'_>, state: &State) -> Vec<Part> {
    let muted = canvas.style(Slot::Muted);
    let mut parts = vec![watching(canvas, state)];
    let mut push = |rank, text: String, slot| {
        parts.push(Part { rank, spans: vec![Span::styled(text, canvas.style(slot))] });
    };
    let Tally { files, partial, skipped } = state.index.tally;
    if files > 0 || state.scanned {
        push(3, text::count(files, "file"), Slot::Muted);
    }
    if partial > 0 {
        push(4, format!("{partial} partly read"), Slot::Caution);
    }
    if skipped > 0 {
        push(4, format!("{skipped} skipped"), Slot::Caution);
    }
    let known = state.index.quiet.iter().filter(|entry| entry.hush() == Some(Hush::Known)).count();
    let allowed = state.index.quiet.len() - known;
    if allowed > 0 {
        push(2, format!("{allowed} allowed"), Slot::Muted);
    }
    if known > 0 {
        push(2, format!("{known} in the baseline"), Slot::Muted);
    }
    if !state.fresh.is_empty() {
        push(6, format!("{} new", state.fresh.len()), Slot::New);
    }
    if state.resolved > 0 {
        push(6, format!("{} resolved", state.resolved), Slot::Good);
    }
    if let Some(score) = state.store.score() {
        let mut spans =
            vec![Span::styled("score ", muted), Span::styled(score.to_string(), canvas.style(Slot::Title))];
        spans.extend(history(canvas, state));
        parts.push(Part { rank: 9, spans });
    }
    parts
}

fn watching(canvas: &Canvas<'_>, state: &State) -> Part {
    // A scan that is over in a moment is not worth a word; the first one is all that there is.
    let progress = state.progress.filter(|_| state.late || !state.scanned);
    let (text, slot) = match (&progress, &state.watching) {
        (Some((_, 0)), _) => ("scanning".to_owned(), Slot::New),
        (Some((done, total)), _) => (format!("scanning {done}/{total}"), Slot::New),
        (None, Watching::Off) => ("not watching".to_owned(), Slot::Caution),
        (None, Watching::Events) => ("watching".to_owned(), Slot::Good),
        (None, Watching::Polling(why)) if why.is_empty() => ("polling".to_owned(), Slot::Caution),
        (None, Watching::Polling(why)) => (format!("polling: {why}"), Slot::Caution),
        (None, Watching::Paused) => ("paused".to_owned(), Slot::Caution),
    };
    Part { rank: 5, spans: vec![Span::styled(text, canvas.style(slot))] }
}

/// The scores so far as a small line, where there is more than one.
fn history(canvas: &Canvas<'_>, state: &State) -> Option<Span<'static>> {
    let levels = canvas.glyphs().levels;
    let (low, high) = (state.scores.iter().min()?, state.scores.iter().max()?);
    // Small moves are seen, and the smallest are not made to look great.
    let range = usize::from(high - low).max(2 * levels.len());
    let line: String = state
        .scores
        .iter()
        .map(|score| levels[usize::from(score - low) * (levels.len() - 1) / range])
        .collect();
    (state.scores.len() > 1).then(|| Span::styled(format!(" {line}"), canvas.style(Slot::Good)))
}

/// As many of the parts as there is room for, with a sign between them.
fn fit(canvas: &Canvas<'_>, mut parts: Vec<Part>, room: usize) -> Line<'static> {
    let between = format!(" {} ", canvas.glyphs().separator);
    loop {
        let mut spans = vec![Span::raw(" ")];
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                spans.push(Span::styled(between.clone(), canvas.style(Slot::Border)));
            }
            spans.extend(part.spans.iter().cloned());
        }
        spans.push(Span::raw(" "));
        let line = Line::from(spans);
        let least = parts.iter().enumerate().min_by_key(|(_, part)| part.rank).map(|(i, _)| i);
        match least {
            Some(least) if line.width() > room => drop(parts.remove(least)),
            _ => return line,
        }
    }
}
