//! Keys while something lies over the panes.

use super::super::action::Action;
use super::super::backend::Request;
use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::overlay::{Overlay, Reach};
use super::super::state::State;
use super::scroll::scrolled;
use super::{lookup, pins, typing, value, writing};
use crate::finding::FindingKey;

pub(super) fn press(state: &mut State, key: Key, action: Option<Action>) -> Vec<Effect> {
    match state.overlay.take() {
        Some(Overlay::Help { scroll, filter }) => {
            state.overlay = help(state, key, action, scroll, filter);
            Vec::new()
        }
        Some(Overlay::Menu { choice }) => choose(state, key, action, choice),
        Some(Overlay::Confirm { reach, keys, scroll }) => {
            let scroll = scrolled(scroll, action, state.measured.patch);
            state.overlay = Some(Overlay::Confirm { reach, keys, scroll });
            answer(state, key, action)
        }
        Some(Overlay::Reason { key: finding, text }) => reason(state, key, finding, text),
        Some(Overlay::Value { missing, form }) => value::press(state, key, missing, form),
        Some(Overlay::Pins(asked)) => pins::press(state, asked, key, action),
        Some(Overlay::Lookup(asked)) => lookup::press(state, asked, key, action),
        None => Vec::new(),
    }
}

/// What the key leaves of the help.
fn help(
    state: &State,
    key: Key,
    action: Option<Action>,
    scroll: usize,
    filter: Option<String>,
) -> Option<Overlay> {
    let filter = match (filter, key.typed(), key.code) {
        (None, ..) if action == Some(Action::Filter) => Some(String::new()),
        (None, ..) if matches!(action, Some(Action::Help | Action::Back | Action::Quit | Action::Open)) => {
            return None;
        }
        (Some(_), None, Code::Esc) => None,
        (Some(_), None, Code::Enter) => return None,
        (Some(mut text), None, Code::Backspace) => text.pop().map(|_| text),
        (Some(text), Some(typed), _) => Some(text + typed.encode_utf8(&mut [0; 4])),
        (filter, ..) => filter,
    };
    let moves = action.filter(|_| filter.is_none() || key.typed().is_none());
    Some(Overlay::Help { scroll: scrolled(scroll, moves, state.measured.help), filter })
}

fn choose(state: &mut State, key: Key, action: Option<Action>, choice: usize) -> Vec<Effect> {
    let last = Reach::MENU.len() - 1;
    let digit = key.typed().and_then(|c| c.to_digit(10)).and_then(|d| usize::try_from(d).ok());
    let chosen = match (digit.and_then(|d| d.checked_sub(1)), action) {
        (Some(at), _) if at <= last => at,
        (_, Some(Action::Open)) => choice,
        (_, Some(Action::Back | Action::Quit | Action::FixAll)) => return Vec::new(),
        (_, action) => {
            let choice = match action {
                Some(Action::Down) => (choice + 1).min(last),
                Some(Action::Up) => choice.saturating_sub(1),
                _ => choice,
            };
            state.overlay = Some(Overlay::Menu { choice });
            return Vec::new();
        }
    };
    let reach = Reach::MENU[chosen];
    let keys = state.keys_within(reach);
    let images = |key: &FindingKey| state.index.find(key).is_some_and(|entry| entry.asks_a_registry);
    if !keys.is_empty() && keys.iter().all(images) {
        return lookup::open(state, &keys);
    }
    writing::ask(state, reach, keys)
}

/// Only `y` says yes; Enter is too easily pressed.
fn answer(state: &mut State, key: Key, action: Option<Action>) -> Vec<Effect> {
    let no = matches!(key.typed(), Some('n' | 'N' | 'q')) || matches!(key.code, Code::Enter | Code::Esc);
    if key.typed() == Some('y') {
        if state.preview.plan().is_some() {
            state.overlay = None;
            return writing::write_answered(state);
        }
        state.toast = Some(writing::not_written(state));
        Vec::new()
    } else if no || action == Some(Action::Back) {
        state.overlay = None;
        state.ask_plan(true)
    } else {
        Vec::new()
    }
}

fn reason(state: &mut State, key: Key, finding: FindingKey, mut text: String) -> Vec<Effect> {
    match key.code {
        Code::Enter if !text.trim().is_empty() => {
            let reason = text.trim().to_owned();
            return vec![Effect::Ask(Request::Allow { key: finding, reason })];
        }
        Code::Esc => return Vec::new(),
        _ => drop(typing::edit(&mut text, key)),
    }
    state.overlay = Some(Overlay::Reason { key: finding, text });
    Vec::new()
}
