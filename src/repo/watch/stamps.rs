//! What tells that a file has changed, where nobody says so: when it was written, how long it is, which one it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::Changed;
use crate::repo::walk::{is_ignore_file, walker};
use crate::repo::{FileKind, RelPath};

/// A look may take this part of the time between two, so that a large repository is not looked at all the time.
const PART: u32 = 20;

/// Every file that matters, as it was at one moment.
pub(super) struct Stamps {
    files: BTreeMap<PathBuf, Stamp>,
    took: Duration,
}

#[derive(PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

impl Stamps {
    pub(super) fn of(root: &Path) -> Self {
        let began = Instant::now();
        let matters = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            is_ignore_file(path) || name.ends_with(".dockerignore") || FileKind::of_name(&name).is_some()
        };
        let entries = walker(root, true).build().flatten();
        let files = entries.filter(|entry| matters(entry.path())).filter_map(|entry| {
            let about = entry.path().metadata().or_else(|_| entry.path().symlink_metadata()).ok()?;
            let stamp =
                Stamp { modified: about.modified().ok(), length: about.len(), number: number(&about) };
            about.is_file().then(|| (entry.into_path(), stamp))
        });
        Self { files: files.collect(), took: began.elapsed() }
    }

    /// How long to wait until the next look.
    pub(super) fn patience(&self) -> Duration {
        self.took * PART
    }

    /// What has changed since.
    pub(super) fn compare(&self, new: &Self, root: &Path) -> Option<Changed> {
        let differs = |path: &&PathBuf| self.files.get(*path) != new.files.get(*path);
        let changed: BTreeSet<&PathBuf> = self.files.keys().chain(new.files.keys()).filter(differs).collect();
        if changed.iter().any(|path| is_ignore_file(path)) {
            return Some(Changed::Everything);
        }
        let paths: BTreeSet<_> = changed.into_iter().filter_map(|path| RelPath::below(root, path)).collect();
        (!paths.is_empty()).then_some(Changed::Paths(paths))
    }
}

#[cfg(unix)]
fn number(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}
