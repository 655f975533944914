//! Finds, reads, writes and watches the repository's files on disk, for audits and fixes.

mod archive_bytes;
mod build_context;
mod build_file_kind;
mod candidate;
mod checked_out_branch;
mod context_scripts;
mod file_kind;
mod file_metadata;
mod file_patch;
mod file_role;
mod git;
mod ignore_limits;
mod ignore_walk;
mod journal;
mod path_base;
mod read_file;
mod real_place;
mod rel_path;
mod scan;
mod watch;
mod write_files;

pub use build_context::{BuildContext, SourceContent};
pub use build_file_kind::{BuildFileKind, MAX_BUILD_FILE_BYTES};
pub use candidate::{Candidate, SkipReason};
pub(crate) use checked_out_branch::{CheckedOut, read_branch};
pub use context_scripts::{ContextFolders, ContextScript, ContextScripts, find_in_context};
pub use file_kind::{
    FileKind, KUSTOMIZATION_NAMES, is_kustomization_name, looks_like_chart, looks_like_dockerfile,
    looks_like_manifest,
};
pub use file_patch::FilePatch;
pub use file_role::{CHART_FILE, FileRole, SUBCHARTS_FOLDER, is_outermost_chart_file};
pub(crate) use git::CheckoutWatch;
pub use git::{GitError, RevisionFiles, is_plain_revision};
pub use journal::{Journal, JournalRecord, RecoveryReport, finish_writing};
pub use path_base::PathBase;
pub use read_file::{MAX_FILE_BYTES, ReadError, read_and_map, read_large_text, read_source};
pub use real_place::is_really_inside;
pub use rel_path::{RelPath, resolve_within};
pub use scan::{
    ScanArea, ScanResult, common_root, half_saved_candidate, scan_around, scan_around_changed, scan_by_name,
    scan_changed, scan_targets,
};
pub use watch::{FileChanges, RepositoryWatch, WatchMode, poll_repository, watch_repository};
pub use write_files::{WriteError, WriteStage, create_file, rewrite_file};
