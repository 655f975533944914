//! Draws the fix in view: the exact diff that `f` writes, its risk, the other findings it resolves, or why there is
//! none.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::safe_text::StyledText;
use super::{markdown, no_fix_hints, safe_text};
use crate::app::{AppState, PatchLine, PreviewState, ScreenArea};
use crate::finding::{FindingKey, FixRisk, Safety};
use crate::fix::{FixPlan, NoPlan};
use crate::text::diff::{self, LineChange};
use crate::theme::StyleToken;

/// The number of cautions shown where there is little room.
const MAX_CAUTIONS: usize = 2;

/// The number of lines that the fix takes.
pub(super) fn fix_height(canvas: &Canvas<'_>, state: &AppState, cells: u16) -> usize {
    let words = fix_words(canvas, state, usize::from(cells.saturating_sub(2)), MAX_CAUTIONS);
    words.len() + state.preview.visible().short_lines.len() + 1
}

/// The whole fix, line by line, for a pane too small for anything else.
pub(super) fn fix_lines(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let preview = state.preview.visible();
    let mut lines = fix_words(canvas, state, cells, usize::MAX);
    let indent = Some(common_indent(&preview.short_lines));
    lines.extend(preview.short_lines.iter().map(|line| patch_line(canvas, line, indent)));
    lines
}

/// Draws the fix in a pane: words first, then as much of the diff as there is room for.
pub(super) fn draw_fix(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    if area.height == 0 {
        return;
    }
    draw_fix_title(canvas, state, area);
    let below = draw_words(canvas, state, area);
    let preview = state.preview.visible();
    let scarce = preview.short_lines.len() > usize::from(below.height);
    let one_file = preview.writable_plan().is_some_and(|plan| plan.patches.len() == 1);
    // Where there is no room for the context lines, only the changed lines are shown.
    let shown =
        if scarce && one_file { changed_lines(&preview.short_lines) } else { preview.short_lines.clone() };
    let left = draw_patch(canvas, &shown, below, 0, Some(common_indent(&shown)));
    if left > 0 && below.height > 0 {
        let y = below.bottom() - 1;
        canvas.clear_area(ScreenArea { y, height: 1, ..below });
        let more = format!(
            "{} {}; d shows all",
            canvas.glyphs().ellipsis,
            safe_text::count_of(left + 1, "more line")
        );
        canvas.draw_text(below.x, y, below.width, &more, canvas.token_style(StyleToken::Muted));
    }
}

/// The changed lines of a patch, with a gap where context lines stand between them.
fn changed_lines(lines: &[PatchLine]) -> Vec<PatchLine> {
    let is_change =
        |line: &PatchLine| matches!(line, PatchLine::Line(line) if line.change != LineChange::Unchanged);
    let mut kept = Vec::new();
    let mut skipped = false;
    for line in lines {
        if !is_change(line) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) && !kept.is_empty() {
            kept.push(PatchLine::Gap);
        }
        kept.push(line.clone());
    }
    kept
}

/// Draws the words, in no more than half of the room when the diff needs the rest, and gives the area left.
fn draw_words(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) -> ScreenArea {
    let inside = ScreenArea::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height - 1);
    let cautions = if area.height < 12 { 1 } else { MAX_CAUTIONS };
    let mut words = fix_words(canvas, state, usize::from(inside.width), cautions);
    let patch = u16::try_from(state.preview.visible().short_lines.len()).unwrap_or(u16::MAX);
    let room = inside.height.div_ceil(2).max(inside.height.saturating_sub(patch));
    let used = u16::try_from(words.len()).unwrap_or(u16::MAX).min(room);
    if words.len() > usize::from(used) {
        words.truncate(usize::from(used));
        if let Some(last) = words.last_mut() {
            last.spans.push(Span::styled(
                format!(" {}", canvas.glyphs().ellipsis),
                canvas.token_style(StyleToken::Muted),
            ));
        }
    }
    canvas.draw_lines(ScreenArea { height: used, ..inside }, &words);
    ScreenArea { y: inside.y + used, height: inside.height - used, ..inside }
}

/// Draws the fix in full width, with line numbers. Gives how far it can be scrolled.
pub(super) fn draw_fix_fullscreen(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) -> usize {
    draw_fix_title(canvas, state, area);
    let inside =
        ScreenArea::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(1));
    let words = fix_words(canvas, state, usize::from(inside.width), usize::MAX);
    draw_scrolled(canvas, &words, &state.preview.visible().lines, inside, state.patch_scroll)
}

/// Draws words and the patch under them, scrolled as one. Gives how far.
pub(super) fn draw_scrolled(
    canvas: &mut Canvas<'_>,
    words: &[Line<'_>],
    lines: &[PatchLine],
    area: ScreenArea,
    scroll: usize,
) -> usize {
    let last = (words.len() + lines.len()).saturating_sub(usize::from(area.height));
    let from = scroll.min(last);
    canvas.draw_lines(area, words.iter().skip(from));
    let used = u16::try_from(words.len().saturating_sub(from)).unwrap_or(u16::MAX).min(area.height);
    let below = ScreenArea { y: area.y + used, height: area.height - used, ..area };
    draw_patch(canvas, lines, below, from.saturating_sub(words.len()), None);
    last
}

pub(super) fn draw_fix_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let x = super::draw_pane_title(canvas, area, "Fix", false);
    let preview = state.preview.visible();
    if let Some(plan) = preview.writable_plan() {
        let (added, removed) = preview.count_changes();
        let size = Line::from(vec![
            Span::styled(format!("+{added}"), canvas.token_style(StyleToken::Added)),
            Span::raw(" "),
            Span::styled(format!("-{removed}"), canvas.token_style(StyleToken::Removed)),
        ]);
        let safety = Span::styled(plan.safety.name(), canvas.token_style(safety_token(plan.safety)));
        canvas.draw_line(x + 2, area.y, area.right().saturating_sub(x + 2), &Line::from(safety));
        canvas.draw_right(x, area.y, area.right().saturating_sub(x + 1), &size);
    }
}

pub(super) const fn safety_token(safety: Safety) -> StyleToken {
    match safety {
        Safety::Safe => StyleToken::Good,
        Safety::Review | Safety::Value => StyleToken::Caution,
    }
}

/// The words on the fix besides its diff; of many cautions the first ones.
pub(super) fn fix_words(
    canvas: &Canvas<'_>,
    state: &AppState,
    cells: usize,
    cautions: usize,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let cautions = Some(cautions).filter(|_| state.walk.is_none() || state.fullscreen.is_some());
    for (words, slot) in fix_texts(canvas, state, cautions) {
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        lines.extend(markdown::sentence_lines(&words, cells, canvas.theme, slot));
    }
    lines
}

/// The words on the fix, sentence by sentence; at most so many of the cautions, or none and no mention of them.
pub(super) fn fix_texts(canvas: &Canvas<'_>, state: &AppState, cautions: Option<usize>) -> Vec<StyledText> {
    let preview = state.preview.visible();
    match &preview.state {
        PreviewState::Ready(plan) if plan.patches.is_empty() => {
            match plan.withheld.first().map(|(_, reason)| reason.as_str()).or_else(|| state.withheld_reason())
            {
                Some(reason) => vec![(format!("Withheld: {reason}."), StyleToken::Caution)],
                None => no_fix_hints::hint_without_fix(state),
            }
        }
        PreviewState::Ready(plan) => plan_texts(state, &preview.keys, plan, cautions),
        PreviewState::Pending if preview.is_pending_briefly() => Vec::new(),
        PreviewState::Pending => vec![(canvas.glyphs().ellipsis.to_owned(), StyleToken::Muted)],
        PreviewState::Failed(no_plan) => failure_texts(state, no_plan),
        PreviewState::None if state.spans_widely() => {
            let keys = safe_text::count_of(state.selected_keys().len(), "finding");
            vec![(format!("f shows the whole patch of {keys} and asks."), StyleToken::Muted)]
        }
        PreviewState::None if !state.is_scanned => Vec::new(),
        PreviewState::None => vec![("Nothing to fix here.".to_owned(), StyleToken::Muted)],
    }
}

fn failure_texts(state: &AppState, no_plan: &NoPlan) -> Vec<StyledText> {
    let withheld = state.withheld_reason().filter(|_| state.is_single_finding());
    match withheld {
        Some(reason) => vec![(format!("Withheld: {reason}."), StyleToken::Caution)],
        None if matches!(no_plan, NoPlan::NeedsValue(_)) => no_fix_hints::hint_for_value(state),
        None if state.selected_entries().iter().all(|entry| entry.safety().is_none()) => {
            no_fix_hints::hint_without_fix(state)
        }
        None => vec![(format!("Withheld: {no_plan}."), StyleToken::Caution)],
    }
}

fn plan_texts(
    state: &AppState,
    asked: &[FindingKey],
    plan: &FixPlan,
    cautions: Option<usize>,
) -> Vec<StyledText> {
    let fixed = asked.iter().filter(|key| plan.resolves.contains(key)).count();
    let title = match asked.len() {
        1 => plan.title.clone(),
        all if fixed == all => format!("Fixes all {all} findings"),
        all => format!("Fixes {fixed} of {all} findings"),
    };
    let mut said = vec![(title, StyleToken::Title)];
    said.extend(breaking_evidence(plan));
    // One more caution takes no more room than a note that there is one.
    let all = plan.cautions.len();
    let shown = match cautions {
        Some(cautions) if all == cautions.saturating_add(1) => all,
        Some(cautions) => cautions.min(all),
        None => 0,
    };
    said.extend(
        plan.cautions[..shown].iter().map(|caution| (crate::text::to_sentence(caution), StyleToken::Caution)),
    );
    let more = cautions.map_or(0, |_| all - shown);
    if more > 0 {
        said.push((
            format!("{}: d shows all.", safe_text::count_of(more, "more caution")),
            StyleToken::Muted,
        ));
    }
    let mut also: Vec<&str> =
        plan.resolves.iter().filter(|key| !asked.contains(key)).map(|key| key.rule).collect();
    also.sort_unstable();
    also.dedup();
    if !also.is_empty() {
        said.push((format!("Also resolves {}.", also.join(", ")), StyleToken::Good));
    }
    if let Some((key, reason)) = plan.withheld.first() {
        let more = match plan.withheld.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more)"),
        };
        said.push((format!("Without {}: {reason}{more}.", key.rule), StyleToken::Caution));
    }
    said.extend(breaking_fixes_text(plan));
    // The walk says this in each of its chapters.
    said.extend(unresolved_text(state, asked, plan).filter(|_| state.walk.is_none()));
    said
}

/// The evidence that a plan will break the program, a sentence each.
pub(super) fn breaking_evidence(plan: &FixPlan) -> Vec<StyledText> {
    if plan.risk != FixRisk::WillBreak {
        return Vec::new();
    }
    if plan.evidence.is_empty() {
        return vec![("It would break the program.".to_owned(), StyleToken::Bad)];
    }
    let evidence = plan.evidence.iter();
    evidence.map(|seen| (format!("It would break the program: {seen}."), StyleToken::Bad)).collect()
}

/// The number of fixes that a plan leaves out because they will break the program.
pub(super) fn breaking_fixes_text(plan: &FixPlan) -> Option<StyledText> {
    let (left, which) = match plan.breaking_fixes.len() {
        0 => return None,
        1 => ("1 fix is".to_owned(), "it"),
        left => (format!("{left} fixes are"), "one of them"),
    };
    Some((format!("{left} left out: the program would break; f on {which} alone asks."), StyleToken::Caution))
}

/// The findings that a plan leaves unresolved, where nothing else says why.
fn unresolved_text(state: &AppState, asked: &[FindingKey], plan: &FixPlan) -> Option<StyledText> {
    let is_left = |key: &&FindingKey| {
        !plan.resolves.contains(key)
            && !plan.withheld.iter().any(|(withheld, _)| withheld == *key)
            && !plan.breaking_fixes.iter().any(|fix| fix.key == **key)
    };
    let left = asked.iter().filter(is_left).filter_map(|key| state.index.find_entry(key));
    let (lacking, open): (Vec<_>, Vec<_>) = left.partition(|entry| entry.safety().is_some());
    let parts = [(lacking.len(), "to be given a value"), (open.len(), "to be decided")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!parts.is_empty()).then(|| (format!("Left for you: {}.", parts.join(", ")), StyleToken::Muted))
}

/// Draws a patch from a line on, without line numbers and `indent` cells to the left, or with numbers. Gives the number
/// of lines below the area.
pub(super) fn draw_patch(
    canvas: &mut Canvas<'_>,
    lines: &[PatchLine],
    area: ScreenArea,
    from: usize,
    indent: Option<usize>,
) -> usize {
    let shown = &lines[from.min(lines.len())..];
    for (line, y) in shown.iter().zip(area.y..area.bottom()) {
        canvas.draw_line(area.x, y, area.width, &patch_line(canvas, line, indent));
    }
    shown.len().saturating_sub(usize::from(area.height))
}

/// Draws one line of a patch.
pub(super) fn patch_line(canvas: &Canvas<'_>, line: &PatchLine, indent: Option<usize>) -> Line<'static> {
    match line {
        PatchLine::File(path) => {
            Line::from(Span::styled(path.to_string(), canvas.token_style(StyleToken::Heading)))
        }
        PatchLine::Gap => {
            Line::from(Span::styled(canvas.glyphs().ellipsis, canvas.token_style(StyleToken::Muted)))
        }
        PatchLine::Line(line) => changed_line(canvas, line, indent),
    }
}

fn changed_line(canvas: &Canvas<'_>, line: &diff::DiffLine, indent: Option<usize>) -> Line<'static> {
    let (sign, slot) = match line.change {
        LineChange::Unchanged => (' ', StyleToken::Muted),
        LineChange::Added => ('+', StyleToken::Added),
        LineChange::Removed => ('-', StyleToken::Removed),
    };
    let text = line.text.get(indent.unwrap_or(0)..).unwrap_or_default();
    let mut spans = Vec::new();
    if indent.is_none() {
        let number = |n: Option<usize>| n.map_or_else(|| "    ".to_owned(), |n| format!("{n:>4}"));
        let numbers = format!("{} {} ", number(line.before), number(line.after));
        spans.push(Span::styled(numbers, canvas.token_style(StyleToken::Muted)));
    }
    spans.push(Span::styled(format!("{sign} {text}"), canvas.token_style(slot)));
    Line::from(spans)
}

/// The number of spaces that all lines of a patch begin with.
pub(super) fn common_indent(lines: &[PatchLine]) -> usize {
    let spaces = |text: &str| text.len() - text.trim_start_matches(' ').len();
    lines
        .iter()
        .filter_map(|line| match line {
            PatchLine::Line(line) if !line.text.trim().is_empty() => Some(spaces(&line.text)),
            _ => None,
        })
        .min()
        .unwrap_or(0)
}
