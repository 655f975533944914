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

use super::Path;
use crate::text::Span;

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

/// Makes the changes one after the other in one document of a file, counted as [`parse`](crate::manifest::parse)
/// counts them, and returns the whole new text. The result is likely, not proved: see [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit; nothing is changed then.
pub fn apply(text: &str, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    let slice = page::slice(text, document)?;
    write(text, slice, Page::open(slice.of(text))?, ops)
}

/// The same on a text of which it is known that both parsers read it alike.
fn again(text: &str, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    let slice = page::slice(text, document)?;
    write(text, slice, Page::draft(slice.of(text).to_owned())?, ops)
}

fn write(text: &str, slice: Span, mut page: Page, ops: &[Op]) -> Result<String, Refusal> {
    for op in ops {
        plan::perform(&mut page, op)?;
    }
    Ok([&text[..slice.start], page.text(), &text[slice.end..]].concat())
}

/// [`apply`], with the result proved by [`verify`].
///
/// # Errors
/// When a change cannot be made as a local edit, or the edit cannot be proved right.
pub fn mend(text: &str, document: usize, ops: &[Op]) -> Result<String, Refusal> {
    let after = apply(text, document, ops)?;
    verify(text, &after, document, ops)?;
    Ok(after)
}
