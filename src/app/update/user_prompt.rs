//! Asks the user for the ids of an image whose user no file here tells, and makes the fix with them.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::text_field::TextField;
use super::super::walk_screen::{FormField, ValueForm};
use crate::fix::RequiredValue;
use crate::walkthrough::typed_values;

/// Opens the question for the numbers, filled in with a free one.
pub(super) fn open_user_prompt(missing: RequiredValue) -> DialogState {
    let here = format!(
        "Nothing here says as whom it is built to run; `docker pull {image}`, then `docker inspect -f \
         '{{{{.Config.User}}}}' {image}` shows it.",
        image = crate::text::quote_shell_word(&missing.image_text)
    );
    let text = missing.free_uid.to_string();
    let field = |name, here| FormField {
        subject: missing.image_text.clone(),
        name,
        text: TextField::with_text(text.as_str()),
        initial_text: text.clone(),
        hint: here,
        remark: None,
    };
    let fields = vec![field("uid", here), field("gid", "Mostly the same number.".to_owned())];
    let mut form = ValueForm { fields, focused: 0, error: None };
    update_remarks(&missing, &mut form);
    DialogState::ImageUser { form, required: missing }
}

/// Updates the remark on each number.
fn update_remarks(missing: &RequiredValue, form: &mut ValueForm) {
    for field in &mut form.fields {
        let taken = if field.name == "uid" { missing.used_uids.as_slice() } else { &[] };
        let default = field.initial_text.parse().ok();
        field.remark = Some(typed_values::remark_on_id(field.name, field.trimmed_text(), default, taken));
    }
}

/// Handles keys while the question is open.
pub(super) fn on_user_prompt_key(
    state: &mut AppState,
    key: KeyPress,
    missing: RequiredValue,
    mut form: ValueForm,
) -> Vec<AppEffect> {
    let last = form.fields.len().saturating_sub(1);
    match key.code {
        KeyName::Esc => return Vec::new(),
        KeyName::Tab | KeyName::Down => {
            form.focused = if form.focused == last { 0 } else { form.focused + 1 }
        }
        KeyName::BackTab | KeyName::Up => form.focused = form.focused.checked_sub(1).unwrap_or(last),
        KeyName::Enter => match parse_ids(&form) {
            Ok((uid, gid)) => {
                let said = AppEffect::Ask(BackendRequest::SetImageUser { image: missing.image, uid, gid });
                return std::iter::once(said).chain(state.request_plan(true)).collect();
            }
            Err(error) => form.error = Some(error),
        },
        _ => form.type_key(key),
    }
    update_remarks(&missing, &mut form);
    state.dialog = Some(DialogState::ImageUser { required: missing, form });
    Vec::new()
}

fn parse_ids(form: &ValueForm) -> Result<(u32, u32), String> {
    let number = |at: usize, name| {
        let field = form.fields.get(at);
        let default = field.and_then(|field| field.initial_text.parse().ok());
        typed_values::parse_id(name, field.map(FormField::trimmed_text).unwrap_or_default(), default)
    };
    Ok((number(0, "uid")?, number(1, "gid")?))
}
