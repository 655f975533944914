//! What is asked for in a chapter: its values as they would be written, and what is said of them while they are typed.

use crate::app::state::State;
use crate::app::walk::{Field, Form, Walking};
use crate::walkthrough::typed_values;
use crate::walkthrough::typed_values::ValueRemark;
use crate::walkthrough::{AppChoices, Chapter, ChapterStatus, ResourceRange};

/// What a path may be added in.
pub(super) const ADD: &str = "add";

/// The values of the chapter in view; none where there is nothing to choose.
pub(super) fn of(state: &State) -> Vec<Field> {
    let walking = state.walk.as_ref();
    let page = walking.and_then(Walking::page).filter(|page| page.status == ChapterStatus::ToDo);
    let choices = walking.and_then(Walking::journey).map(|journey| &journey.choices);
    let Some((page, choices)) = page.zip(choices) else { return Vec::new() };
    match page.chapter {
        Chapter::User => users(choices, true),
        Chapter::Host => users(choices, false),
        Chapter::Filesystem => paths(choices),
        Chapter::Resources => resources(choices),
        Chapter::Image => images(choices),
        _ => Vec::new(),
    }
}

fn field(of: &str, name: &'static str, text: String) -> Field {
    Field { of: of.to_owned(), name, was: text.clone(), text, ..Field::default() }
}

fn users(choices: &AppChoices, built: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    let taken: Vec<String> =
        choices.other_uids.iter().take(4).map(|(uid, whose)| format!("{uid} ({whose})")).collect();
    let here = if taken.is_empty() { String::new() } else { format!("Taken here: {}.", taken.join(", ")) };
    for user in choices.users.iter().filter(|user| user.is_built_here || !built) {
        let (uid, gid) = user.user.unzip();
        let text = |id: Option<u32>| id.map(|id| id.to_string()).unwrap_or_default();
        fields.push(Field { here: here.clone(), ..field(&user.key, "uid", text(uid)) });
        fields.push(field(&user.key, "gid", text(gid)));
    }
    fields
}

fn paths(choices: &AppChoices) -> Vec<Field> {
    let mut fields = Vec::new();
    for (container, paths) in &choices.writable_paths {
        for suggested in paths {
            let here = format!("Suggested, since {}.", suggested.evidence);
            fields.push(Field { here, ..field(container, "path", suggested.path.clone()) });
        }
        fields.push(field(container, ADD, String::new()));
    }
    fields
}

fn resources(choices: &AppChoices) -> Vec<Field> {
    let own = &choices.resources;
    let texts = [
        ("cpu request", &own.cpu_request),
        ("cpu limit", &own.cpu_limit),
        ("memory request", &own.memory_request),
        ("memory limit", &own.memory_limit),
    ];
    let with = texts.into_iter().zip(&choices.resource_ranges);
    with.map(|((name, text), used)| Field {
        here: used.as_ref().map(in_words).unwrap_or_default(),
        ..field("", name, text.clone().unwrap_or_default())
    })
    .collect()
}

fn in_words(used: &ResourceRange) -> String {
    let ResourceRange { least: (least, by_least), most: (most, by_most) } = used;
    if least == most {
        format!("Elsewhere here: {least} ({by_least}).")
    } else {
        format!("Elsewhere here: {least} ({by_least}) to {most} ({by_most}).")
    }
}

fn images(choices: &AppChoices) -> Vec<Field> {
    let mut fields = Vec::new();
    for named in &choices.images {
        let (of, pin) = (named.image.text(), named.pin.clone());
        let tag = pin.tag.or_else(|| named.image.tag().map(str::to_owned));
        fields.push(field(of, "tag", tag.unwrap_or_default()));
        let here = format!("`docker buildx imagetools inspect {of}` shows it as `Digest:`.");
        fields.push(Field { here, ..field(of, "digest", pin.digest.unwrap_or_default()) });
    }
    fields
}

/// Where the last path to add is begun, one more can be added below it.
pub(super) fn grow(form: &mut Form) {
    let begun = form.fields.get(form.at).filter(|field| field.name == ADD && !field.text.is_empty());
    let Some(begun) = begun else { return };
    let of = begun.of.clone();
    if !form.fields.iter().any(|field| field.of == of && field.name == ADD && field.text.is_empty()) {
        form.fields.insert(form.at + 1, field(&of, ADD, String::new()));
    }
}

/// Says what is to be said of each value as it stands.
pub(super) fn remark(state: &State, form: &mut Form) {
    let Some(choices) = state.walk.as_ref().and_then(Walking::journey).map(|journey| &journey.choices) else {
        return;
    };
    for at in 0..form.fields.len() {
        let remark = of_field(choices, &form.fields, at);
        form.fields[at].remark = remark;
    }
}

fn of_field(choices: &AppChoices, fields: &[Field], at: usize) -> Option<ValueRemark> {
    let field = &fields[at];
    let value = field.value();
    match field.name {
        "uid" | "gid" => {
            let taken = if field.name == "uid" { choices.other_uids.as_slice() } else { &[] };
            let remark = typed_values::remark_on_id(field.name, value, taken);
            // A number that is known of the image stands as it is.
            Some(remark).filter(|remark| field.is_changed() || matches!(remark, ValueRemark::Good(_)))
        }
        "path" if value.is_empty() => {
            Some(ValueRemark::Doubt("left out: the program cannot write there".to_owned()))
        }
        "path" | ADD if value.is_empty() => None,
        "path" | ADD => typed_values::parse_path(value).err().map(ValueRemark::Refused),
        "tag" | "digest" => {
            let image = &choices.images.iter().find(|named| named.image.text() == field.of)?.image;
            if field.name == "tag" {
                typed_values::remark_on_tag(image, value)
            } else {
                typed_values::remark_on_digest(value)
            }
        }
        "memory request" | "memory limit" => {
            typed_values::parse_memory(value).err().map(ValueRemark::Refused)
        }
        "cpu request" | "cpu limit" => typed_values::parse_amount(value).err().map(ValueRemark::Refused),
        _ => None,
    }
}
