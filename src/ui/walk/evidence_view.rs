//! Draws the evidence before the change and after it: under each other, or side by side where that takes fewer lines.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::{AppState, PreviewState};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, safe_text};
use crate::walkthrough::{AFTER_HEADING, ChapterPage, ChapterStatus, EvidenceLine as Seen, TRIAL_HEADING};

/// The columns between two sides.
const COLUMN_GAP: usize = 3;
/// The least columns of a side that is set beside another.
const MIN_COLUMN_WIDTH: usize = 28;

/// The lines of the evidence in so many cells, side by side only where `may` allows it.
pub(super) fn evidence_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    cells: usize,
    may: bool,
) -> Vec<Line<'static>> {
    let is_trial = |line: &Seen| *line == Seen::Heading(TRIAL_HEADING);
    let trial_at = page.evidence.iter().position(is_trial).unwrap_or(page.evidence.len());
    let (computed, seen) = page.evidence.split_at(trial_at);
    let shown: Vec<&Seen> = shown_evidence(state, page, computed).collect();
    let below: Vec<Line<'static>> =
        shown.iter().flat_map(|line| line_of_evidence(canvas, line, cells)).collect();
    let mut lines = match lines_beside(canvas, &shown, cells).filter(|_| may) {
        Some(beside) if beside.len() < below.len() => beside,
        _ => below,
    };
    lines.extend(seen.iter().flat_map(|line| line_of_evidence(canvas, line, cells)));
    lines
}

/// Two headed blocks of evidence: side by side where both have room, else under each other.
pub(super) fn pair_lines(canvas: &Canvas<'_>, pair: &[Seen], cells: usize) -> Vec<Line<'static>> {
    let shown: Vec<&Seen> = pair.iter().collect();
    let below = || shown.iter().flat_map(|line| line_of_evidence(canvas, line, cells)).collect();
    lines_beside(canvas, &shown, cells).unwrap_or_else(below)
}

/// The evidence to show: none of the state after a change that cannot be made, and a caveat where only a part of it
/// can.
fn shown_evidence<'p>(
    state: &AppState,
    page: &ChapterPage,
    computed: &'p [Seen],
) -> impl Iterator<Item = &'p Seen> + use<'p> {
    const PARTIAL_HEADING: &Seen = &Seen::Heading("If all of it could be changed");
    let open = page.status == ChapterStatus::ToDo && state.preview.keys == page.finding_keys;
    let fails = open && matches!(state.preview.state, PreviewState::Failed(_));
    let in_part = open
        && !page.chapter.is_read_from_change()
        && state.preview.writable_plan().is_some_and(|plan| !plan.withheld.is_empty());
    let is_after = |line: &Seen| *line == Seen::Heading(AFTER_HEADING);
    let lines = computed.iter().take_while(move |line| !(fails && is_after(line)));
    lines.map(move |line| if in_part && is_after(line) { PARTIAL_HEADING } else { line })
}

/// The evidence before and after the change next to each other, with the remarks below.
fn lines_beside(canvas: &Canvas<'_>, shown: &[&Seen], cells: usize) -> Option<Vec<Line<'static>>> {
    let half = cells.saturating_sub(COLUMN_GAP) / 2;
    let begins: Vec<usize> =
        (0..shown.len()).filter(|at| matches!(shown.get(*at), Some(Seen::Heading(_)))).collect();
    let (first, last) = (*begins.first()?, *begins.last()?);
    if first == last || half < MIN_COLUMN_WIDTH {
        return None;
    }
    let second = *begins.get(1)?;
    let block = |lines: &[&Seen], cells| -> Vec<Line<'static>> {
        lines.iter().flat_map(|line| line_of_evidence(canvas, line, cells)).collect()
    };
    let mut out = Vec::new();
    let (left, right) = (block(&shown[first..second], half), block(&shown[last..], half));
    let between = format!(" {} ", canvas.glyphs().vertical);
    for at in 0..left.len().max(right.len()) {
        let mut line = left.get(at).cloned().unwrap_or_default();
        let room = half.saturating_sub(line.width());
        line.spans.push(Span::raw(" ".repeat(room)));
        line.spans.push(Span::styled(between.clone(), canvas.token_style(StyleToken::Border)));
        line.spans.extend(right.get(at).cloned().unwrap_or_default().spans);
        out.push(line);
    }
    out.extend(block(&shown[second..last], cells));
    out.extend(block(&shown[..first], cells));
    Some(out)
}

fn line_of_evidence(canvas: &Canvas<'_>, line: &Seen, cells: usize) -> Vec<Line<'static>> {
    let glyphs = canvas.glyphs();
    let clean = |words: &str| safe_text::clean_text(words, glyphs.control_char).replace('…', glyphs.ellipsis);
    let styled = |words: String, slot| vec![Line::from(Span::styled(words, canvas.token_style(slot)))];
    let wrapped = |words: &str, slot| {
        if safe_text::text_width(words) <= cells {
            return styled(words.to_owned(), slot);
        }
        let lines = safe_text::wrap_words(words, cells.saturating_sub(2));
        let indent = |at: usize| if at == 0 { "" } else { "  " };
        let line = |(at, line): (usize, &String)| styled(format!("{}{line}", indent(at)), slot);
        lines.iter().enumerate().flat_map(line).collect()
    };
    match line {
        Seen::Heading(words) => markdown::sentence_lines(words, cells, canvas.theme, StyleToken::Focus),
        Seen::Command(command) => wrapped(&clean(command), StyleToken::Code),
        Seen::Output(words) => break_output(&clean(words), cells, canvas.token_style(StyleToken::Base)),
        Seen::Note(words) => markdown::sentence_lines(&clean(words), cells, canvas.theme, StyleToken::Muted),
    }
}

/// Breaks a program's output where the terminal would break it, and keeps its columns.
fn break_output(words: &str, cells: usize, style: Style) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut rest = words;
    loop {
        let part = safe_text::fitting_prefix(rest, cells.max(2));
        lines.push(Line::from(Span::styled(part.to_owned(), style)));
        rest = &rest[part.len()..];
        if rest.is_empty() || part.is_empty() {
            return lines;
        }
    }
}
