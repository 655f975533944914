//! Draws the first line: the place, the watch status, the files read, what is open, the levels reached and the score.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::safe_text;
use crate::app::{AppState, FileTally, LayoutShape, LevelTally, Pane, ScreenLayout};
use crate::finding::{Severity, SuppressionKind};
use crate::repo::WatchMode;
use crate::settings::SETTINGS_FILE;
use crate::theme::StyleToken;

pub(super) fn draw_header(canvas: &mut Canvas<'_>, state: &AppState, layout: &ScreenLayout) {
    let inset = if layout.shape == LayoutShape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let rule = canvas.glyphs().horizontal;
    let border = canvas.token_style(StyleToken::Border);
    let room = usize::from(cells).saturating_sub(MIN_NAME_CELLS);
    let search = search_part(canvas, state, layout, room);
    let name = Line::from(vec![
        Span::styled(" seaworthy ", canvas.token_style(StyleToken::Focus)),
        Span::styled(format!("{rule}{rule} "), border),
        Span::styled(format!("{} ", state.name), canvas.token_style(StyleToken::Title)),
    ]);
    let room = usize::from(cells).saturating_sub(name.width() + 1);
    let status = match search {
        Some(part) if room < SEARCH_CELLS => fit_parts(canvas, vec![part], usize::MAX),
        search => fit_parts(canvas, search.into_iter().chain(status_parts(canvas, state)).collect(), room),
    };
    let left = canvas.draw_right(inset, 0, cells, &status);
    canvas.draw_line(inset, 0, left.saturating_sub(inset), &name);
}

/// A part of the header; parts of the least rank go first when there is no room.
struct HeaderPart {
    rank: u8,
    spans: Vec<Span<'static>>,
}

/// The cells that the search takes at least where it is shown, and the program's name before it.
const SEARCH_CELLS: usize = 28;
const MIN_NAME_CELLS: usize = 4;

/// The words of the search where no list is on the screen that shows them.
fn search_part(
    canvas: &Canvas<'_>,
    state: &AppState,
    layout: &ScreenLayout,
    room: usize,
) -> Option<HeaderPart> {
    let is_listed = layout.pane_area(Pane::Findings).height > 0 && state.fullscreen.is_none();
    if !state.filter.is_active() || is_listed || state.filter_field.is_some() {
        return None;
    }
    let (sign, words) = state.search_words();
    let words = safe_text::clean_text(words, canvas.glyphs().control_char).into_owned();
    let words = safe_text::fit_middle(&words, SEARCH_CELLS.min(room) - 3, canvas.glyphs().ellipsis);
    let span = Span::styled(format!("{sign}{words}"), canvas.token_style(StyleToken::Title));
    Some(HeaderPart { rank: 10, spans: vec![span] })
}

fn status_parts(canvas: &Canvas<'_>, state: &AppState) -> Vec<HeaderPart> {
    let muted = canvas.token_style(StyleToken::Muted);
    let mut parts = vec![watch_part(canvas, state)];
    parts.extend(read_part(canvas, state));
    let mut push = |rank, text: String, slot| {
        parts.push(HeaderPart { rank, spans: vec![Span::styled(text, canvas.token_style(slot))] });
    };
    let known = state
        .index
        .suppressed
        .iter()
        .filter(|entry| entry.suppression_kind() == Some(SuppressionKind::Baseline))
        .count();
    let allowed = state.index.suppressed.len() - known;
    if allowed > 0 {
        push(2, format!("{allowed} allowed"), StyleToken::Muted);
    }
    if known > 0 {
        push(2, format!("{known} in the baseline"), StyleToken::Muted);
    }
    let off = state.store.lowered_bar().rules_off.len();
    if off > 0 {
        push(7, format!("{} off by {SETTINGS_FILE}", safe_text::count_of(off, "rule")), StyleToken::Caution);
    } else if state.store.lowered_bar().source_file() == Some(SETTINGS_FILE) {
        push(7, format!("judged by {SETTINGS_FILE}"), StyleToken::Caution);
    }
    if !state.new_keys.is_empty() {
        // It is kept until it is seen, also beside what just went.
        push(7, format!("{} new", state.new_keys.len()), StyleToken::New);
    }
    if let Some((count, word)) = state.last_closed {
        push(6, format!("{count} {word}"), StyleToken::Good);
    }
    parts.extend(severity_part(canvas, state));
    parts.extend(level_part(canvas, state));
    if let Some(score) = state.store.score() {
        let mut spans = vec![
            Span::styled("score ", muted),
            Span::styled(score.to_string(), canvas.token_style(StyleToken::Title)),
        ];
        spans.extend(score_history(canvas, state));
        parts.push(HeaderPart { rank: 9, spans });
    }
    parts
}

/// How many files were read whole, and of how many where that is not all.
fn read_part(canvas: &Canvas<'_>, state: &AppState) -> Option<HeaderPart> {
    let FileTally { files, partial, skipped } = state.index.tally;
    let (rank, text, slot) = match partial + skipped {
        0 => (3, safe_text::count_of(files, "file"), StyleToken::Muted),
        unread => (6, format!("{}/{files} read", files - unread), StyleToken::Caution),
    };
    let part = HeaderPart { rank, spans: vec![Span::styled(text, canvas.token_style(slot))] };
    (files > 0 || state.is_scanned).then_some(part)
}

/// The open findings of the severities that count most: `C 6 H 44 M 106`.
fn severity_part(canvas: &Canvas<'_>, state: &AppState) -> Option<HeaderPart> {
    let counts = state.index.counts;
    let mut spans = Vec::new();
    for (severity, count) in Severity::ALL.into_iter().zip(counts.0).take(3) {
        let space = if spans.is_empty() { "" } else { " " };
        let letter = format!("{space}{} ", severity.letter());
        spans.push(Span::styled(letter, canvas.theme.severity_style(severity)));
        spans.push(Span::styled(count.to_string(), canvas.token_style(StyleToken::Title)));
    }
    (state.index.tally.files > 0).then_some(HeaderPart { rank: 8, spans })
}

/// The workloads that meet the restricted level: `restricted 0/13`.
fn level_part(canvas: &Canvas<'_>, state: &AppState) -> Option<HeaderPart> {
    let LevelTally { workloads, restricted } = state.index.levels;
    let count = Span::styled(format!("{restricted}/{workloads}"), canvas.token_style(StyleToken::Title));
    let word = Span::styled("restricted ", canvas.token_style(StyleToken::Muted));
    (workloads > 0).then(|| HeaderPart { rank: 5, spans: vec![word, count] })
}

fn watch_part(canvas: &Canvas<'_>, state: &AppState) -> HeaderPart {
    // A scan that is over in a moment needs no word; the first one is all that there is to show.
    let progress = state.progress.filter(|_| state.show_progress || !state.is_scanned);
    let (text, slot) = match (&progress, &state.watch_mode) {
        (Some((_, 0)), _) => ("scanning".to_owned(), StyleToken::New),
        (Some((done, total)), _) => (format!("scanning {done}/{total}"), StyleToken::New),
        (None, WatchMode::Off) => ("not watching".to_owned(), StyleToken::Caution),
        (None, WatchMode::Events) => ("watching".to_owned(), StyleToken::Good),
        (None, WatchMode::Polling(why)) if why.is_empty() => ("polling".to_owned(), StyleToken::Caution),
        (None, WatchMode::Polling(why)) => (format!("polling: {why}"), StyleToken::Caution),
        (None, WatchMode::Paused) => ("paused".to_owned(), StyleToken::Caution),
    };
    let rank = if slot == StyleToken::Good { 4 } else { 8 };
    HeaderPart { rank, spans: vec![Span::styled(text, canvas.token_style(slot))] }
}

/// The scores so far as a small line, where there is more than one.
fn score_history(canvas: &Canvas<'_>, state: &AppState) -> Option<Span<'static>> {
    let levels = canvas.glyphs().levels;
    let (low, high) = (state.scores.iter().min()?, state.scores.iter().max()?);
    // Small changes are visible, and the smallest do not look great.
    let range = usize::from(high - low).max(2 * levels.len());
    let line: String = state
        .scores
        .iter()
        .map(|score| levels[usize::from(score - low) * (levels.len() - 1) / range])
        .collect();
    (state.scores.len() > 1).then(|| Span::styled(format!(" {line}"), canvas.token_style(StyleToken::Good)))
}

/// As many of the parts as there is room for, with a sign between them.
fn fit_parts(canvas: &Canvas<'_>, mut parts: Vec<HeaderPart>, room: usize) -> Line<'static> {
    let between = format!(" {} ", canvas.glyphs().separator);
    loop {
        let mut spans = vec![Span::raw(" ")];
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                spans.push(Span::styled(between.clone(), canvas.token_style(StyleToken::Border)));
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
