//! Draws the end of the walk: the app before and after side by side, the open chapters, and where to go on.

use ratatui::text::{Line, Span};

use super::{draw_scrolling, heading_line, inset_area};
use crate::app::{ScreenArea, WalkScreen};
use crate::text::diff::{DiffHunk, LineChange};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, safe_text};
use crate::walkthrough::{AppBefore, AppWalk, Chapter};

pub(super) fn draw_results(
    canvas: &mut Canvas<'_>,
    walking: &WalkScreen,
    journey: &AppWalk,
    area: ScreenArea,
) -> usize {
    let area = inset_area(area);
    let cells = usize::from(area.width);
    let mut lines = Vec::new();
    if let Some(before) = &walking.initial {
        lines.extend(summary_lines(canvas, before, journey));
    }
    lines.push(Line::default());
    push_unfinished(canvas, journey, cells, &mut lines);
    for (path, hunks) in &walking.file_diffs {
        lines.push(heading_line(canvas, path.as_str()));
        push_side_by_side(canvas, hunks, cells, &mut lines);
        lines.push(Line::default());
    }
    lines.extend(markdown::markdown_lines(Chapter::Results.page_body(), cells, canvas.theme));
    draw_scrolling(canvas, &lines, area, walking.scroll)
}

fn summary_lines(canvas: &Canvas<'_>, before: &AppBefore, journey: &AppWalk) -> Vec<Line<'static>> {
    let score = |score: Option<u8>| score.map_or_else(|| canvas.glyphs().dash.to_owned(), |s| s.to_string());
    let row = |name: &str, words: String| {
        Line::from(vec![
            Span::styled(format!("{name:<20}"), canvas.token_style(StyleToken::Muted)),
            Span::styled(words, canvas.token_style(StyleToken::Good)),
        ])
    };
    let mut lines = vec![row("Score", change_label(&score(before.score), &score(journey.score)))];
    if let (Some(from), Some(to)) = (before.level, journey.level) {
        lines.push(row("Pod Security level", change_label(from.name(), to.name())));
    }
    lines
}

fn change_label(from: &str, to: &str) -> String {
    if from == to { format!("{to}, as at the beginning") } else { format!("{from} to {to}") }
}

fn push_unfinished(canvas: &Canvas<'_>, journey: &AppWalk, cells: usize, lines: &mut Vec<Line<'static>>) {
    let left: Vec<_> = journey.unfinished_chapters().collect();
    if left.is_empty() {
        lines.push(Line::from(Span::styled(
            "Nothing of the walk is left.",
            canvas.token_style(StyleToken::Good),
        )));
    } else {
        lines.push(heading_line(canvas, "What is left, and why"));
        for (chapter, reason) in left {
            lines.push(Line::from(vec![
                Span::styled(
                    format!("{}  ", chapter.chapter_number()),
                    canvas.token_style(StyleToken::Muted),
                ),
                Span::styled(chapter.title(), canvas.token_style(StyleToken::Base)),
            ]));
            let words = safe_text::clean_text(&reason, canvas.glyphs().control_char).into_owned();
            let said =
                markdown::sentence_lines(&words, cells.saturating_sub(3), canvas.theme, StyleToken::Caution);
            lines.extend(said.into_iter().map(|mut line| {
                line.spans.insert(0, Span::raw("   "));
                line
            }));
        }
    }
    lines.push(Line::default());
}

/// Adds the text before and after, side by side where the lines differ, with some context.
fn push_side_by_side(canvas: &Canvas<'_>, hunks: &[DiffHunk], cells: usize, lines: &mut Vec<Line<'static>>) {
    if hunks.is_empty() {
        lines.push(Line::from(Span::styled("  unchanged", canvas.token_style(StyleToken::Muted))));
    }
    let half = cells.saturating_sub(3) / 2;
    for (i, hunk) in hunks.iter().enumerate() {
        if i > 0 {
            lines.push(Line::from(Span::styled(
                canvas.glyphs().ellipsis,
                canvas.token_style(StyleToken::Muted),
            )));
        }
        let (mut old, mut new): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for line in &hunk.lines {
            match line.change {
                LineChange::Removed => old.push(&line.text),
                LineChange::Added => new.push(&line.text),
                LineChange::Unchanged => {
                    push_pairs(canvas, &mut old, &mut new, half, lines);
                    let both = (line.text.as_str(), StyleToken::Muted);
                    lines.extend(pair_lines(canvas, both, both, half));
                }
            }
        }
        push_pairs(canvas, &mut old, &mut new, half, lines);
    }
}

fn push_pairs<'t>(
    canvas: &Canvas<'_>,
    old: &mut Vec<&'t str>,
    new: &mut Vec<&'t str>,
    half: usize,
    lines: &mut Vec<Line<'static>>,
) {
    for i in 0..old.len().max(new.len()) {
        let at = |list: &[&'t str]| list.get(i).copied().unwrap_or_default();
        let (left, right) = ((at(old), StyleToken::Removed), (at(new), StyleToken::Added));
        lines.extend(pair_lines(canvas, left, right, half));
    }
    old.clear();
    new.clear();
}

/// Two lines side by side, each broken where it is longer than its half.
fn pair_lines(
    canvas: &Canvas<'_>,
    left: (&str, StyleToken),
    right: (&str, StyleToken),
    half: usize,
) -> Vec<Line<'static>> {
    let parts_of = |words: &str| {
        let words = safe_text::clean_text(words, canvas.glyphs().control_char);
        safe_text::break_line(&words, half)
    };
    let (old, new) = (parts_of(left.0), parts_of(right.0));
    let part = |parts: &[String], at: usize| {
        let shown = parts.get(at).map(String::as_str).unwrap_or_default();
        format!("{shown}{}", " ".repeat(half.saturating_sub(safe_text::text_width(shown))))
    };
    let pair = |at| {
        Line::from(vec![
            Span::styled(part(&old, at), canvas.token_style(left.1)),
            Span::styled(format!(" {} ", canvas.glyphs().vertical), canvas.token_style(StyleToken::Border)),
            Span::styled(part(&new, at), canvas.token_style(right.1)),
        ])
    };
    (0..old.len().max(new.len())).map(pair).collect()
}
