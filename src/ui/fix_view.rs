//! Draws the fix in view: the exact diff that `f` writes, its risk, the other findings it resolves, or why there is
//! none.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::text::{Line, Span};

use super::breaking_words::breaking_texts;
use super::canvas::Canvas;
use super::safe_text::StyledText;
use super::{empty_states, markdown, no_fix_hints, risk_lines, safe_text};
use crate::app::{AppState, Pane, PreviewState, ScreenArea, name_unit_source};
use crate::finding::{FindingKey, FixRisk};
use crate::fix::{FixPlan, NoPlan};
use crate::repo::{FilePatch, RelPath};
use crate::theme::StyleToken;
use crate::unit::UnitKind;

/// The most overlays that are named.
const MAX_OVERLAYS: usize = 4;

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
        let risk = Line::from(risk_lines::risk_span(canvas, plan));
        canvas.draw_line(x + 2, area.y, area.right().saturating_sub(x + 2), &risk);
        canvas.draw_right(x, area.y, area.right().saturating_sub(x + 1), &size);
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
    if let Some(words) = no_fix_hints::hint_for_half_saved(state) {
        return vec![words];
    }
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
        PreviewState::None => {
            vec![unread_text(state).unwrap_or_else(|| ("Nothing to fix here.".to_owned(), StyleToken::Muted))]
        }
    }
}

fn failure_texts(state: &AppState, no_plan: &NoPlan) -> Vec<StyledText> {
    let withheld = state.withheld_reason().filter(|_| state.is_single_finding());
    match withheld {
        Some(reason) => vec![(format!("Withheld: {reason}."), StyleToken::Caution)],
        None if matches!(no_plan, NoPlan::NeedsValue { .. }) => no_fix_hints::hint_for_value(state),
        None if state.selected_entries().iter().all(|entry| entry.safety().is_none()) => {
            no_fix_hints::hint_without_fix(state)
        }
        None => vec![(format!("Withheld: {no_plan}."), StyleToken::Caution)],
    }
}

/// What a plan does, in a few words.
pub(super) fn plan_title(asked: &[FindingKey], plan: &FixPlan) -> String {
    let fixed = asked.iter().filter(|key| plan.resolves.contains(key)).count();
    match asked.len() {
        0 | 1 => plan.title.clone(),
        all if fixed == all => format!("Fixes all {all} findings"),
        all => format!("Fixes {fixed} of {all} findings"),
    }
}

fn plan_texts(
    state: &AppState,
    asked: &[FindingKey],
    plan: &FixPlan,
    cautions: Option<usize>,
) -> Vec<StyledText> {
    let mut said = vec![(plan_title(asked, plan), StyleToken::Title)];
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
    said.extend(plan_remarks(state, asked, plan));
    said
}

/// What else a plan does, and what it leaves out.
pub(super) fn plan_remarks(state: &AppState, asked: &[FindingKey], plan: &FixPlan) -> Vec<StyledText> {
    let mut said: Vec<StyledText> = place_text(asked, plan).into_iter().collect();
    let others = || plan.resolves.iter().filter(|key| !asked.contains(key));
    let also = name_others(asked, others());
    if !also.is_empty() {
        let own: BTreeSet<_> = asked.iter().map(|key| &key.subject.object).collect();
        let objects = others().map(|key| &key.subject.object).filter(|object| !own.contains(object));
        let reach = match objects.flatten().collect::<BTreeSet<_>>().len() {
            0 => String::new(),
            1 => ": 1 other object shares it".to_owned(),
            more => format!(": {more} other objects share it"),
        };
        said.push((format!("Also resolves {}{reach}.", also.join(", ")), StyleToken::Good));
    }
    let built = built_words(state, plan.patches.iter().map(|patch| &patch.path));
    said.extend(built.map(|words| (words, StyleToken::Caution)));
    said.extend(
        plan.patches.iter().filter_map(line_end_words).map(|words| (words.to_owned(), StyleToken::Muted)),
    );
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

/// The rules of findings that a fix resolves beside those that were asked for; of a rule that was asked for, where else.
fn name_others<'k>(asked: &[FindingKey], others: impl Iterator<Item = &'k FindingKey>) -> Vec<String> {
    let mut by_rule: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for key in others {
        let containers = by_rule.entry(key.rule).or_default();
        if asked.iter().any(|own| own.rule == key.rule && own.subject.object == key.subject.object) {
            containers.extend(key.subject.container.as_deref());
        }
    }
    let name = |(rule, containers): (&str, BTreeSet<&str>)| {
        let named: Vec<&str> = containers.into_iter().collect();
        match named.as_slice() {
            [] => rule.to_owned(),
            [one] => format!("{rule} of {one}"),
            [one, two] => format!("{rule} of {one} and {two}"),
            more => format!("{rule} of {} other containers", more.len()),
        }
    };
    by_rule.into_iter().map(name).collect()
}

/// The overlays that are built of these files, which stand in none of their folders.
pub(super) fn built_words<'p>(state: &AppState, paths: impl Iterator<Item = &'p RelPath>) -> Option<String> {
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for path in paths {
        let Some((units, _)) = state.unit_choice.units_of_file(&state.store, path) else { continue };
        let others = units.iter().filter(|unit| {
            unit.kind == UnitKind::Kustomization && path.folder() != unit.path.as_str().trim_end_matches('/')
        });
        folders.extend(others.map(|unit| name_unit_source(unit)));
    }
    let last = |folder: &String| folder.rsplit('/').next().unwrap_or(folder).to_owned();
    let names: Vec<String> = folders.iter().map(last).collect();
    let more = names.len().saturating_sub(MAX_OVERLAYS);
    match names.as_slice() {
        [] => None,
        [_] => Some(format!("Changes what the overlay {} builds.", folders.first()?)),
        _ if more == 0 => Some(format!("Changes what {} overlays build: {}.", names.len(), names.join(", "))),
        _ => Some(format!(
            "Changes what {} overlays build: {}, and {more} more.",
            names.len(),
            names[..MAX_OVERLAYS].join(", ")
        )),
    }
}

/// What is said of a change by which the file's last line gets the line end that it had not.
pub(super) fn line_end_words(patch: &FilePatch) -> Option<&'static str> {
    let (before, after) = (patch.before.text(), patch.after.text());
    let last = before.rsplit('\n').next().filter(|last| !last.is_empty())?;
    let is_ended = |line: &str| line.trim_end_matches(['\n', '\r']) == last && line.ends_with('\n');
    after.split_inclusive('\n').any(is_ended).then_some("The file's last line had no line end: it gets one.")
}

/// Where a plan writes, if it is not where the findings stand, or in more files than a person would think of.
fn place_text(asked: &[FindingKey], plan: &FixPlan) -> Option<StyledText> {
    let own: BTreeSet<&RelPath> = asked.iter().map(|key| &key.path).collect();
    let is_elsewhere = !own.is_empty() && plan.patches.iter().all(|patch| !own.contains(&patch.path));
    let files = plan.patches.len();
    let places = match plan.patches.as_slice() {
        [] => return None,
        [patch] if is_elsewhere => patch.path.to_string(),
        [one, two] if is_elsewhere => format!("{} and {}", one.path, two.path),
        _ if is_elsewhere || asked.len() == 1 && files > 2 => safe_text::count_of(files, "file"),
        _ => return None,
    };
    Some((format!("Changes {places}."), StyleToken::Title))
}

/// The evidence that a plan will break the program, a sentence each.
pub(super) fn breaking_evidence(plan: &FixPlan) -> Vec<StyledText> {
    breaking_texts(plan.risk == FixRisk::WillBreak, &plan.evidence)
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

/// Why the file that is selected was not audited whole.
pub(super) fn unread_text(state: &AppState) -> Option<StyledText> {
    let file = state.store.file(state.current_path().filter(|_| state.active_list == Pane::Files)?)?;
    empty_states::unread_words(&file.status).map(|words| (words, StyleToken::Caution))
}
