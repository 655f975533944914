//! What lies on disk: which files there are, what each is, and how one is written.

mod kind;
mod path;
mod read;
mod scan;
mod watch;
mod write;

pub use kind::{FileKind, looks_like_dockerfile, looks_like_manifest};
pub use path::RelPath;
pub use read::{MAX_BYTES, Unreadable, read};
pub use scan::{Candidate, Scan, at, common_root, scan};
pub use watch::{Changed, Noticing, Watch, watch};
pub use write::{Replacement, WriteError, replace};
