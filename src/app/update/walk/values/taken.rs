//! What is typed, as choices: only what differs from what would be written anyway.

use crate::app::backend::Choice;
use crate::app::state::State;
use crate::app::walk::{Field, Form, Walking};
use crate::walkthrough::{Chapter, typed_values};

/// The choices that the form makes.
///
/// # Errors
/// The first value that cannot be taken, and why.
pub(super) fn choices(state: &State, form: &Form) -> Result<Vec<Choice>, String> {
    let walking = state.walk.as_ref();
    let page = walking.and_then(Walking::page).zip(walking.and_then(Walking::journey));
    let (page, journey) = page.ok_or("the chapter is gone")?;
    let mut choices = Vec::new();
    for fields in groups(&form.fields).filter(|fields| fields.iter().any(Field::is_changed)) {
        let of = fields[0].of.clone();
        let text = |at: usize| fields.get(at).map(Field::value).unwrap_or_default();
        choices.push(match page.chapter {
            Chapter::Filesystem => Choice::Writable { container: of, paths: paths(fields)? },
            Chapter::Resources => {
                Choice::Resources(typed_values::parse_resources([text(0), text(1), text(2), text(3)])?)
            }
            Chapter::Image => {
                let image = journey.choices.images.iter().find(|named| named.image.text() == of);
                let pin =
                    typed_values::parse_pin(&image.ok_or("the image is gone")?.image, text(0), text(1))?;
                Choice::Image { reference: of, pin }
            }
            _ => {
                let (uid, gid) =
                    (typed_values::parse_id("uid", text(0))?, typed_values::parse_id("gid", text(1))?);
                Choice::User { key: of, uid, gid }
            }
        });
    }
    Ok(choices)
}

/// The fields of each image or container.
fn groups(fields: &[Field]) -> impl Iterator<Item = &[Field]> {
    fields.chunk_by(|one, next| one.of == next.of)
}

/// Each path once; emptied ones are left out.
fn paths(fields: &[Field]) -> Result<Vec<String>, String> {
    let mut paths: Vec<String> = Vec::new();
    for field in fields.iter().filter(|field| !field.value().is_empty()) {
        let path = typed_values::parse_path(field.value())?;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(paths)
}
