//! What happened until it was quiet, put together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::event::{CreateKind, ModifyKind};
use notify::{Event, EventKind};

use super::FileChanges;
use crate::repo::RelPath;
use crate::repo::walk::is_ignore_file;

/// More paths than these are looked for by one walk rather than one by one.
const MANY_PATHS: usize = 1000;

/// Events of some tenths of a second.
#[derive(Default)]
pub(super) struct EventBurst {
    paths: BTreeSet<PathBuf>,
    /// What may be a folder that came, went, or is another than before.
    pub folders: BTreeSet<PathBuf>,
    /// Whether there were more events than could be told.
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
        self.paths.extend(event.paths);
    }

    /// Whether so much has happened that looking for it path by path is not worth while.
    pub(super) fn is_large(&self) -> bool {
        self.has_lost_events || self.paths.len() > MANY_PATHS
    }

    /// Whether single paths do not tell what has changed.
    pub(super) fn affects_everything(&self, root: &Path) -> bool {
        let hides = |path: &PathBuf| path == root || is_ignore_file(path);
        self.is_large() || self.paths.iter().any(hides)
    }

    /// What has changed below `root`; none where only others did.
    pub(super) fn into_changes(self, root: &Path) -> Option<FileChanges> {
        let paths: BTreeSet<_> =
            self.paths.iter().filter_map(|path| RelPath::strip_root(root, path)).collect();
        (!paths.is_empty()).then_some(FileChanges::Paths(paths))
    }
}
