//! Puts together the events until a pause, for the watcher.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::event::{CreateKind, ModifyKind};
use notify::{Event, EventKind};

use super::FileChanges;
use crate::repo::RelPath;
use crate::repo::ignore_walk::is_ignore_file;

/// More paths than these are found by one walk rather than one by one.
const MANY_PATHS: usize = 1000;

/// Events of some tenths of a second.
#[derive(Default)]
pub(super) struct EventBurst {
    paths: BTreeSet<PathBuf>,
    /// Paths that may be folders that came, went, or are others than before.
    pub folders: BTreeSet<PathBuf>,
    /// Paths whose owner, mode or times are others than before.
    pub with_new_rights: BTreeSet<PathBuf>,
    /// True when there were more events than the system could report.
    pub has_lost_events: bool,
}

impl EventBurst {
    pub(super) fn add_event(&mut self, event: Event) {
        let folder = matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder | CreateKind::Any)
                | EventKind::Modify(ModifyKind::Name(_))
                | EventKind::Remove(_)
        );
        if folder {
            self.folders.extend(event.paths.iter().cloned());
        }
        if matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_))) {
            self.with_new_rights.extend(event.paths.iter().cloned());
        }
        self.paths.extend(event.paths);
    }

    /// True when so much has happened that handling it path by path is not worth while.
    pub(super) fn is_large(&self) -> bool {
        self.has_lost_events || self.paths.len() > MANY_PATHS
    }

    /// True when single paths do not show what has changed.
    pub(super) fn affects_everything(&self, root: &Path) -> bool {
        let hides = |path: &PathBuf| path == root || is_ignore_file(path);
        self.is_large() || self.paths.iter().any(hides)
    }

    /// The changes below `root`; none where only other paths changed.
    pub(super) fn into_changes(self, root: &Path) -> Option<FileChanges> {
        let paths: BTreeSet<_> =
            self.paths.iter().filter_map(|path| RelPath::strip_root(root, path)).collect();
        (!paths.is_empty()).then_some(FileChanges::Paths(paths))
    }
}
