//! Names the reasons why an edit is not made, in words for the screen.

use crate::yaml::{PathStep, ReadOnlyReason, display_path};

/// The reason why an edit is not made. Paths are shown as people write them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditRefusal {
    #[error("the file has no document {}", .0 + 1)]
    MissingDocument(usize),
    #[error("the document is empty")]
    EmptyDocument,
    #[error("the document is not edited: {0}")]
    ReadOnly(ReadOnlyReason),
    #[error("`{path}` is {is}, not {expected}")]
    WrongKind { path: String, is: &'static str, expected: &'static str },
    #[error("`{0}` does not exist")]
    MissingItem(String),
    #[error("`{0}` is anchored, and aliases repeat it elsewhere")]
    AnchoredValue(String),
    #[error("`{0}` is an alias of a value that stands elsewhere")]
    AliasValue(String),
    #[error("`{0}` takes part of its keys from elsewhere, through `<<`")]
    MergeKey(String),
    #[error("`{0}` has an explicit tag")]
    TaggedValue(String),
    #[error("`{0}` has a key written with `?`, or one that is no word")]
    ComplexKey(String),
    #[error("a comment stands with `{0}` and would be lost")]
    AttachedComment(String),
    #[error("`{0}` is laid out in a way that no local edit fits")]
    UnsupportedLayout(String),
    #[error("the edited document would not be what was intended: {0}")]
    ProofFailed(&'static str),
}

/// A path for the screen, the document itself included.
pub(super) fn path_label(path: &[PathStep]) -> String {
    if path.is_empty() { "the document".to_owned() } else { display_path(path) }
}
