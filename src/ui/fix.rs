//! The fix in view: the exact diff that `f` writes, how safe it is, what else it resolves, or why there is none.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{advice, markdown, text};
use crate::app::{Area, Outcome, PatchLine, State};
use crate::finding::FindingKey;
use crate::finding::{FixRisk, Remedy, Safety};
use crate::fix::{NEEDS_VALUE, Plan};
use crate::text::diff::{self, Change};
use crate::theme::Slot;

/// How many cautions are shown where there is little room.
const CAUTIONS: usize = 2;

/// How many lines the fix wants.
pub(super) fn height(canvas: &Canvas<'_>, state: &State, cells: u16) -> usize {
    let words = words(canvas, state, usize::from(cells.saturating_sub(2)), CAUTIONS);
    words.len() + state.preview.seen().brief.len() + 1
}

/// All of the fix, line by line, for where a pane is too small for anything else.
pub(super) fn lines(canvas: &Canvas<'_>, state: &State, cells: usize) -> Vec<Line<'static>> {
    let preview = state.preview.seen();
    let mut lines = words(canvas, state, cells, usize::MAX);
    let indent = Some(common_indent(&preview.brief));
    lines.extend(preview.brief.iter().map(|line| patch_line(canvas, line, indent)));
    lines
}

/// The fix in a pane: words first, then as much of the diff as there is room for.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    if area.height == 0 {
        return;
    }
    title(canvas, state, area);
    let below = below_words(canvas, state, area);
    let preview = state.preview.seen();
    let scarce = preview.brief.len() > usize::from(below.height);
    let one_file = preview.plan().is_some_and(|plan| plan.patches.len() == 1);
    // Where there is no room for what stands around the changes, the changes alone are shown.
    let shown = if scarce && one_file { changes(&preview.brief) } else { preview.brief.clone() };
    let left = patch(canvas, &shown, below, 0, Some(common_indent(&shown)));
    if left > 0 && below.height > 0 {
        let y = below.bottom() - 1;
        canvas.clear(Area { y, height: 1, ..below });
        let more = format!("{} {}; d shows all", canvas.glyphs().cut, text::count(left + 1, "more line"));
        canvas.text(below.x, y, below.width, &more, canvas.style(Slot::Muted));
    }
}

/// The changes of a patch, with a gap where others stand between them.
fn changes(lines: &[PatchLine]) -> Vec<PatchLine> {
    let is_change = |line: &PatchLine| matches!(line, PatchLine::Line(line) if line.change != Change::Same);
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

/// Draws what is to be said, in no more than half of the room when the diff needs the rest, and gives what is left.
fn below_words(canvas: &mut Canvas<'_>, state: &State, area: Area) -> Area {
    let inside = Area::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height - 1);
    let cautions = if area.height < 12 { 1 } else { CAUTIONS };
    let mut words = words(canvas, state, usize::from(inside.width), cautions);
    let patch = u16::try_from(state.preview.seen().brief.len()).unwrap_or(u16::MAX);
    let room = inside.height.div_ceil(2).max(inside.height.saturating_sub(patch));
    let used = u16::try_from(words.len()).unwrap_or(u16::MAX).min(room);
    if words.len() > usize::from(used) {
        words.truncate(usize::from(used));
        if let Some(last) = words.last_mut() {
            last.spans.push(Span::styled(format!(" {}", canvas.glyphs().cut), canvas.style(Slot::Muted)));
        }
    }
    canvas.lines(Area { height: used, ..inside }, &words);
    Area { y: inside.y + used, height: inside.height - used, ..inside }
}

/// The fix in full width, with line numbers. Gives how far it can be scrolled.
pub(super) fn wide(canvas: &mut Canvas<'_>, state: &State, area: Area) -> usize {
    title(canvas, state, area);
    let inside =
        Area::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(1));
    let words = words(canvas, state, usize::from(inside.width), usize::MAX);
    scrolled(canvas, &words, &state.preview.seen().lines, inside, state.patch_scroll)
}

/// Words and the patch under them, scrolled as one. Gives how far.
pub(super) fn scrolled(
    canvas: &mut Canvas<'_>,
    words: &[Line<'_>],
    lines: &[PatchLine],
    area: Area,
    scroll: usize,
) -> usize {
    let last = (words.len() + lines.len()).saturating_sub(usize::from(area.height));
    let from = scroll.min(last);
    canvas.lines(area, words.iter().skip(from));
    let used = u16::try_from(words.len().saturating_sub(from)).unwrap_or(u16::MAX).min(area.height);
    let below = Area { y: area.y + used, height: area.height - used, ..area };
    patch(canvas, lines, below, from.saturating_sub(words.len()), None);
    last
}

fn title(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let x = super::title(canvas, area, "Fix", false);
    let preview = state.preview.seen();
    if let Some(plan) = preview.plan() {
        let (added, removed) = preview.size();
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

/// What is to be said of the fix besides its diff; of many cautions the first ones.
fn words(canvas: &Canvas<'_>, state: &State, cells: usize, cautions: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let cautions = Some(cautions).filter(|_| state.walk.is_none() || state.wide.is_some());
    for (words, slot) in said(canvas, state, cautions) {
        let words = text::clean(&words, canvas.glyphs().control);
        lines.extend(markdown::sentence(&words, cells, canvas.theme, slot));
    }
    lines
}

type Said = (String, Slot);

/// What is to be said, sentence by sentence; of the cautions so many at most, or not a word of them.
pub(super) fn said(canvas: &Canvas<'_>, state: &State, cautions: Option<usize>) -> Vec<Said> {
    let preview = state.preview.seen();
    match &preview.outcome {
        Outcome::Ready(plan) if plan.patches.is_empty() => {
            match plan.withheld.first().map(|(_, reason)| reason.clone()).or_else(|| withheld_by_rule(state))
            {
                Some(reason) => vec![(format!("Withheld: {reason}."), Slot::Caution)],
                None => advice::without_fix(state),
            }
        }
        Outcome::Ready(plan) => of_plan(state, &preview.keys, plan, cautions),
        Outcome::Waiting if preview.is_young() => Vec::new(),
        Outcome::Waiting => vec![(canvas.glyphs().cut.to_owned(), Slot::Muted)],
        Outcome::Failed(reason) => failed(state, reason),
        Outcome::None if state.reaches_far() => {
            let keys = text::count(state.selected().len(), "finding");
            vec![(format!("f shows the whole patch of {keys} and asks."), Slot::Muted)]
        }
        Outcome::None if !state.scanned => Vec::new(),
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

fn of_plan(state: &State, asked: &[FindingKey], plan: &Plan, cautions: Option<usize>) -> Vec<Said> {
    let mended = asked.iter().filter(|key| plan.resolves.contains(key)).count();
    let title = match asked.len() {
        1 => plan.title.clone(),
        all if mended == all => format!("Mends all {all} findings"),
        all => format!("Mends {mended} of {all} findings"),
    };
    let mut said = vec![(title, Slot::Title)];
    said.extend(evidence_against(plan));
    // One more takes no more room than to say that there is one.
    let all = plan.cautions.len();
    let shown = match cautions {
        Some(cautions) if all == cautions.saturating_add(1) => all,
        Some(cautions) => cautions.min(all),
        None => 0,
    };
    said.extend(plan.cautions[..shown].iter().map(|caution| (crate::text::sentence(caution), Slot::Caution)));
    let more = cautions.map_or(0, |_| all - shown);
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
    said.extend(left_out(plan));
    // The walk says so of each of its chapters.
    said.extend(left_over(state, asked, plan).filter(|_| state.walk.is_none()));
    said
}

/// The evidence that a plan will break the program, a sentence each.
pub(super) fn evidence_against(plan: &Plan) -> Vec<Said> {
    if plan.risk != FixRisk::WillBreak {
        return Vec::new();
    }
    let evidence = plan.evidence.iter();
    evidence.map(|seen| (format!("It would break the program: {seen}."), Slot::Bad)).collect()
}

/// How many fixes a plan leaves out because they will break the program.
pub(super) fn left_out(plan: &Plan) -> Option<Said> {
    let (left, which) = match plan.left_out.len() {
        0 => return None,
        1 => ("1 fix is".to_owned(), "it"),
        left => (format!("{left} fixes are"), "one of them"),
    };
    Some((format!("{left} left out: the program would break; f on {which} alone asks."), Slot::Caution))
}

/// What a plan leaves over, where nothing else says why.
fn left_over(state: &State, asked: &[FindingKey], plan: &Plan) -> Option<Said> {
    let is_left = |key: &&FindingKey| {
        !plan.resolves.contains(key)
            && !plan.withheld.iter().any(|(withheld, _)| withheld == *key)
            && !plan.left_out.iter().any(|fix| fix.key == **key)
    };
    let left = asked.iter().filter(is_left).filter_map(|key| state.index.find(key));
    let (lacking, open): (Vec<_>, Vec<_>) = left.partition(|entry| entry.safety.is_some());
    let parts = [(lacking.len(), "to be given a value"), (open.len(), "to be decided")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!parts.is_empty()).then(|| (format!("Left for you: {}.", parts.join(", ")), Slot::Muted))
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
