//! As whom an image runs that nothing here tells of: a person says it, and the fix is made with it.

use super::super::backend::Request;
use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::overlay::Overlay;
use super::super::state::State;
use super::super::toast::Toast;
use super::super::walk::{Field, Form};
use super::{typing, walk};
use crate::fix::Missing;

/// Asks for the numbers; one that is free stands there already.
pub(super) fn ask(missing: Missing) -> Overlay {
    let why = format!(
        "Nothing here says as whom {image} is built to run; `docker run --rm --entrypoint id {image}` shows it. {uid} is \
         free in this repository.",
        image = missing.written,
        uid = missing.uid,
    );
    let field = |name, reason| Field { name, text: missing.uid.to_string(), reason };
    let fields = vec![field("uid", why), field("gid", "Mostly the same number.".to_owned())];
    Overlay::Value { form: Form { fields, at: 0, error: None }, missing }
}

/// Keys while it is asked for.
pub(super) fn press(state: &mut State, key: Key, missing: Missing, mut form: Form) -> Vec<Effect> {
    let last = form.fields.len().saturating_sub(1);
    match key.code {
        Code::Esc => return Vec::new(),
        Code::Tab | Code::Down => form.at = if form.at == last { 0 } else { form.at + 1 },
        Code::BackTab | Code::Up => form.at = form.at.checked_sub(1).unwrap_or(last),
        Code::Enter => match walk::user(&form, &missing.taken) {
            Ok((uid, gid, warning)) => {
                state.toast = warning.map(Toast::Notice);
                let said = Effect::Ask(Request::User { image: missing.image, uid, gid });
                return std::iter::once(said).chain(state.ask_plan(true)).collect();
            }
            Err(error) => form.error = Some(error),
        },
        _ => {
            if let Some(field) = form.fields.get_mut(form.at) {
                typing::edit(&mut field.text, key);
                form.error = None;
            }
        }
    }
    state.overlay = Some(Overlay::Value { missing, form });
    Vec::new()
}
