//! What happens becomes what the program knows, and what it then wants done.

mod act;
mod asked;
mod focus;
mod lookup;
mod mend;
mod mouse;
mod pins;
mod scroll;
mod told;
mod typing;
mod value;
mod walk;
mod writing;

use super::action::Action;
use super::backend::Request;
use super::event::{Effect, Event};
use super::key::{Code, Key};
use super::left::Left;
use super::state::State;
use super::toast::Toast;

pub use walk::open as open_walk;

/// What to do first.
#[must_use]
pub fn start(state: &mut State) -> Vec<Effect> {
    state.progress = Some((0, 0));
    let problems = &state.config.problems;
    state.toast = problems.first().map(|(line, what)| Toast::Config {
        line: *line,
        what: what.clone(),
        more: problems.len() - 1,
    });
    vec![Effect::Ask(Request::Scan), Effect::Remind]
}

/// Takes in what happened. Never waits, never fails.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) => press(state, key),
        Event::Mouse(mouse) => mouse::act(state, mouse),
        Event::Resize(width, height) => {
            state.size = (width, height);
            state.scroll_into_view();
            state.show_line();
            Vec::new()
        }
        Event::Paste(text) => typing::paste(state, &text),
        Event::Late => {
            state.late = true;
            state.preview.linger();
            Vec::new()
        }
        Event::Blur => {
            state.left = state.scanned.then(|| Left::now(&state.index, state.store.score()));
            Vec::new()
        }
        Event::Focus => {
            let changed = state.left.take().and_then(|left| left.since(&state.index, state.store.score()));
            state.toast = changed.or_else(|| state.toast.take());
            Vec::new()
        }
        Event::Message(message) => told::hear(state, message),
        Event::Edited(result) => {
            state.toast = result.err().map(Toast::NotEdited);
            Vec::new()
        }
        Event::Terminate => vec![Effect::Quit],
    }
}

fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.toast = None;
    let action = state.config.keymap.action(key);
    // These are the same wherever the keys go otherwise. Typed characters are never among them.
    match action.filter(|_| key.typed().is_none()) {
        Some(Action::Quit) => return vec![Effect::Quit],
        Some(Action::Suspend) => return vec![Effect::Suspend],
        Some(Action::Redraw) => return vec![Effect::Redraw],
        _ => {}
    }
    if state.overlay.is_some() {
        return asked::press(state, key, action);
    }
    if state.walk.is_some() {
        return walk::press(state, key, action);
    }
    if state.typing {
        return type_filter(state, key);
    }
    action.map_or_else(Vec::new, |action| act::act(state, action))
}

/// Keys that go to the filter: the list follows each of them.
fn type_filter(state: &mut State, key: Key) -> Vec<Effect> {
    match key.code {
        Code::Backspace if state.filter.text.is_empty() => state.typing = false,
        Code::Enter => state.typing = false,
        Code::Esc => {
            state.typing = false;
            return act::clear_filter(state);
        }
        Code::Up => return act::act(state, Action::Up),
        Code::Down => return act::act(state, Action::Down),
        _ if !typing::edit(&mut state.filter.text, key) => return Vec::new(),
        _ => {}
    }
    narrow(state)
}

/// The filter is another: the list follows.
fn narrow(state: &mut State) -> Vec<Effect> {
    state.refilter();
    state.select_first_finding();
    state.follow_finding();
    state.ask_plan(false)
}
