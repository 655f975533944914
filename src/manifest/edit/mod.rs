//! Edits of a manifest's values, made as the smallest byte splices a careful person would make.

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

use super::{Manifest, Path, parse};

pub use expected::expected;
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
    /// so does a mapping under a key of [`EMPTY_IS_ABSENT`]; any other collection stays, as `{}` or `[]`.
    Remove { path: Path },
}

/// The keys under which the Kubernetes API reads an empty mapping as an absent one. Elsewhere it may not: `emptyDir: {}`
/// and `podSelector: {}` say something.
pub const EMPTY_IS_ABSENT: [&str; 8] = [
    "appArmorProfile",
    "capabilities",
    "limits",
    "requests",
    "resources",
    "seccompProfile",
    "securityContext",
    "seLinuxOptions",
];

/// Makes the changes one after the other in one document of a file, counted as [`crate::manifest::parse`]
/// counts them, and returns the whole new text. The result is likely, not proved: see [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit; nothing is changed then.
pub fn apply(text: &str, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    edited(text, &parse(text), document, ops)
}

/// [`apply`], with the result proved by [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit, or the edit cannot be proved right.
pub fn mend(text: &str, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    let manifest = parse(text);
    let after = edited(text, &manifest, document, ops)?;
    verify::prove((text, &manifest), &after, document, ops)?;
    Ok(after)
}

/// [`apply`] to a text that has been read.
fn edited(text: &str, manifest: &Manifest, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    let document = manifest.documents.get(document).ok_or(Refusal::NoDocument(document))?;
    if let Some(reason) = document.read_only() {
        return Err(Refusal::ReadOnly(reason));
    }
    let slice = document.span;
    let mut page = Page::open(slice.of(text))?;
    for op in ops {
        plan::perform(&mut page, op)?;
    }
    Ok([&text[..slice.start], page.text(), &text[slice.end..]].concat())
}
