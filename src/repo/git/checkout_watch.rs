//! Tells when another commit may be checked out: git then writes its index or HEAD, in the one folder that is watched.

use std::ffi::OsStr;
use std::path::Path;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::repo::checked_out_branch::git_folder;

/// The files of git's of which one is written last by whatever commits, checks out or resets.
const WRITTEN_LAST: [&str; 2] = ["HEAD", "index"];

/// Watches until it is dropped.
pub(crate) struct CheckoutWatch {
    _watcher: RecommendedWatcher,
}

impl CheckoutWatch {
    /// Calls `moved` whenever something may have moved, from a thread that sleeps otherwise; none without git, and none
    /// where the system tells of no changes.
    pub(crate) fn start_watch(root: &Path, moved: impl Fn() + Send + 'static) -> Option<Self> {
        let folder = git_folder(root)?;
        let tells = |event: &Event| {
            let is_write = !matches!(event.kind, EventKind::Access(_));
            let is_one = |name: &OsStr| WRITTEN_LAST.iter().any(|written| name == OsStr::new(written));
            is_write && event.paths.iter().filter_map(|path| path.file_name()).any(is_one)
        };
        let on_event = move |event: notify::Result<Event>| {
            if event.as_ref().is_ok_and(tells) {
                moved();
            }
        };
        let mut watcher = notify::recommended_watcher(on_event).ok()?;
        watcher.watch(&folder, RecursiveMode::NonRecursive).ok()?;
        Some(Self { _watcher: watcher })
    }
}
