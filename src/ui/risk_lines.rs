//! Words what a fix does and what is known of its risk, a line each, the most serious first.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix_view, markdown, safe_text};
use crate::app::{Action, AppState, FullscreenView};
use crate::finding::{FixRisk, Safety};
use crate::fix::FixPlan;
use crate::theme::StyleToken;

/// The lines on the fix in view: what it does, its risk with the evidence, and what it leaves.
pub(super) fn fix_lines(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let preview = state.preview.visible();
    let Some(plan) = preview.writable_plan() else {
        let texts = fix_view::fix_texts(canvas, state, Some(usize::MAX));
        return texts
            .into_iter()
            .flat_map(|(words, slot)| signed_lines(canvas, None, &words, cells, slot))
            .collect();
    };
    let mut lines = vec![fix_headline(canvas, state, plan)];
    lines.extend(risk_lines(canvas, state, plan, cells));
    for (words, slot) in fix_view::plan_remarks(state, &preview.keys, plan) {
        lines.extend(signed_lines(canvas, None, &words, cells, slot));
    }
    lines
}

/// The risk in a word with its sign, what the fix does, and its size.
pub(super) fn fix_headline(canvas: &Canvas<'_>, state: &AppState, plan: &FixPlan) -> Line<'static> {
    let (sign, word) = risk_words(canvas, plan);
    let (added, removed) = state.preview.visible().count_changes();
    let title = fix_view::plan_title(&state.preview.visible().keys, plan);
    let title = safe_text::clean_text(&title, canvas.glyphs().control_char).into_owned();
    let mut spans = vec![
        Span::styled(format!("{sign} {word}  "), risk_style(canvas, plan.risk)),
        Span::styled(format!("+{added}"), canvas.token_style(StyleToken::Added)),
        Span::styled(format!(" -{removed}"), canvas.token_style(StyleToken::Base)),
    ];
    if plan.patches.len() > 1 {
        spans.push(Span::raw(format!(" in {} files", plan.patches.len())));
    }
    spans.push(Span::styled(format!("  {title}"), canvas.token_style(StyleToken::Title)));
    Line::from(spans)
}

/// The risk as a sign and a word.
pub(super) fn risk_span(canvas: &Canvas<'_>, plan: &FixPlan) -> Span<'static> {
    let (sign, word) = risk_words(canvas, plan);
    Span::styled(format!("{sign} {word}"), risk_style(canvas, plan.risk))
}

/// The word for the risk alone, where its sign has no room.
pub(super) fn risk_word_span(canvas: &Canvas<'_>, plan: &FixPlan) -> Span<'static> {
    Span::styled(risk_words(canvas, plan).1, risk_style(canvas, plan.risk))
}

fn risk_words(canvas: &Canvas<'_>, plan: &FixPlan) -> (&'static str, &'static str) {
    let [safe, may, will] = canvas.glyphs().risk_signs;
    match plan.risk {
        FixRisk::None if plan.safety == Safety::Safe => (safe, "safe"),
        FixRisk::None if plan.cautions.is_empty() => (safe, "review"),
        FixRisk::None => (may, "review"),
        FixRisk::MayBreak => (may, "may break"),
        FixRisk::WillBreak => (will, "will break"),
    }
}

fn risk_style(canvas: &Canvas<'_>, risk: FixRisk) -> ratatui::style::Style {
    let style = canvas.token_style(StyleToken::Title);
    match risk {
        FixRisk::WillBreak => style.add_modifier(ratatui::style::Modifier::REVERSED),
        _ => style,
    }
}

/// The sentences of a risk that are shown where others stand beside them.
const SHORT_RISK: usize = 4;

/// What is known against the fix, then what is known for it: all of it on the page, elsewhere what is most serious.
pub(super) fn risk_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    plan: &FixPlan,
    cells: usize,
) -> Vec<Line<'static>> {
    short_risk_lines(canvas, state, plan, (cells, SHORT_RISK))
}

/// The same with at most so many sentences where not all are shown.
pub(super) fn short_risk_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    plan: &FixPlan,
    (cells, most): (usize, usize),
) -> Vec<Line<'static>> {
    let [safe, may, will] = canvas.glyphs().risk_signs;
    let mut known: Vec<(&str, String)> = Vec::new();
    let evidence = |sign| plan.evidence.iter().map(move |seen| (sign, seen.to_string()));
    if plan.risk == FixRisk::WillBreak {
        known.extend(evidence(will));
    }
    known.extend(plan.cautions.iter().map(|caution| (may, caution.clone())));
    if plan.risk == FixRisk::None {
        known.extend(evidence(safe));
    }
    let is_whole = state.risk_scroll.is_some() || state.fullscreen == Some(FullscreenView::Page);
    // One more sentence takes no more room than a note that there is one.
    let shown = if is_whole || known.len() <= most + 1 { known.len() } else { most };
    let mut lines = Vec::new();
    for (sign, words) in &known[..shown] {
        let words = crate::text::to_sentence(words);
        lines.extend(signed_lines(canvas, Some(sign), &words, cells, StyleToken::Base));
    }
    let more = known.len() - shown;
    if more > 0 {
        let key = page_key(state);
        let words = format!("{more} more: {key} shows all");
        lines.push(Line::from(Span::styled(words, canvas.token_style(StyleToken::Title))));
    }
    lines
}

/// The key that shows all that is known.
pub(super) fn page_key(state: &AppState) -> String {
    state.config.keymap.keys_for(Action::Page).first().map(ToString::to_string).unwrap_or_default()
}

/// The key that scrolls what has no room.
pub(super) fn scroll_key(state: &AppState) -> String {
    state.config.keymap.keys_for(Action::HalfDown).first().map(ToString::to_string).unwrap_or_default()
}

/// A sentence with a sign before it, its further lines under its first.
pub(super) fn signed_lines(
    canvas: &Canvas<'_>,
    sign: Option<&str>,
    words: &str,
    cells: usize,
    slot: StyleToken,
) -> Vec<Line<'static>> {
    let words = safe_text::clean_text(words, canvas.glyphs().control_char);
    let indent = sign.map_or(0, |sign| safe_text::text_width(sign) + 1);
    let mut lines = markdown::sentence_lines(&words, cells.saturating_sub(indent), canvas.theme, slot);
    for (at, line) in lines.iter_mut().enumerate() {
        let before = match sign {
            Some(sign) if at == 0 => format!("{sign} "),
            _ => " ".repeat(indent),
        };
        line.spans.insert(0, Span::styled(before, canvas.token_style(StyleToken::Title)));
    }
    lines
}
