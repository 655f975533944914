//! Words what a fix does and what is known of its risk, a line each, the most serious first.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix_view, markdown, safe_text};
use crate::app::AppState;
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
    lines.extend(risk_lines(canvas, plan, cells));
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

/// What is known against the fix, then what is known for it.
pub(super) fn risk_lines(canvas: &Canvas<'_>, plan: &FixPlan, cells: usize) -> Vec<Line<'static>> {
    let [safe, may, will] = canvas.glyphs().risk_signs;
    let mut lines = Vec::new();
    let mut push = |sign, words: &str| {
        lines.extend(signed_lines(
            canvas,
            Some(sign),
            &crate::text::to_sentence(words),
            cells,
            StyleToken::Base,
        ));
    };
    if plan.risk == FixRisk::WillBreak {
        plan.evidence.iter().for_each(|seen| push(will, &seen.to_string()));
    }
    plan.cautions.iter().for_each(|caution| push(may, caution));
    if plan.risk == FixRisk::None {
        plan.evidence.iter().for_each(|seen| push(safe, &seen.to_string()));
    }
    lines
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
