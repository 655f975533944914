//! Draws the last line: the keys and their actions, or a toast.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{safe_text, toast_text};
use crate::app::{
    Action, AppState, DialogState, FullscreenView, KeySequence, LayoutShape, LookupStage, PinCheckState,
    RegistryLookup, ScreenArea, ScreenLayout, ScrollLimits,
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
            let line = if state.pending_keys.is_empty() {
                footer_hints(canvas, state, measured, usize::from(cells))
            } else {
                sequence_hints(canvas, state, usize::from(cells))
            };
            canvas.draw_line(inset, y, cells, &line);
        }
    }
}

/// Draws a toast in the last line; a long one over the lines above it as well.
fn draw_toast(canvas: &mut Canvas<'_>, layout: &ScreenLayout, words: &str, slot: StyleToken) {
    let inset = if layout.shape == LayoutShape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let words = safe_text::clean_text(words, canvas.glyphs().control_char);
    let mut lines = safe_text::wrap_words(&words, usize::from(cells.saturating_sub(2)));
    lines.truncate(MAX_TOAST_LINES.min(usize::from(layout.height / 2)));
    let above = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
    let first = layout.height - 1 - above;
    canvas.clear_area(ScreenArea { x: inset, y: first, width: cells, height: above });
    for (line, y) in lines.iter().zip(first..) {
        canvas.draw_text(inset, y, cells, &format!(" {line} "), canvas.token_style(slot));
    }
}

/// The most lines that a toast may take.
const MAX_TOAST_LINES: usize = 4;

/// The hints for these actions, with their keys.
fn hints_for_actions(state: &AppState, actions: &[(Action, &'static str)]) -> Vec<(String, &'static str)> {
    let key = |action| state.config.keymap.keys_for(action).first();
    actions.iter().filter_map(|(action, hint)| Some((key(*action)?.to_string(), *hint))).collect()
}

/// The keys pressed of a sequence, and those that may follow.
fn sequence_hints(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Line<'static> {
    let keymap = &state.config.keymap;
    let pressed =
        KeySequence::from_presses(&state.pending_keys).map(|keys| keys.to_string()).unwrap_or_default();
    let pressed = format!(" {pressed}{} ", canvas.glyphs().ellipsis);
    let next = keymap.continuations(&state.pending_keys);
    let mut hints: Vec<(String, &str)> =
        next.map(|(keys, binding)| (keys.to_string(), binding.description)).collect();
    hints.push(("Esc".into(), "leave"));
    let room = cells.saturating_sub(safe_text::text_width(&pressed));
    let mut line = fit_hints(canvas, hints, room);
    line.spans.insert(0, Span::styled(pressed, canvas.token_style(StyleToken::Title)));
    line
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
        Some(DialogState::FixMenu { .. }) => {
            vec![("1 to 7".into(), "choose"), ("Enter".into(), "choose"), ("Esc".into(), "close")]
        }
        Some(DialogState::ConfirmFix { .. }) if state.preview.writable_plan().is_none() => {
            vec![("Esc".into(), "close")]
        }
        Some(DialogState::ConfirmFix { .. }) if !state.record_frame().is_whole => {
            vec![("f".into(), "next page"), ("j k".into(), "scroll"), ("n".into(), "leave")]
        }
        Some(DialogState::ConfirmFix { .. }) => {
            vec![("j k".into(), "scroll"), ("y".into(), "write"), ("n".into(), "leave")]
        }
        Some(DialogState::ImageUser { .. }) => {
            vec![("Tab".into(), "next"), ("Enter".into(), "show diff"), ("Esc".into(), "leave")]
        }
        Some(DialogState::Lookup(lookup)) => lookup_hints(lookup),
        Some(DialogState::PinCheck(pins)) => pin_check_hints(pins),
        Some(DialogState::SuppressReason { .. }) => {
            vec![("Enter".into(), "write the comment"), ("Esc".into(), "leave")]
        }
        None if state.walk.is_some() => {
            let hints = |walking| super::walk::walk_hints(walking, state, measured.change);
            state.walk.as_ref().map(hints).unwrap_or_default()
        }
        None if state.filter_field.is_some() => vec![("Enter".into(), "keep"), ("Esc".into(), "clear")],
        None if state.fullscreen.is_some() => {
            let is_diff = state.fullscreen == Some(FullscreenView::Diff);
            let is_left = is_diff && !state.record_frame().is_whole;
            let fix = match is_diff {
                true if is_left => "next page",
                true => "write",
                false => "show the fix",
            };
            let actions = [
                (Action::Fix, fix),
                (Action::Down, "down"),
                (Action::Up, "up"),
                (Action::Page, if is_diff { "explanation" } else { "all panes" }),
                (Action::Back, "back"),
            ];
            hints_for_actions(state, &actions)
        }
        None => state.config.keymap.footer_hints().map(|(key, hint)| (key.to_string(), hint)).collect(),
    };
    fit_hints(canvas, own, cells)
}

fn lookup_hints(lookup: &RegistryLookup) -> Vec<(String, &'static str)> {
    let leave = ("Esc".to_owned(), "leave");
    match &lookup.stage {
        LookupStage::NotStarted => vec![("Enter".into(), "ask"), leave],
        LookupStage::Running(_) => vec![("Esc".into(), "stop")],
        LookupStage::Finished { .. } => {
            let write = if lookup.spans_files() { "y" } else { "f" };
            let mut hints = vec![(write.into(), "write")];
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

/// As many hints as fit whole. The last ones, help and quit, are never left out for others.
fn fit_hints(canvas: &Canvas<'_>, hints: Vec<(String, &str)>, cells: usize) -> Line<'static> {
    let width = |(key, hint): &(String, &str)| safe_text::text_width(key) + safe_text::text_width(hint) + 3;
    let kept = hints.len().min(2);
    let (first, last) = hints.split_at(hints.len() - kept);
    let mut room = cells.saturating_sub(1 + last.iter().map(width).sum::<usize>());
    let fitting = first.iter().take_while(|hint| {
        let fits = width(hint) <= room;
        room = room.saturating_sub(width(hint));
        fits
    });
    let mut spans = Vec::new();
    for (key, hint) in fitting.chain(last) {
        spans.push(Span::styled(format!(" {key}"), canvas.token_style(StyleToken::Focus)));
        spans.push(Span::styled(format!(" {hint} "), canvas.token_style(StyleToken::Muted)));
    }
    Line::from(spans)
}
