//! The last line: what the keys do, or what just happened.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{text, toast};
use crate::app::{Action, Area, Layout, Lookup, Overlay, Pins, Shape, Stage, State, Wide};
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let inset = if layout.shape == Shape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let y = layout.height - 1;
    match &state.toast {
        Some(toast) => {
            let slot = if toast.is_bad() { Slot::Bad } else { Slot::Good };
            say(canvas, layout, &toast::words(toast), slot);
        }
        None => {
            let line = hints(canvas, state, usize::from(cells));
            canvas.line(inset, y, cells, &line);
        }
    }
}

/// Words in the last line; where they are too many, over the lines above it as well.
fn say(canvas: &mut Canvas<'_>, layout: &Layout, words: &str, slot: Slot) {
    let inset = if layout.shape == Shape::Single { 0 } else { 2 };
    let cells = layout.width.saturating_sub(2 * inset);
    let words = text::clean(words, canvas.glyphs().control);
    let mut lines = text::wrap(&words, usize::from(cells.saturating_sub(2)));
    lines.truncate(TOAST.min(usize::from(layout.height / 2)));
    let above = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
    let first = layout.height - 1 - above;
    canvas.clear(Area { x: inset, y: first, width: cells, height: above });
    for (line, y) in lines.iter().zip(first..) {
        canvas.text(inset, y, cells, &format!(" {line} "), canvas.style(slot));
    }
}

/// How many lines a word on what just happened may take.
const TOAST: usize = 4;

/// These actions, with the keys they have.
fn keyed(state: &State, actions: &[(Action, &'static str)]) -> Vec<(String, &'static str)> {
    let key = |action| state.config.keymap.keys(action).first();
    actions.iter().filter_map(|(action, hint)| Some((key(*action)?.to_string(), *hint))).collect()
}

/// The keys and what they do.
fn hints(canvas: &Canvas<'_>, state: &State, cells: usize) -> Line<'static> {
    let own: Vec<(String, &str)> = match &state.overlay {
        Some(Overlay::Help { filter: None, .. }) => {
            vec![("j k".into(), "scroll"), ("/".into(), "search"), ("Esc".into(), "close")]
        }
        Some(Overlay::Help { .. }) => vec![("Enter".into(), "close"), ("Esc".into(), "all keys")],
        Some(Overlay::Menu { .. }) => {
            vec![("1 to 7".into(), "choose"), ("Enter".into(), "choose"), ("Esc".into(), "close")]
        }
        Some(Overlay::Confirm { .. }) if state.preview.plan().is_none() => vec![("Esc".into(), "close")],
        Some(Overlay::Confirm { .. }) => {
            vec![("j k".into(), "scroll"), ("y".into(), "write"), ("n".into(), "leave")]
        }
        Some(Overlay::Value { .. }) => {
            vec![("Tab".into(), "next"), ("Enter".into(), "show diff"), ("Esc".into(), "leave")]
        }
        Some(Overlay::Lookup(lookup)) => of_lookup(lookup),
        Some(Overlay::Pins(pins)) => of_pins(pins),
        Some(Overlay::Reason { .. }) => vec![("Enter".into(), "write the comment"), ("Esc".into(), "leave")],
        None if state.walk.is_some() => {
            state.walk.as_ref().map(|walking| super::walk::hints(walking, state)).unwrap_or_default()
        }
        None if state.typing => vec![("Enter".into(), "keep"), ("Esc".into(), "clear")],
        None if state.wide.is_some() => {
            let next = if state.wide == Some(Wide::Diff) { "explanation" } else { "all panes" };
            let actions = [
                (Action::Fix, "fix"),
                (Action::Down, "down"),
                (Action::Up, "up"),
                (Action::Diff, next),
                (Action::Back, "back"),
            ];
            keyed(state, &actions)
        }
        None => state.config.keymap.hints().map(|(key, hint)| (key.to_string(), hint)).collect(),
    };
    fit(canvas, own, cells)
}

fn of_lookup(lookup: &Lookup) -> Vec<(String, &'static str)> {
    let leave = ("Esc".to_owned(), "leave");
    match &lookup.stage {
        Stage::Before => vec![("Enter".into(), "ask"), leave],
        Stage::Asking(_) => vec![("Esc".into(), "stop")],
        Stage::Answered { .. } => {
            let write = if lookup.reaches_far() { "y" } else { "f" };
            let mut hints = vec![(write.into(), "write")];
            if lookup.images.len() > 1 {
                hints.extend([("j k".into(), "image"), ("h l".into(), "tag")]);
            } else if lookup.current().is_some_and(|asked| asked.choices().len() > 1) {
                hints.push(("j k".into(), "tag"));
            }
            hints.extend([("Ctrl-d".into(), "scroll"), ("r".into(), "ask again"), leave]);
            hints
        }
    }
}

fn of_pins(pins: &Pins) -> Vec<(String, &'static str)> {
    match &pins.stage {
        Stage::Before => vec![("Enter".into(), "ask"), ("Esc".into(), "leave")],
        Stage::Asking(_) => vec![("Esc".into(), "stop")],
        Stage::Answered { .. } => {
            let renew = (!pins.moved().is_empty()).then(|| ("y".to_owned(), "renew"));
            let rest = [("j k", "image"), ("Ctrl-d", "scroll"), ("r", "ask again"), ("Esc", "leave")];
            renew.into_iter().chain(rest.map(|(key, hint)| (key.to_owned(), hint))).collect()
        }
    }
}

/// As many hints as fit whole. The last ones, which say how to get help and how to get out, are never left out for others.
fn fit(canvas: &Canvas<'_>, hints: Vec<(String, &str)>, cells: usize) -> Line<'static> {
    let width = |(key, hint): &(String, &str)| text::width(key) + text::width(hint) + 3;
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
        spans.push(Span::styled(format!(" {key}"), canvas.style(Slot::Focus)));
        spans.push(Span::styled(format!(" {hint} "), canvas.style(Slot::Muted)));
    }
    Line::from(spans)
}
