//! Fills the form of a chapter: its values as they would be written, with remarks while they are typed.

use crate::app::app_state::AppState;
use crate::app::text_field::TextField;
use crate::app::walk_screen::{FormField, ValueForm, WalkScreen};
use crate::walkthrough::typed_values::ValueRemark;
use crate::walkthrough::{AppChoices, Chapter, ChapterStatus, ResourceRange, typed_values};

/// The name of the field in which a path may be added.
pub(super) const ADD_PATH: &str = "add";

/// The values of the chapter in view; none where there is nothing to choose.
pub(super) fn chapter_fields(state: &AppState) -> Vec<FormField> {
    let walking = state.walk.as_ref();
    let page = walking.and_then(WalkScreen::current_page).filter(|page| page.status == ChapterStatus::ToDo);
    let choices = walking.and_then(WalkScreen::app_walk).map(|journey| &journey.choices);
    let Some((page, choices)) = page.zip(choices) else { return Vec::new() };
    match page.chapter {
        Chapter::User => user_fields(choices, true),
        Chapter::Host => user_fields(choices, false),
        Chapter::Filesystem => path_fields(choices),
        Chapter::Resources => resource_fields(choices),
        Chapter::Image => image_fields(choices),
        _ => Vec::new(),
    }
}

fn value_field(of: &str, name: &'static str, text: String) -> FormField {
    FormField {
        subject: of.to_owned(),
        name,
        text: TextField::with_text(text.as_str()),
        initial_text: text,
        ..FormField::default()
    }
}

fn user_fields(choices: &AppChoices, built: bool) -> Vec<FormField> {
    let mut fields = Vec::new();
    let taken: Vec<String> =
        choices.other_uids.iter().take(4).map(|(uid, whose)| format!("{uid} ({whose})")).collect();
    let here = if taken.is_empty() { String::new() } else { format!("Taken here: {}.", taken.join(", ")) };
    for user in choices.users.iter().filter(|user| user.is_built_here || !built) {
        let (uid, gid) = user.user.unzip();
        let text = |id: Option<u32>| id.map(|id| id.to_string()).unwrap_or_default();
        fields.push(FormField { hint: here.clone(), ..value_field(&user.key, "uid", text(uid)) });
        fields.push(value_field(&user.key, "gid", text(gid)));
    }
    fields
}

fn path_fields(choices: &AppChoices) -> Vec<FormField> {
    let mut fields = Vec::new();
    for (container, paths) in &choices.writable_paths {
        for suggested in paths {
            let here = format!("Suggested, since {}.", suggested.evidence);
            fields.push(FormField { hint: here, ..value_field(container, "path", suggested.path.clone()) });
        }
        fields.push(value_field(container, ADD_PATH, String::new()));
    }
    fields
}

fn resource_fields(choices: &AppChoices) -> Vec<FormField> {
    let own = &choices.resources;
    let texts = [
        ("cpu request", &own.cpu_request),
        ("cpu limit", &own.cpu_limit),
        ("memory request", &own.memory_request),
        ("memory limit", &own.memory_limit),
    ];
    let with = texts.into_iter().zip(&choices.resource_ranges);
    with.map(|((name, text), used)| FormField {
        hint: used.as_ref().map(describe_range).unwrap_or_default(),
        ..value_field("", name, text.clone().unwrap_or_default())
    })
    .collect()
}

fn describe_range(used: &ResourceRange) -> String {
    let ResourceRange { least: (least, by_least), most: (most, by_most) } = used;
    if least == most {
        format!("Elsewhere here: {least} ({by_least}).")
    } else {
        format!("Elsewhere here: {least} ({by_least}) to {most} ({by_most}).")
    }
}

fn image_fields(choices: &AppChoices) -> Vec<FormField> {
    let mut fields = Vec::new();
    for named in &choices.images {
        let (of, pin) = (named.image.text(), named.pin.clone());
        let tag = pin.tag.or_else(|| named.image.tag().map(str::to_owned));
        fields.push(value_field(of, "tag", tag.unwrap_or_default()));
        let here = format!("`docker buildx imagetools inspect {of}` shows it as `Digest:`.");
        fields.push(FormField { hint: here, ..value_field(of, "digest", pin.digest.unwrap_or_default()) });
    }
    fields
}

/// Adds an empty field for another path, where the last one has text.
pub(super) fn add_path_field(form: &mut ValueForm) {
    let begun =
        form.fields.get(form.focused).filter(|field| field.name == ADD_PATH && !field.text.text().is_empty());
    let Some(begun) = begun else { return };
    let of = begun.subject.clone();
    if !form
        .fields
        .iter()
        .any(|field| field.subject == of && field.name == ADD_PATH && field.text.text().is_empty())
    {
        form.fields.insert(form.focused + 1, value_field(&of, ADD_PATH, String::new()));
    }
}

/// Updates the remark on each value as it is typed.
pub(super) fn update_value_remarks(state: &AppState, form: &mut ValueForm) {
    let Some(choices) = state.walk.as_ref().and_then(WalkScreen::app_walk).map(|journey| &journey.choices)
    else {
        return;
    };
    for at in 0..form.fields.len() {
        let remark = remark_on_field(choices, &form.fields, at);
        form.fields[at].remark = remark;
    }
}

fn remark_on_field(choices: &AppChoices, fields: &[FormField], at: usize) -> Option<ValueRemark> {
    let field = &fields[at];
    let value = field.trimmed_text();
    match field.name {
        "uid" | "gid" => {
            let taken = if field.name == "uid" { choices.other_uids.as_slice() } else { &[] };
            let default = field.initial_text.parse().ok();
            let remark = typed_values::remark_on_id(field.name, value, default, taken);
            // A default that is known of the image needs no other remark.
            Some(remark).filter(|remark| field.is_changed() || matches!(remark, ValueRemark::Good(_)))
        }
        "path" if value.is_empty() => {
            Some(ValueRemark::Doubt("left out: the program cannot write there".to_owned()))
        }
        "path" | ADD_PATH if value.is_empty() => None,
        "path" | ADD_PATH => typed_values::parse_path(value).err().map(ValueRemark::Refused),
        "tag" | "digest" => {
            let image = &choices.images.iter().find(|named| named.image.text() == field.subject)?.image;
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
