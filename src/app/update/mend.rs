//! What mends: the fix in view, wider fixes, exceptions.

use std::fmt::Write as _;

use super::super::event::Effect;
use super::super::layout::Pane;
use super::super::overlay::{Overlay, Reach};
use super::super::preview::PatchLine;
use super::super::state::State;
use super::super::toast::Toast;
use super::writing::{ask, write};
use super::{focus, lookup};
use crate::text::diff::Change;

/// Writes the diff in view. What is not in view is shown first, and what reaches far is asked about.
pub(super) fn fix(state: &mut State) -> Vec<Effect> {
    if let Some(keys) = lookup::wanted(state) {
        return lookup::open(state, &keys);
    }
    if state.reaches_far() {
        let keys = state.selected();
        return ask(state, Reach::Selected, keys);
    }
    if !state.shows_fix() && state.preview.plan().is_some() {
        let effects = focus::focus(state, Pane::Rule);
        state.toast = Some(Toast::Look);
        return effects;
    }
    write(state)
}

pub(super) fn menu(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Menu { choice: 0 });
    Vec::new()
}

pub(super) fn ignore(state: &mut State) -> Vec<Effect> {
    match state.finding().filter(|_| state.is_single()).map(|entry| entry.key.clone()) {
        Some(key) => state.overlay = Some(Overlay::Reason { key, text: String::new() }),
        None => state.toast = Some(Toast::OneOnly),
    }
    Vec::new()
}

/// The finding and its patch, as text.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let Some(entry) = state.finding() else { return Vec::new() };
    let mut text = format!("{}:{}: {} [{}]\n", entry.key.path, entry.line, entry.message, entry.key.rule);
    for line in &state.preview.lines {
        let _ = match line {
            PatchLine::File(path) => writeln!(text, "\n{path}"),
            PatchLine::Gap => writeln!(text, "@@"),
            PatchLine::Line(line) => {
                let mark = match line.change {
                    Change::Same => ' ',
                    Change::Added => '+',
                    Change::Removed => '-',
                };
                writeln!(text, "{mark}{}", line.text)
            }
        };
    }
    state.toast = Some(Toast::Copied);
    vec![Effect::Copy(text)]
}
