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
pub use journal::{Journal, RecoveryReport, finish_writing, state_home};
pub use kind::{FileKind, looks_like_dockerfile, looks_like_manifest};
pub use patch::FilePatch;
pub use path::RelPath;
pub use path_base::PathBase;
pub use read::{MAX_FILE_BYTES, ReadError, read_and_map, read_large_text, read_source};
pub use role::FileRole;
pub use scan::{
    ScanArea, ScanResult, common_root, half_saved_candidate, scan_around, scan_around_changed, scan_by_name,
    scan_changed, scan_targets,
};
pub use watch::{FileChanges, RepositoryWatch, WatchMode, poll_repository, watch_repository};
pub use write::{WriteError, WriteStage, create_file, replace_file};
