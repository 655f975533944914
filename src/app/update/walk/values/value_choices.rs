//! Turns the typed values into choices: only those that differ from the defaults.

use crate::app::app_state::AppState;
use crate::app::backend_protocol::WalkChoice;
use crate::app::walk_screen::{FormField, ValueForm, WalkScreen};
use crate::walkthrough::{Chapter, typed_values};

/// The choices that the form makes.
///
/// # Errors
/// The first value that cannot be taken; the reason.
pub(super) fn form_choices(state: &AppState, form: &ValueForm) -> Result<Vec<WalkChoice>, String> {
    let walking = state.walk.as_ref();
    let page = walking.and_then(WalkScreen::current_page).zip(walking.and_then(WalkScreen::app_walk));
    let (page, journey) = page.ok_or("the chapter is gone")?;
    let mut choices = Vec::new();
    for fields in fields_by_subject(&form.fields).filter(|fields| fields.iter().any(FormField::is_changed)) {
        let of = fields[0].subject.clone();
        let text = |at: usize| fields.get(at).map(FormField::trimmed_text).unwrap_or_default();
        choices.push(match page.chapter {
            Chapter::Filesystem => WalkChoice::WritablePaths { container: of, paths: unique_paths(fields)? },
            Chapter::Resources => {
                WalkChoice::Resources(typed_values::parse_resources([text(0), text(1), text(2), text(3)])?)
            }
            Chapter::Image => {
                let image = journey.choices.images.iter().find(|named| named.image.text() == of);
                let pin =
                    typed_values::parse_pin(&image.ok_or("the image is gone")?.image, text(0), text(1))?;
                WalkChoice::Image { reference: of, pin }
            }
            _ => {
                let default = |at: usize| fields.get(at).and_then(|field| field.initial_text.parse().ok());
                let id = |name, at| typed_values::parse_id(name, text(at), default(at));
                let (uid, gid) = (id("uid", 0)?, id("gid", 1)?);
                WalkChoice::User { key: of, uid, gid }
            }
        });
    }
    Ok(choices)
}

/// The fields of each image or container.
fn fields_by_subject(fields: &[FormField]) -> impl Iterator<Item = &[FormField]> {
    fields.chunk_by(|one, next| one.subject == next.subject)
}

/// Each path once, without the empty ones.
fn unique_paths(fields: &[FormField]) -> Result<Vec<String>, String> {
    let mut paths: Vec<String> = Vec::new();
    for field in fields.iter().filter(|field| !field.trimmed_text().is_empty()) {
        let path = typed_values::parse_path(field.trimmed_text())?;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(paths)
}
