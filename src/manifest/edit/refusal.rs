//! Why an edit is not made, in words for the screen.

use crate::manifest::{ReadOnly, Step, display};

/// Why an edit is not made. Paths are shown as people write them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the file has no document {}", .0 + 1)]
    NoDocument(usize),
    #[error("the document is empty")]
    Empty,
    #[error("the document is not edited: {0}")]
    ReadOnly(ReadOnly),
    #[error("`{path}` is {is}, not {wanted}")]
    WrongKind { path: String, is: &'static str, wanted: &'static str },
    #[error("`{0}` does not exist")]
    NoItem(String),
    #[error("`{0}` is anchored, and aliases repeat it elsewhere")]
    Anchored(String),
    #[error("`{0}` is an alias of a value that stands elsewhere")]
    Alias(String),
    #[error("`{0}` takes part of its keys from elsewhere, through `<<`")]
    Merge(String),
    #[error("`{0}` has an explicit tag")]
    Tag(String),
    #[error("`{0}` has a key written with `?`, or one that is no word")]
    ComplexKey(String),
    #[error("a comment stands with `{0}` and would be lost")]
    Comment(String),
    #[error("`{0}` is laid out in a way that no local edit fits")]
    Layout(String),
    #[error("the edited document would not be what was intended: {0}")]
    Unproved(&'static str),
}

/// A path for the screen, the document itself included.
pub(super) fn shown(path: &[Step]) -> String {
    if path.is_empty() { "the document".to_owned() } else { display(path) }
}
