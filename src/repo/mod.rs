//! What lies on disk: which files there are, what each is, and how one is written.

mod kind;
mod path;

pub use kind::FileKind;
pub use path::RelPath;
