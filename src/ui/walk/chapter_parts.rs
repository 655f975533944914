//! Words the parts of a chapter for both layouts: its title, its places, the risks of its change and how to check it.

use ratatui::text::{Line, Span};

use crate::app::AppState;
use crate::finding::{FixRisk, Safety};
use crate::fix::FixPlan;
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::risk_lines::signed_lines;
use crate::ui::{markdown, safe_text};
use crate::walkthrough::{ChapterPage, ChapterStatus, QuotedLine, RunnableCheck};

const UNKNOWN_STATUS: &str = "Nothing is found, but the files do not tell enough to call it done.";

pub(super) fn title_line(canvas: &Canvas<'_>, page: &ChapterPage) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{}  ", page.chapter.chapter_number()), canvas.token_style(StyleToken::Muted)),
        Span::styled(page.chapter.title(), canvas.token_style(StyleToken::Title)),
    ])
}

/// The chapter's status: done, skipped, or nothing to do; empty while it is open.
pub(super) fn status_lines(canvas: &Canvas<'_>, page: &ChapterPage, cells: usize) -> Vec<Line<'static>> {
    let (words, slot) = match (&page.status, &page.skip_reason) {
        (ChapterStatus::Done(why), _) => (format!("Done. {why}"), StyleToken::Good),
        (ChapterStatus::NotApplicable(why), _) => (format!("Nothing to do here. {why}"), StyleToken::Muted),
        (ChapterStatus::Unknown, _) => (UNKNOWN_STATUS.to_owned(), StyleToken::Caution),
        (ChapterStatus::ToDo, Some(reason)) => (format!("Skipped: {reason}"), StyleToken::Caution),
        (ChapterStatus::ToDo, None) => return Vec::new(),
    };
    sentence_in(canvas, &words, cells, slot)
}

pub(super) fn reason_lines(canvas: &Canvas<'_>, page: &ChapterPage, cells: usize) -> Vec<Line<'static>> {
    sentence_in(canvas, page.chapter.text().reason, cells, StyleToken::Base)
}

fn sentence_in(canvas: &Canvas<'_>, words: &str, cells: usize, slot: StyleToken) -> Vec<Line<'static>> {
    let words = safe_text::clean_text(words, canvas.glyphs().control_char);
    markdown::sentence_lines(&words, cells, canvas.theme, slot)
}

/// Each quoted line once, with its findings: so many findings at most, of every line at least the first, and the number
/// of the others. Of a long path the end is shown.
pub(super) fn quote_lines(
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
        let file = safe_text::fitting_tail(place[0].path.as_str(), path, canvas.glyphs().ellipsis);
        let quoted = safe_text::clean_text(&place[0].text, canvas.glyphs().control_char).into_owned();
        lines.push(Line::from(vec![
            Span::styled(format!("{file}:{}  ", place[0].line), canvas.token_style(StyleToken::Muted)),
            Span::styled(quoted, canvas.token_style(StyleToken::Code)),
        ]));
        for cited in place.iter().take(each) {
            shown += 1;
            if !cited.message.is_empty() {
                let words = sentence_in(canvas, &cited.message, cells.saturating_sub(2), StyleToken::Caution);
                lines.extend(words.into_iter().map(indent_line));
            }
        }
    }
    if shown < page.quotes.len() {
        let more = format!("(and {} more)", page.quotes.len() - shown);
        let more = Span::styled(more, canvas.token_style(StyleToken::Muted));
        match lines.last_mut() {
            Some(line) if line.width() + 1 + more.width() <= cells => {
                line.spans.extend([Span::raw(" "), more]);
            }
            _ => lines.push(indent_line(Line::from(more))),
        }
    }
    lines
}

pub(super) fn indent_line(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw("  "));
    line
}

/// The risks of this change, at most so many, else those of such changes; and with `then`, what helps if one occurs.
pub(super) fn breakage_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    cells: usize,
    (then, most): (bool, usize),
) -> Vec<Line<'static>> {
    let text = page.chapter.text();
    let plan = state.preview.writable_plan().filter(|_| state.preview.keys == page.finding_keys);
    let mut risks = plan.map(|plan| known_risks(canvas, plan)).unwrap_or_default();
    let [_, may_break, _] = canvas.glyphs().risk_signs;
    if risks.is_empty() {
        if plan.is_some_and(|plan| plan.risk == FixRisk::None && plan.safety == Safety::Safe) {
            let words = "Nothing is known that this change could break.";
            return sentence_in(canvas, words, cells, StyleToken::Base);
        }
        risks.push((may_break, text.may_break.to_owned()));
    }
    // One more takes no more room than a note that there is one.
    let kept = if risks.len() <= most.saturating_add(1) { risks.len() } else { most };
    let left_out = risks.len() - kept;
    risks.truncate(kept);
    let remedy = format!("If so, {}", text.if_broken);
    let remedy = Some(remedy).filter(|_| then && !text.if_broken.is_empty());
    let Some(risk) = only_doubt(&risks, may_break) else {
        let list = risks
            .iter()
            .flat_map(|(sign, risk)| signed_lines(canvas, Some(sign), risk, cells, StyleToken::Base));
        let more = (left_out > 0).then(|| {
            let words = format!("{left_out} more: d shows all");
            Line::from(Span::styled(words, canvas.token_style(StyleToken::Title)))
        });
        let remedy = remedy.iter().flat_map(|words| sentence_in(canvas, words, cells, StyleToken::Base));
        return list.chain(more).chain(remedy).collect();
    };
    let words = remedy.map_or_else(|| risk.to_owned(), |remedy| format!("{risk} {remedy}"));
    sentence_in(canvas, &words, cells, StyleToken::Base)
}

/// What is known against a change, each once: what will break it first, with its sign.
fn known_risks(canvas: &Canvas<'_>, plan: &FixPlan) -> Vec<(&'static str, String)> {
    let [_, may_break, will_break] = canvas.glyphs().risk_signs;
    let is_sure = plan.risk == FixRisk::WillBreak;
    let seen = plan.evidence.iter().filter(|_| is_sure).map(|seen| (will_break, seen.to_string()));
    let is_said = |caution: &&String| is_sure && plan.evidence.iter().any(|seen| *seen.text == **caution);
    let cautions = plan.cautions.iter().filter(|caution| !is_said(caution));
    let mut risks: Vec<(&str, String)> = Vec::new();
    for (sign, words) in seen.chain(cautions.map(|caution| (may_break, caution.clone()))) {
        let words = crate::text::to_sentence(&words);
        if !risks.iter().any(|(_, known)| *known == words) {
            risks.push((sign, words));
        }
    }
    risks
}

/// The one doubt that there is, which needs no sign; none where there are several, or where it is sure.
fn only_doubt<'r>(risks: &'r [(&'static str, String)], may_break: &str) -> Option<&'r str> {
    match risks {
        [(sign, risk)] if *sign == may_break => Some(risk),
        _ => None,
    }
}

/// The command that checks the change, and its output.
pub(super) fn check_lines(canvas: &Canvas<'_>, page: &ChapterPage, cells: usize) -> Vec<Line<'static>> {
    let RunnableCheck { command, answer } = &page.check;
    let command = safe_text::clean_text(command, canvas.glyphs().control_char).into_owned();
    let mut lines: Vec<Line<'static>> = Vec::new();
    for line in safe_text::wrap_words(&command, cells.saturating_sub(2)) {
        let line = Line::from(Span::styled(line, canvas.token_style(StyleToken::Code)));
        lines.push(if lines.is_empty() { line } else { indent_line(line) });
    }
    let mut expect = sentence_in(canvas, answer, cells, StyleToken::Muted);
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
