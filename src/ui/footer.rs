//! Draws the last line: the keys and their actions, or a toast.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{continuations_view, safe_text, toast_text};
use crate::app::{
    Action, ActionObstacle, AppState, DialogState, FixScope, FixStage, FullscreenView, KeyBinding,
    KeySequence, LASTING_HINTS, LayoutShape, LookupStage, Pane, PatchSide, PinCheckState, RegistryLookup,
    ScreenLayout, ScrollLimits, StageView, TrialProgress, UndoList, ValueEditor, ValueField, ValueStage,
};
use crate::theme::StyleToken;

pub(super) fn draw_footer(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    layout: &ScreenLayout,
    measured: &ScrollLimits,
) {
    let inset = if layout.shape == LayoutShape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let y = layout.height - 1;
    match &state.toast {
        Some(toast) => {
            let slot = if toast.is_failure() { StyleToken::Bad } else { StyleToken::Good };
            draw_toast(canvas, layout, &toast_text::toast_text(toast), slot);
        }
        None => {
            let place = super::scroll_marks::place_cells(state, layout, measured);
            let cells = usize::from(cells).saturating_sub(place);
            let line = match (state.places.awaited_mark, state.pending_keys.is_empty()) {
                (Some(sets), _) => mark_hints(canvas, state, sets, cells),
                (None, true) => footer_hints(canvas, state, measured, cells),
                (None, false) => sequence_hints(canvas, state, cells),
            };
            canvas.draw_line(inset, y, u16::try_from(cells).unwrap_or(u16::MAX), &line);
        }
    }
}

/// Draws a toast in the last line; a long one without its middle.
fn draw_toast(canvas: &mut Canvas<'_>, layout: &ScreenLayout, words: &str, slot: StyleToken) {
    let inset = if layout.shape == LayoutShape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let words = safe_text::clean_text(words, canvas.glyphs().control_char);
    let words = safe_text::fit_middle(&words, usize::from(cells.saturating_sub(2)), canvas.glyphs().ellipsis);
    canvas.draw_text(inset, layout.height - 1, cells, &format!(" {words} "), canvas.token_style(slot));
}

/// The hints for these actions, with their keys.
fn hints_for_actions(state: &AppState, actions: &[(Action, &'static str)]) -> Vec<(String, &'static str)> {
    let key = |action| state.config.keymap.keys_for(action).first();
    actions.iter().filter_map(|(action, hint)| Some((key(*action)?.to_string(), *hint))).collect()
}

/// The keys pressed of a sequence, and those that may follow: where they have no room in the line, in a list above it.
fn sequence_hints(canvas: &mut Canvas<'_>, state: &AppState, cells: usize) -> Line<'static> {
    let pressed =
        KeySequence::from_presses(&state.pending_keys).map(|keys| keys.to_string()).unwrap_or_default();
    let pressed = format!(" {pressed}{} ", canvas.glyphs().ellipsis);
    let next: Vec<(String, &KeyBinding)> = state
        .config
        .keymap
        .continuations(&state.pending_keys)
        // Of what is for another view alone, its key says so there.
        .filter(|(_, binding)| !is_for_another_view(state, binding.action))
        .map(|(keys, binding)| (keys.to_string(), binding))
        .collect();
    let mut hints: Vec<(String, &str)> = next
        .iter()
        .map(|(keys, binding)| (keys.clone(), binding.hint.unwrap_or(binding.description)))
        .collect();
    let leave = ("Esc".to_owned(), "leave");
    hints.push(leave.clone());
    let room = cells.saturating_sub(safe_text::text_width(&pressed));
    if hints_width(&hints) > room && continuations_view::draw_continuations(canvas, &pressed, &next) {
        hints = vec![leave];
    }
    let mut line = fit_hints(canvas, hints, room);
    line.spans.insert(0, Span::styled(pressed, canvas.token_style(StyleToken::Title)));
    line
}

/// True for an action of a view that is not open.
fn is_for_another_view(state: &AppState, action: Action) -> bool {
    matches!(
        state.find_obstacle(action),
        Some(ActionObstacle::NoPairs | ActionObstacle::NoStage | ActionObstacle::NoTypedValue)
    )
}

/// What the letter that is awaited does: the places that are kept, with their letters.
fn mark_hints(canvas: &Canvas<'_>, state: &AppState, sets: bool, cells: usize) -> Line<'static> {
    let action = if sets { Action::SetMark } else { Action::GoToMark };
    let keys = state.config.keymap.keys_as_text(action);
    let pressed = format!(" {keys}{} ", canvas.glyphs().ellipsis);
    let mut hints: Vec<(String, String)> =
        if sets { vec![("a letter".to_owned(), "keeps this place".to_owned())] } else { Vec::new() };
    hints.extend(
        state.places.marks.iter().map(|(letter, place)| {
            (letter.to_string(), format!("{}:{}", place.path.file_name(), place.line))
        }),
    );
    hints.push(("Esc".to_owned(), "leave".to_owned()));
    let room = cells.saturating_sub(safe_text::text_width(&pressed));
    let hints = hints.iter().map(|(key, hint)| (key.clone(), hint.as_str())).collect();
    let mut line = fit_hints(canvas, hints, room);
    line.spans.insert(0, Span::styled(pressed, canvas.token_style(StyleToken::Title)));
    line
}

/// The hints of the pane that has the keys. Where there is no room for all, the last ones go first, but never those that
/// lead to all others.
fn pane_hints(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Line<'static> {
    let hints = state.config.keymap.footer_hints(state.focus);
    // What the file in view has not, is not offered.
    let hints = hints.filter(|(action, ..)| match action {
        _ if state.index.entries.is_empty() && state.is_scanned => state.find_obstacle(*action).is_none(),
        Action::Rendered => state.values.is_in_unit(),
        Action::GoToLinked => state.linked_file().is_some(),
        Action::Values => state.find_obstacle(Action::Values).is_none(),
        Action::Fix => state.offers_fix(),
        // From what stands behind a row of the first screen.
        Action::Back if state.focus == Pane::Findings => state.filter.shows_opened_cause(),
        _ => true,
    });
    let word = |action, hint| if action == Action::Diff { diff_hint(state) } else { hint };
    let mut hints: Vec<(Action, String, &str)> =
        hints.map(|(action, key, hint)| (action, key.to_string(), word(action, hint))).collect();
    let width = |hints: &[(Action, String, &str)]| -> usize {
        let each = hints.iter().map(|(_, key, hint)| safe_text::text_width(key) + hint.len() + 3);
        each.sum::<usize>() + 1
    };
    while width(&hints) > cells && !hints.is_empty() {
        let last = hints.iter().rposition(|(action, ..)| !LASTING_HINTS.contains(action));
        hints.remove(last.unwrap_or(hints.len() - 1));
    }
    draw_hints(canvas, hints.into_iter().map(|(_, key, hint)| (key, hint)))
}

/// What the key that parts the diff shows next.
fn diff_hint(state: &AppState) -> &'static str {
    match state.source.side {
        _ if !state.shows_source() => "whole diff",
        PatchSide::Both => "as it is",
        PatchSide::Before => "as it will be",
        PatchSide::After | PatchSide::Written => "both in one",
    }
}

/// The hints for the keys that work now.
fn footer_hints(
    canvas: &Canvas<'_>,
    state: &AppState,
    measured: &ScrollLimits,
    cells: usize,
) -> Line<'static> {
    let own: Vec<(String, &str)> = match &state.dialog {
        Some(DialogState::Help { filter: None, .. }) => {
            vec![("j k".into(), "scroll"), ("/".into(), "search"), ("Esc".into(), "close")]
        }
        Some(DialogState::Help { .. }) => vec![("Enter".into(), "close"), ("Esc".into(), "all keys")],
        Some(DialogState::Palette(_)) => {
            let choose = (canvas.glyphs().up_and_down, "choose");
            let keys = [("Enter", "do"), ("Tab", "complete"), choose, ("Esc", "close")];
            keys.into_iter().map(|(key, hint)| (key.to_owned(), hint)).collect()
        }
        Some(DialogState::ChangeLog { .. }) => {
            let actions = [
                (Action::Open, "go there"),
                (Action::NextNew, "next new"),
                (Action::MarkSeen, "seen"),
                (Action::Undo, "undo"),
                (Action::Back, "close"),
            ];
            hints_for_actions(state, &actions)
        }
        Some(DialogState::LinkChoice(_)) => {
            hints_for_actions(state, &[(Action::Open, "show the change"), (Action::Back, "close")])
        }
        Some(DialogState::UndoList(list)) => undo_list_hints(state, list),
        Some(DialogState::ConfirmFix { .. }) if state.preview.writable_plan().is_none() => {
            vec![("Esc".into(), "close")]
        }
        Some(DialogState::ConfirmFix { .. }) if state.risk_scroll.is_some() => {
            let actions =
                [(Action::Down, "down"), (Action::HalfDown, "scroll"), (Action::Page, "the patch again")];
            hints_for_actions(state, &actions)
        }
        Some(DialogState::ConfirmFix { .. }) if !state.record_frame().is_whole => {
            vec![("f".into(), "next page"), ("j k".into(), "scroll"), ("n".into(), "leave")]
        }
        Some(DialogState::ConfirmFix { scope: FixScope::Breaking, .. }) => {
            let mut hints =
                hints_for_actions(state, &[(Action::Ignore, "allow"), (Action::Open, "to the evidence")]);
            hints.extend([("y".into(), "write it all the same"), ("n".into(), "no")]);
            hints
        }
        Some(DialogState::ConfirmFix { .. }) => {
            vec![("j k".into(), "scroll"), ("y".into(), "write"), ("n".into(), "leave")]
        }
        Some(DialogState::Values(editor)) => value_hints(state, editor),
        Some(DialogState::Lookup(lookup)) => lookup_hints(state, lookup),
        Some(DialogState::PinCheck(pins)) => pin_check_hints(pins),
        Some(DialogState::Trial(trial)) => trial_hints(trial.progress),
        Some(DialogState::SuppressReason { .. }) => {
            vec![("Enter".into(), "write the comment"), ("Esc".into(), "leave")]
        }
        None if let Some(stage) = &state.stage => return stage_hints(canvas, state, stage, cells),
        None if state.walk.is_some() => {
            let hints = |walking| super::walk::walk_hints(walking, state, measured.change);
            state.walk.as_ref().map(hints).unwrap_or_default()
        }
        None if state.first_screen.is_open => hints_for_actions(state, &super::first_screen_view::HINTS),
        None if state.filter_field.is_some() => {
            let keys = [("Enter", "keep"), ("Tab", "complete"), ("Up", "history"), ("PageDown", "scroll")];
            keys.into_iter().chain([("Esc", "clear")]).map(|(key, hint)| (key.to_owned(), hint)).collect()
        }
        None if state.shows_rendered() => {
            let has_lines = state.rendered.as_ref().is_some_and(|page| page.row_count() > 0);
            let mut actions = match has_lines {
                true => vec![(Action::GoToLinked, "where it is written"), (Action::Right, "other origin")],
                false => Vec::new(),
            };
            // Of one set there is no other.
            let unit = if state.shows_overlay() { "overlay" } else { "value set" };
            let has_others = state.find_obstacle(Action::ValueSet).is_none();
            actions.extend(has_others.then_some((Action::ValueSet, unit)));
            actions.push((Action::Rendered, "panes"));
            actions.extend(has_lines.then_some((Action::Down, "down")));
            actions.push((Action::Back, "back"));
            hints_for_actions(state, &actions)
        }
        None if state.shows_pairs() => {
            let mut actions = vec![
                (Action::Down, "next pair"),
                (Action::NextPane, "other side"),
                (Action::Open, "to the line"),
            ];
            actions.extend(state.pair_finding().map(|_| (Action::Fix, "to the fix")));
            actions.extend([
                (Action::Back, "back"),
                (Action::ChooseLink, "built by"),
                (Action::Palette, "keys"),
                (Action::Help, "help"),
            ]);
            hints_for_actions(state, &actions)
        }
        None if state.fullscreen.is_some() => {
            let is_diff = state.fullscreen == Some(FullscreenView::Diff);
            let is_left = is_diff && !state.record_frame().is_whole;
            let fix = match is_diff {
                true if is_left => "next page",
                true => "write",
                false => "show the fix",
            };
            let mut actions: Vec<(Action, &str)> =
                state.offers_fix().then_some((Action::Fix, fix)).into_iter().collect();
            actions.extend([
                (Action::Down, "down"),
                (Action::Up, "up"),
                (Action::Page, if is_diff { "explanation" } else { "all panes" }),
                (Action::Back, "back"),
            ]);
            hints_for_actions(state, &actions)
        }
        None => return pane_hints(canvas, state, cells),
    };
    fit_hints(canvas, own, cells)
}

/// The keys of a stage. While a change that is taken was not seen, the write is named by what comes first.
fn stage_hints(canvas: &Canvas<'_>, state: &AppState, stage: &FixStage, cells: usize) -> Line<'static> {
    if stage.search.is_some() {
        let keys = [("Enter", "keep"), ("Esc", "clear")];
        return fit_hints(canvas, keys.map(|(key, hint)| (key.to_owned(), hint)).to_vec(), cells);
    }
    let write = format!("write {}", safe_text::count_of(stage.totals.taken_files, "file"));
    let is_whole = stage.totals.unseen == 0;
    let view = if stage.view == StageView::Changes { "by file" } else { "by change" };
    let mut actions: Vec<(Action, &str)> = vec![(Action::Take, "take/leave")];
    actions.push((Action::Next, if is_whole { "next risk" } else { "next unseen" }));
    let can_write = is_whole && stage.is_planned && stage.totals.taken_places > 0;
    actions.extend(can_write.then_some((Action::WriteStage, write.as_str())));
    actions.push((Action::Group, view));
    actions.extend([(Action::TakeAll, "all"), (Action::Open, "open"), (Action::NextInList, "hunk")]);
    actions.push((Action::Filter, "search"));
    actions.extend(stage.has_selected_value().then_some((Action::Values, "value")));
    actions.push((Action::Copy, "patch"));
    actions.extend([(Action::Help, "help"), (Action::Back, "back")]);
    let key = |action| state.config.keymap.keys_for(action).first();
    let hints = actions.iter().filter_map(|(action, hint)| Some((key(*action)?.to_string(), *hint)));
    fit_hints(canvas, hints.collect(), cells)
}

fn undo_list_hints(state: &AppState, list: &UndoList) -> Vec<(String, &'static str)> {
    if !matches!(&list.steps, Some(Ok(steps)) if !steps.is_empty()) {
        return vec![("Esc".into(), "close")];
    }
    let is_undone = list.selected_step().is_some_and(|step| step.is_undone);
    let mut hints = match (list.hunk, is_undone) {
        (None, false) => hints_for_actions(
            state,
            &[(Action::Undo, "take it back"), (Action::Open, "hunks"), (Action::Redo, "make again")],
        ),
        (None, true) => hints_for_actions(state, &[(Action::Redo, "make again"), (Action::Open, "hunks")]),
        (Some(_), false) => hints_for_actions(state, &[(Action::Undo, "take the hunk back")]),
        (Some(_), true) => Vec::new(),
    };
    hints.extend(hints_for_actions(state, &[(Action::HalfDown, "scroll")]));
    hints.push(("Esc".into(), if list.hunk.is_some() { "steps" } else { "close" }));
    hints
}

fn value_hints(state: &AppState, editor: &ValueEditor) -> Vec<(String, &'static str)> {
    let leave = ("Esc".to_owned(), "leave");
    if editor.stage != ValueStage::Typing {
        return vec![leave];
    }
    let has_suggestion = editor.current_field().is_some_and(|field| !field.value.suggestions.is_empty());
    let mut hints = vec![("Enter".to_owned(), "take")];
    hints.extend((editor.fields.len() > 1).then(|| ("Tab".to_owned(), "next")));
    hints.extend(has_suggestion.then(|| ("Up Down".to_owned(), "other")));
    let is_selected = editor.current_field().is_some_and(ValueField::is_selected);
    hints.extend(is_selected.then(|| ("End".to_owned(), "edit")));
    hints.extend(hints_for_actions(state, &[(Action::KeepValues, "for repository")]));
    hints.push(leave);
    hints
}

fn lookup_hints(state: &AppState, lookup: &RegistryLookup) -> Vec<(String, &'static str)> {
    let leave = ("Esc".to_owned(), "leave");
    match &lookup.stage {
        LookupStage::NotStarted => vec![("Enter".into(), "ask"), leave],
        LookupStage::Running(_) => vec![("Esc".into(), "stop")],
        LookupStage::Finished { .. } => {
            let write = if lookup.spans_files() { "y" } else { "f" };
            let can_write = state.preview.writable_plan().is_some();
            let mut hints: Vec<(String, &str)> =
                can_write.then(|| (write.into(), "write")).into_iter().collect();
            if lookup.images.len() > 1 {
                hints.extend([("j k".into(), "image"), ("h l".into(), "tag")]);
            } else if lookup.current_image().is_some_and(|asked| asked.tag_choices().len() > 1) {
                hints.push(("j k".into(), "tag"));
            }
            hints.extend([("Ctrl-d".into(), "scroll"), ("r".into(), "ask again"), leave]);
            hints
        }
    }
}

fn pin_check_hints(pins: &PinCheckState) -> Vec<(String, &'static str)> {
    match &pins.stage {
        LookupStage::NotStarted => vec![("Enter".into(), "ask"), ("Esc".into(), "leave")],
        LookupStage::Running(_) => vec![("Esc".into(), "stop")],
        LookupStage::Finished { .. } => {
            let renew = (!pins.moved_digests().is_empty()).then(|| ("y".to_owned(), "renew"));
            let rest = [("j k", "image"), ("Ctrl-d", "scroll"), ("r", "ask again"), ("Esc", "leave")];
            renew.into_iter().chain(rest.map(|(key, hint)| (key.to_owned(), hint))).collect()
        }
    }
}

fn trial_hints(progress: TrialProgress) -> Vec<(String, &'static str)> {
    let hints: &[(&str, &'static str)] = match progress {
        TrialProgress::Looking => &[("Esc", "leave")],
        TrialProgress::Asking => &[("y", "run it"), ("j k", "scroll"), ("Esc", "leave")],
        TrialProgress::Running => &[("j k", "scroll"), ("Esc", "stop")],
        TrialProgress::Finished => &[("r", "run again"), ("j k", "scroll"), ("Esc", "close")],
        TrialProgress::Failed => &[("r", "ask again"), ("Esc", "close")],
    };
    hints.iter().map(|(key, hint)| ((*key).to_owned(), *hint)).collect()
}

/// The cells of a hint with the blanks around it.
fn hint_width((key, hint): &(String, &str)) -> usize {
    safe_text::text_width(key) + safe_text::text_width(hint) + 3
}

/// The cells that all of these take.
fn hints_width(hints: &[(String, &str)]) -> usize {
    1 + hints.iter().map(hint_width).sum::<usize>()
}

/// As many hints as fit whole. The last ones, help and quit, are never left out for others.
fn fit_hints(canvas: &Canvas<'_>, hints: Vec<(String, &str)>, cells: usize) -> Line<'static> {
    let kept = hints.len().min(2);
    let (first, last) = hints.split_at(hints.len() - kept);
    let mut room = cells.saturating_sub(hints_width(last));
    let fitting = first.iter().take_while(|hint| {
        let fits = hint_width(hint) <= room;
        room = room.saturating_sub(hint_width(hint));
        fits
    });
    let hints: Vec<(String, &str)> = fitting.chain(last).cloned().collect();
    draw_hints(canvas, hints.into_iter())
}

fn draw_hints<'a>(canvas: &Canvas<'_>, hints: impl Iterator<Item = (String, &'a str)>) -> Line<'static> {
    let mut spans = Vec::new();
    for (key, hint) in hints {
        spans.push(Span::styled(format!(" {key}"), canvas.token_style(StyleToken::Focus)));
        spans.push(Span::styled(format!(" {hint} "), canvas.token_style(StyleToken::Muted)));
    }
    Line::from(spans)
}
