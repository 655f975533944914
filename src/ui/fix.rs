//! The fix in view: the exact diff that `f` writes, how safe it is, what else it resolves, or why there is none.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{advice, markdown, text};
use crate::app::{Area, Outcome, PatchLine, State};
use crate::finding::{Remedy, Safety};
use crate::fix::{NEEDS_VALUE, Plan};
use crate::text::diff::{self, Change};
use crate::theme::Slot;

/// How many cautions are shown where there is little room.
const CAUTIONS: usize = 2;

/// How many lines the fix wants.
pub(super) fn height(canvas: &Canvas<'_>, state: &State, cells: u16) -> usize {
    words(canvas, state, usize::from(cells.saturating_sub(2))).len() + state.preview.brief.len() + 1
}

/// The fix in a pane: words first, then as much of the diff as there is room for.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    if area.height == 0 {
        return;
    }
    title(canvas, state, area);
    let below = below_words(canvas, state, area);
    let scarce = state.preview.brief.len() > usize::from(below.height);
    let changes = |line: &&PatchLine| matches!(line, PatchLine::Line(line) if line.change != Change::Same);
    let one_file = state.preview.plan().is_some_and(|plan| plan.patches.len() == 1);
    // Where there is no room for what stands around the changes, the changes alone are shown.
    let shown: Vec<PatchLine> = if scarce && one_file {
        state.preview.brief.iter().filter(changes).cloned().collect()
    } else {
        state.preview.brief.clone()
    };
    let left = patch(canvas, &shown, below, 0, Some(common_indent(&shown)));
    if left > 0 && below.height > 0 {
        let y = below.bottom() - 1;
        canvas.clear(Area { y, height: 1, ..below });
        let more = format!("{} {}; d shows all", canvas.glyphs().cut, text::count(left + 1, "more line"));
        canvas.text(below.x, y, below.width, &more, canvas.style(Slot::Muted));
    }
}

/// Draws what is to be said, in no more than half of the room when there is a diff to show, and gives what is left.
fn below_words(canvas: &mut Canvas<'_>, state: &State, area: Area) -> Area {
    let inside = Area::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height - 1);
    let words = words(canvas, state, usize::from(inside.width));
    let room = if state.preview.lines.is_empty() { inside.height } else { inside.height.div_ceil(2) };
    let used = u16::try_from(words.len()).unwrap_or(u16::MAX).min(room);
    canvas.lines(Area { height: used, ..inside }, &words);
    Area { y: inside.y + used, height: inside.height - used, ..inside }
}

/// The fix in full width, with line numbers. Gives how far it can be scrolled.
pub(super) fn wide(canvas: &mut Canvas<'_>, state: &State, area: Area) -> usize {
    title(canvas, state, area);
    let below = below_words(canvas, state, area);
    let last = state.preview.lines.len().saturating_sub(usize::from(below.height));
    patch(canvas, &state.preview.lines, below, state.patch_scroll.min(last), None);
    last
}

fn title(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let x = super::title(canvas, area, "Fix", false);
    if let Some(plan) = state.preview.plan() {
        let (added, removed) = state.preview.size();
        let size = Line::from(vec![
            Span::styled(format!("+{added}"), canvas.style(Slot::Added)),
            Span::raw(" "),
            Span::styled(format!("-{removed}"), canvas.style(Slot::Removed)),
        ]);
        let safety = Span::styled(plan.safety.name(), canvas.style(slot_of(plan.safety)));
        canvas.line(x + 2, area.y, area.right().saturating_sub(x + 2), &Line::from(safety));
        canvas.right(x, area.y, area.right().saturating_sub(x + 1), &size);
    }
}

pub(super) const fn slot_of(safety: Safety) -> Slot {
    match safety {
        Safety::Safe => Slot::Good,
        Safety::Review | Safety::Value => Slot::Caution,
    }
}

/// What is to be said of the fix besides its diff; of many cautions the first ones, unless there is room for all.
fn words(canvas: &Canvas<'_>, state: &State, cells: usize) -> Vec<Line<'static>> {
    let roomy = state.wide.is_some();
    let mut lines = Vec::new();
    for (words, slot) in said(state, roomy) {
        let words = text::clean(&words, canvas.glyphs().control);
        lines.extend(markdown::sentence(&words, cells, canvas.theme, slot));
    }
    lines
}

type Said = (String, Slot);

/// What is to be said, sentence by sentence.
pub(super) fn said(state: &State, roomy: bool) -> Vec<Said> {
    match &state.preview.outcome {
        Outcome::Ready(plan) if plan.patches.is_empty() => {
            match plan.withheld.first().map(|(_, reason)| reason.clone()).or_else(|| withheld_by_rule(state))
            {
                Some(reason) => vec![(format!("Withheld: {reason}."), Slot::Caution)],
                None => advice::without_fix(state),
            }
        }
        // The walk says elsewhere what may break.
        Outcome::Ready(plan) if state.walk.is_some() && !roomy => of_plan(state, plan, None),
        Outcome::Ready(plan) => of_plan(state, plan, Some(if roomy { usize::MAX } else { CAUTIONS })),
        Outcome::Waiting => vec![("…".to_owned(), Slot::Muted)],
        Outcome::Failed(reason) => failed(state, reason),
        Outcome::None if state.reaches_far() => {
            let keys = text::count(state.selected().len(), "finding");
            vec![(format!("f shows the whole patch of {keys} and asks."), Slot::Muted)]
        }
        Outcome::None => vec![("Nothing to mend here.".to_owned(), Slot::Muted)],
    }
}

fn failed(state: &State, reason: &str) -> Vec<Said> {
    let withheld = withheld_by_rule(state).filter(|_| state.is_single());
    match withheld {
        Some(reason) => vec![(format!("Withheld: {reason}."), Slot::Caution)],
        None if reason == NEEDS_VALUE => advice::of_value(state),
        None if state.selection().iter().all(|entry| entry.safety.is_none()) => advice::without_fix(state),
        None => vec![(format!("Withheld: {reason}."), Slot::Caution)],
    }
}

fn of_plan(state: &State, plan: &Plan, cautions: Option<usize>) -> Vec<Said> {
    let asked = &state.preview.keys;
    let mended = asked.iter().filter(|key| plan.resolves.contains(key)).count();
    let title = match asked.len() {
        1 => plan.title.clone(),
        all if mended == all => format!("Mends all {all} findings"),
        all => format!("Mends {mended} of {all} findings"),
    };
    let mut said = vec![(title, Slot::Title)];
    let shown = plan.cautions.iter().take(cautions.unwrap_or(0));
    said.extend(shown.map(|caution| (sentence(caution), Slot::Caution)));
    let more = cautions.map_or(0, |cautions| plan.cautions.len().saturating_sub(cautions));
    if more > 0 {
        said.push((format!("{}: d shows all.", text::count(more, "more caution")), Slot::Muted));
    }
    let mut also: Vec<&str> =
        plan.resolves.iter().filter(|key| !asked.contains(key)).map(|key| key.rule).collect();
    also.sort_unstable();
    also.dedup();
    if !also.is_empty() {
        said.push((format!("Also resolves {}.", also.join(", ")), Slot::Good));
    }
    if let Some((key, reason)) = plan.withheld.first() {
        let more = match plan.withheld.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more)"),
        };
        said.push((format!("Without {}: {reason}{more}.", key.rule), Slot::Caution));
    }
    said
}

/// A caution as a sentence of its own.
pub(super) fn sentence(caution: &str) -> String {
    let caution = text::capitalised(caution);
    if caution.ends_with('.') { caution } else { format!("{caution}.") }
}

fn withheld_by_rule(state: &State) -> Option<String> {
    let key = &state.finding()?.key;
    let listed = state.store.findings_in(&key.path);
    listed.into_iter().find(|(k, _)| k == key).and_then(|(_, listed)| match &listed.finding.remedy {
        Remedy::Withheld(reason) => Some(reason.clone()),
        Remedy::None | Remedy::Change(_) => None,
    })
}

/// Draws a patch from a line on, without line numbers and `indent` cells to the left, or with numbers. Gives how many
/// lines are left below.
pub(super) fn patch(
    canvas: &mut Canvas<'_>,
    lines: &[PatchLine],
    area: Area,
    from: usize,
    indent: Option<usize>,
) -> usize {
    let shown = &lines[from.min(lines.len())..];
    for (line, y) in shown.iter().zip(area.y..area.bottom()) {
        canvas.line(area.x, y, area.width, &patch_line(canvas, line, indent));
    }
    shown.len().saturating_sub(usize::from(area.height))
}

/// One line of a patch.
pub(super) fn patch_line(canvas: &Canvas<'_>, line: &PatchLine, indent: Option<usize>) -> Line<'static> {
    match line {
        PatchLine::File(path) => Line::from(Span::styled(path.to_string(), canvas.style(Slot::Heading))),
        PatchLine::Gap => Line::from(Span::styled(canvas.glyphs().cut, canvas.style(Slot::Muted))),
        PatchLine::Line(line) => changed(canvas, line, indent),
    }
}

fn changed(canvas: &Canvas<'_>, line: &diff::Line, indent: Option<usize>) -> Line<'static> {
    let (sign, slot) = match line.change {
        Change::Same => (' ', Slot::Muted),
        Change::Added => ('+', Slot::Added),
        Change::Removed => ('-', Slot::Removed),
    };
    let text = line.text.get(indent.unwrap_or(0)..).unwrap_or_default();
    let mut spans = Vec::new();
    if indent.is_none() {
        let number = |n: Option<usize>| n.map_or_else(|| "    ".to_owned(), |n| format!("{n:>4}"));
        let numbers = format!("{} {} ", number(line.before), number(line.after));
        spans.push(Span::styled(numbers, canvas.style(Slot::Muted)));
    }
    spans.push(Span::styled(format!("{sign} {text}"), canvas.style(slot)));
    Line::from(spans)
}

/// How many spaces all lines of a patch begin with.
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
