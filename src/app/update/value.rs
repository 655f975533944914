//! As whom an image runs that nothing here tells of: a person says it, and the fix is made with it.

use super::super::backend::Request;
use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::overlay::Overlay;
use super::super::state::State;
use super::super::walk::{Field, Form};
use super::typing;
use crate::fix::Missing;
use crate::walkthrough::typed_values;

/// Asks for the numbers; one that is free stands there already.
pub(super) fn ask(missing: Missing) -> Overlay {
    let here = format!(
        "Nothing here says as whom it is built to run; `docker run --rm --entrypoint id {}` shows it.",
        missing.written
    );
    let text = missing.uid.to_string();
    let field = |name, here| Field {
        of: missing.written.clone(),
        name,
        text: text.clone(),
        was: text.clone(),
        here,
        remark: None,
    };
    let fields = vec![field("uid", here), field("gid", "Mostly the same number.".to_owned())];
    let mut form = Form { fields, at: 0, error: None };
    remark(&missing, &mut form);
    Overlay::Value { form, missing }
}

/// Says what each number is.
fn remark(missing: &Missing, form: &mut Form) {
    for field in &mut form.fields {
        let taken = if field.name == "uid" { missing.taken.as_slice() } else { &[] };
        field.remark = Some(typed_values::remark_on_id(field.name, field.value(), taken));
    }
}

/// Keys while it is asked for.
pub(super) fn press(state: &mut State, key: Key, missing: Missing, mut form: Form) -> Vec<Effect> {
    let last = form.fields.len().saturating_sub(1);
    match key.code {
        Code::Esc => return Vec::new(),
        Code::Tab | Code::Down => form.at = if form.at == last { 0 } else { form.at + 1 },
        Code::BackTab | Code::Up => form.at = form.at.checked_sub(1).unwrap_or(last),
        Code::Enter => match said(&form) {
            Ok((uid, gid)) => {
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
    remark(&missing, &mut form);
    state.overlay = Some(Overlay::Value { missing, form });
    Vec::new()
}

fn said(form: &Form) -> Result<(u32, u32), String> {
    let number = |at: usize, name| {
        typed_values::parse_id(name, form.fields.get(at).map(Field::value).unwrap_or_default())
    };
    Ok((number(0, "uid")?, number(1, "gid")?))
}
