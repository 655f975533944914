//! Compares files' times, lengths and identities to find changes, where the system reports none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::FileChanges;
use crate::repo::ignore_walk::{is_ignore_file, visible_entries};
use crate::repo::{FileKind, RelPath};

/// A poll may take this part of the time between two, so that a large repository is not polled all the time.
const REST_FACTOR: u32 = 20;

/// Every file that matters, as it was at one time.
pub(super) struct PollSnapshot {
    files: BTreeMap<PathBuf, FileStamp>,
    capture_time: Duration,
}

#[derive(PartialEq, Eq)]
struct FileStamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl PollSnapshot {
    pub(super) fn capture_files(root: &Path) -> Self {
        let began = Instant::now();
        let matters = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            is_ignore_file(path) || name.ends_with(".dockerignore") || FileKind::of_name(&name).is_some()
        };
        let entries = visible_entries(root).into_iter();
        let files = entries.filter(|entry| matters(entry.path())).filter_map(|entry| {
            let about = entry.path().metadata().or_else(|_| entry.path().symlink_metadata()).ok()?;
            let stamp = FileStamp {
                modified: about.modified().ok(),
                length: about.len(),
                inode: inode_number(&about),
            };
            about.is_file().then(|| (entry.into_path(), stamp))
        });
        Self { files: files.collect(), capture_time: began.elapsed() }
    }

    /// The pause until the next poll.
    pub(super) fn rest_before_next(&self) -> Duration {
        self.capture_time * REST_FACTOR
    }

    /// The changes between this snapshot and a newer one.
    pub(super) fn changes_until(&self, new: &Self, root: &Path) -> Option<FileChanges> {
        let differs = |path: &&PathBuf| self.files.get(*path) != new.files.get(*path);
        let changed: BTreeSet<&PathBuf> = self.files.keys().chain(new.files.keys()).filter(differs).collect();
        if changed.iter().any(|path| is_ignore_file(path)) {
            return Some(FileChanges::Everything);
        }
        let paths: BTreeSet<_> =
            changed.into_iter().filter_map(|path| RelPath::strip_root(root, path)).collect();
        (!paths.is_empty()).then_some(FileChanges::Paths(paths))
    }
}

#[cfg(unix)]
fn inode_number(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn inode_number(_: &std::fs::Metadata) -> u64 {
    0
}
