//! What a person says in the walk: why a chapter is skipped, and values in place of the defaults.

mod fields;
mod taken;

use super::super::typing;
use super::set_asking;
use crate::app::backend::Request;
use crate::app::event::Effect;
use crate::app::key::{Code, Key};
use crate::app::state::State;
use crate::app::toast::Toast;
use crate::app::walk::{Asking, Form, Walking};
use crate::walkthrough::{Chapter, ChapterStatus};

/// Asks why the chapter is skipped; a chapter that is skipped already is taken up again.
pub(super) fn skip(state: &mut State) -> Vec<Effect> {
    let Some(page) = state.walk.as_ref().and_then(Walking::page) else { return Vec::new() };
    match (&page.status, &page.skip_reason) {
        (ChapterStatus::ToDo, Some(_)) => {
            let chapter = page.chapter;
            keep(state, chapter, None)
        }
        (ChapterStatus::ToDo, None) => {
            set_asking(state, Asking::Skip(String::new()));
            Vec::new()
        }
        _ => super::turn(state, 1),
    }
}

fn keep(state: &State, chapter: Chapter, reason: Option<String>) -> Vec<Effect> {
    let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
    id.map(|id| Effect::Ask(Request::Skip { id, chapter, reason })).into_iter().collect()
}

/// Asks for the values of the chapter in view.
pub(super) fn change(state: &mut State) -> Vec<Effect> {
    let fields = fields::of(state);
    if fields.is_empty() {
        state.toast = Some(Toast::Notice("There is no value to choose here.".to_owned()));
    } else {
        let mut form = Form { fields, at: 0, error: None };
        fields::remark(state, &mut form);
        set_asking(state, Asking::Values(form));
    }
    Vec::new()
}

/// Keys while something is asked.
pub(super) fn press(state: &mut State, key: Key, asking: Asking) -> Vec<Effect> {
    if key.code == Code::Esc {
        return Vec::new();
    }
    match asking {
        Asking::Skip(mut text) => {
            if key.code == Code::Enter && !text.trim().is_empty() {
                let page = state.walk.as_ref().and_then(Walking::page);
                let Some(chapter) = page.map(|page| page.chapter) else { return Vec::new() };
                let mut effects = keep(state, chapter, Some(text.trim().to_owned()));
                effects.extend(super::turn(state, 1));
                return effects;
            }
            typing::edit(&mut text, key);
            set_asking(state, Asking::Skip(text));
            Vec::new()
        }
        Asking::Values(form) => fill_in(state, key, form),
    }
}

fn fill_in(state: &mut State, key: Key, mut form: Form) -> Vec<Effect> {
    let last = form.fields.len().saturating_sub(1);
    match key.code {
        Code::Tab | Code::Down => form.at = if form.at >= last { 0 } else { form.at + 1 },
        Code::BackTab | Code::Up => form.at = form.at.checked_sub(1).unwrap_or(last),
        Code::Enter => match taken::choices(state, &form) {
            Ok(choices) => {
                let Some(id) = state.walk.as_ref().and_then(|walking| walking.id.clone()) else {
                    return Vec::new();
                };
                let ask = |choice| Effect::Ask(Request::Choose { id: id.clone(), choice });
                return choices.into_iter().map(ask).collect();
            }
            Err(error) => form.error = Some(error),
        },
        _ => {
            if let Some(field) = form.fields.get_mut(form.at) {
                typing::edit(&mut field.text, key);
                form.error = None;
            }
            fields::grow(&mut form);
        }
    }
    fields::remark(state, &mut form);
    set_asking(state, Asking::Values(form));
    Vec::new()
}
