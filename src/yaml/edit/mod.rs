//! Edits values of YAML documents for fixes, by the smallest byte splices a careful person would make.

mod block_insert;
mod document_style;
mod edit_buffer;
mod edit_guard;
mod edit_refusal;
mod edit_steps;
mod expected_value;
mod flow_insert;
mod key_order;
mod remove_value;
mod render_value;
mod replace_value;
mod verify_edits;

use serde_yaml::Value;

use super::scalar_typing::key_text;
use super::{PathStep, YamlFile, YamlPath};

pub use edit_refusal::EditRefusal;
pub use expected_value::expected_value;
pub use key_order::KeyOrder;
pub use verify_edits::verify_edits;

use edit_buffer::EditBuffer;

/// One change of one document's value. A second time, each but the removal of a list's item changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum YamlEdit {
    /// The value at the path is this: missing parents are made (a null is a missing one), a wrong value is replaced, an
    /// equal value is left alone.
    Set { path: YamlPath, to: Value },
    /// The list at the path holds this item: appended when it is not there, the list made when that is not there.
    Append { path: YamlPath, item: Value },
    /// The value at the path, a mapping's entry or a list's item, is not there. A list left empty goes with its key, and
    /// so does a mapping under a key of [`EditConventions::empty_is_absent`]; any other collection stays, as `{}` or `[]`.
    Remove { path: YamlPath },
}

impl YamlEdit {
    /// The same change of a value as kubectl reads it, in which the plain key `y` is `true`.
    fn with_keys_read_by_kubectl(&self, value: &Value) -> Self {
        let read = |path: &YamlPath| {
            let mut here = Some(value);
            let steps = path.iter().map(|step| {
                let read = match (step, here) {
                    (PathStep::Key(key), Some(Value::Mapping(map))) if !map.contains_key(key.as_str()) => {
                        let read = key_text(key);
                        if map.contains_key(&*read) { PathStep::from(&*read) } else { step.clone() }
                    }
                    _ => step.clone(),
                };
                here = here.and_then(|value| match &read {
                    PathStep::Key(key) => value.get(key.as_str()),
                    PathStep::Index(index) => value.get(*index),
                });
                read
            });
            steps.collect()
        };
        match self {
            Self::Set { path, to } => Self::Set { path: read(path), to: to.clone() },
            Self::Append { path, item } => Self::Append { path: read(path), item: item.clone() },
            Self::Remove { path } => Self::Remove { path: read(path) },
        }
    }
}

/// The conventions of a format about its keys: YAML itself has none.
#[derive(Clone, Copy, Debug)]
pub struct EditConventions {
    /// The order of the mapping that stands at a key, or in the list at a key; `None` is the document itself.
    pub key_order: fn(Option<&str>) -> KeyOrder,
    /// The key whose values are written as this one's are.
    pub sibling_key: fn(&str) -> &str,
    /// The keys under which an empty mapping means the same as none.
    pub empty_is_absent: &'static [&'static str],
    /// The documents of a file, as the format counts them.
    pub read_file: fn(&str) -> YamlFile,
}

/// Makes the changes one after the other in one document of a file, counted as the conventions count them, and returns
/// the whole new text. The result is likely, not proved: see [`verify_edits()`].
///
/// # Errors
/// When a change cannot be made as a local edit; nothing is changed then.
pub fn apply_edits(
    conventions: EditConventions,
    text: &str,
    document: usize,
    ops: &[YamlEdit],
) -> Result<String, EditRefusal> {
    edit_document(conventions, text, &(conventions.read_file)(text), document, ops)
}

/// Makes the changes as [`apply_edits`] does, with the result proved as by [`verify_edits()`].
///
/// # Errors
/// When a change cannot be made as a local edit, or the edit cannot be proved right.
pub fn apply_verified(
    conventions: EditConventions,
    text: &str,
    document: usize,
    ops: &[YamlEdit],
) -> Result<String, EditRefusal> {
    let file = (conventions.read_file)(text);
    let after = edit_document(conventions, text, &file, document, ops)?;
    verify_edits::prove_edits(conventions, (text, &file), &after, document, ops)?;
    Ok(after)
}

/// Makes the changes as [`apply_edits`] does, in a text that has been read.
fn edit_document(
    conventions: EditConventions,
    text: &str,
    file: &YamlFile,
    document: usize,
    ops: &[YamlEdit],
) -> Result<String, EditRefusal> {
    let document = file.documents.get(document).ok_or(EditRefusal::MissingDocument(document))?;
    if let Some(reason) = document.read_only() {
        return Err(EditRefusal::ReadOnly(reason));
    }
    let slice = document.span;
    let mut page = EditBuffer::from_text(conventions, slice.slice(text))?;
    for op in ops {
        edit_steps::apply_edit(&mut page, op)?;
    }
    Ok([&text[..slice.start], page.text(), &text[slice.end..]].concat())
}
