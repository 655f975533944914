//! Edits values of YAML documents, made as the smallest byte splices a careful person would make.

mod expected;
mod flow;
mod guard;
mod insert;
mod order;
mod page;
mod plan;
mod refusal;
mod remove;
mod render;
mod replace;
mod style;
mod verify;

use serde_yaml::Value;

use super::{Path, YamlFile};

pub use expected::expected;
pub use order::KeyOrder;
pub use refusal::Refusal;
pub use verify::verify;

use page::Page;

/// One change of one document's value. A second time, each but the removal of a list's item changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The value at the path is this: missing parents are made (a null is a missing one), a wrong value is replaced, an
    /// equal value is left alone.
    Set { path: Path, to: Value },
    /// The list at the path holds this item: appended when it is not there, the list made when that is not there.
    Append { path: Path, item: Value },
    /// The value at the path, a mapping's entry or a list's item, is not there. A list left empty goes with its key, and
    /// so does a mapping under a key of [`EditConventions::empty_is_absent`]; any other collection stays, as `{}` or `[]`.
    Remove { path: Path },
}

/// What a format says of its keys: YAML itself says nothing of any.
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

/// Makes the changes one after the other in one document of a file, counted as
/// the conventions count them, and returns the whole new text. The result is likely, not proved: see [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit; nothing is changed then.
pub fn apply(
    conventions: EditConventions,
    text: &str,
    document: usize,
    ops: &[Op],
) -> Result<String, Refusal> {
    edited(conventions, text, &(conventions.read_file)(text), document, ops)
}

/// [`apply`], with the result proved by [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit, or the edit cannot be proved right.
pub fn mend(
    conventions: EditConventions,
    text: &str,
    document: usize,
    ops: &[Op],
) -> Result<String, Refusal> {
    let file = (conventions.read_file)(text);
    let after = edited(conventions, text, &file, document, ops)?;
    verify::prove(conventions, (text, &file), &after, document, ops)?;
    Ok(after)
}

/// [`apply`] to a text that has been read.
fn edited(
    conventions: EditConventions,
    text: &str,
    file: &YamlFile,
    document: usize,
    ops: &[Op],
) -> Result<String, Refusal> {
    let document = file.documents.get(document).ok_or(Refusal::NoDocument(document))?;
    if let Some(reason) = document.read_only() {
        return Err(Refusal::ReadOnly(reason));
    }
    let slice = document.span;
    let mut page = Page::open(conventions, slice.of(text))?;
    for op in ops {
        plan::perform(&mut page, op)?;
    }
    Ok([&text[..slice.start], page.text(), &text[slice.end..]].concat())
}
