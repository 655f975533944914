//! A line of text, typed or pasted.

use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::overlay::Overlay;
use super::super::state::State;
use super::super::walk::{Asking, Form, Walking};

/// Takes a key into a line of text, as shells do; says whether it was one for it.
pub(super) fn edit(text: &mut String, key: Key) -> bool {
    match (key.typed(), key.code) {
        (Some(c), _) => text.push(c),
        (None, Code::Backspace) if key.alt || key.ctrl => drop_word(text),
        (None, Code::Backspace) => drop(text.pop()),
        (None, Code::Char('w')) if key.ctrl => drop_word(text),
        (None, Code::Char('u')) if key.ctrl => text.clear(),
        _ => return false,
    }
    true
}

/// Takes back the last word, or the last part of a path or an image's name.
fn drop_word(text: &mut String) {
    let words = text.trim_end();
    let end =
        words.rfind([' ', '/', ':', '@']).map_or(0, |at| if at + 1 == words.len() { at } else { at + 1 });
    text.truncate(end);
}

/// What is pasted goes to the line that is being typed. Where none is, it is no command: nobody pastes keys.
pub(super) fn paste(state: &mut State, pasted: &str) -> Vec<Effect> {
    let words: Vec<&str> = pasted.split(char::is_control).filter(|part| !part.is_empty()).collect();
    let filters = state.overlay.is_none() && state.walk.is_none() && state.typing;
    if let Some(text) = typed(state) {
        text.push_str(words.join(" ").as_str());
    }
    if filters { super::narrow(state) } else { Vec::new() }
}

/// The line that is being typed.
fn typed(state: &mut State) -> Option<&mut String> {
    match &mut state.overlay {
        Some(Overlay::Help { filter, .. }) => return filter.as_mut(),
        Some(Overlay::Reason { text, .. }) => return Some(text),
        Some(Overlay::Value { form, .. }) => return field(form),
        Some(Overlay::Menu { .. } | Overlay::Confirm { .. } | Overlay::Lookup(_) | Overlay::Pins(_)) => {
            return None;
        }
        None => {}
    }
    match &mut state.walk {
        Some(Walking { asking: Some(Asking::Skip(text)), .. }) => Some(text),
        Some(Walking { asking: Some(Asking::Values(form)), .. }) => field(form),
        Some(_) => None,
        None => state.typing.then_some(&mut state.filter.text),
    }
}

fn field(form: &mut Form) -> Option<&mut String> {
    form.fields.get_mut(form.at).map(|field| &mut field.text)
}
