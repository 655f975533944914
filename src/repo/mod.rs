//! What lies on disk: which files there are, what each is, and how it is written and watched.

mod candidate;
mod journal;
mod keep;
mod kind;
mod patch;
mod path;
mod path_base;
mod read;
mod role;
mod scan;
mod walk;
mod watch;
mod write;

pub use candidate::Candidate;
pub use journal::{Journal, Recovered, finish_writing, state_home};
pub use kind::{FileKind, looks_like_dockerfile, looks_like_manifest};
pub use patch::FilePatch;
pub use path::RelPath;
pub use path_base::PathBase;
pub use read::{MAX_BYTES, Unreadable, read, read_large, read_with};
pub use role::FileRole;
pub use scan::{Scan, ScanArea, around, around_at, as_before, at, by_name, common_root, scan};
pub use watch::{Changed, Watch, WatchMode, poll, watch};
pub use write::{Moment, WriteError, create_file, replace_file};
