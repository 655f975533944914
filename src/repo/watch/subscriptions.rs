//! Subscribes to the events of folders and unsubscribes from them, for the watcher.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::repo::ignore_walk::visible_folders;

/// Unsubscribes from folders that need no watch any more.
pub(super) fn unsubscribe_folders(
    watcher: &mut RecommendedWatcher,
    watched: &mut BTreeSet<PathBuf>,
    unwanted: impl Fn(&PathBuf) -> bool,
) {
    watched.retain(|folder| {
        let unwanted = unwanted(folder);
        if unwanted {
            let _ = watcher.unwatch(folder);
        }
        !unwanted
    });
}

/// A folder that is made while others are found shows in the next round, or in the events of the folder that holds it.
pub(super) fn subscribe_folders(
    watcher: &mut RecommendedWatcher,
    watched: &mut BTreeSet<PathBuf>,
    root: &Path,
    parts: &[PathBuf],
) -> notify::Result<()> {
    let mut refused = BTreeSet::new();
    loop {
        let wanted: BTreeSet<PathBuf> = visible_folders(root, parts).into_iter().collect();
        let below = |folder: &PathBuf| parts.iter().any(|part| folder.starts_with(part));
        unsubscribe_folders(watcher, watched, |folder| below(folder) && !wanted.contains(folder));
        let new: Vec<PathBuf> =
            wanted.difference(watched).filter(|folder| !refused.contains(*folder)).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        for folder in new {
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => return Err(error),
                Ok(()) => watched.insert(folder),
                // One that went away meanwhile, or may not be read, is no reason to give up on the others.
                Err(_) => refused.insert(folder),
            };
        }
    }
}

/// Watches the nearest folder above a root that is gone, or that is no folder any more, until that one is gone too or
/// the root is back.
pub(super) fn watch_nearest_parent(
    watcher: &mut RecommendedWatcher,
    above: &mut Option<PathBuf>,
    root: &Path,
) {
    while !root.is_dir() {
        let nearest = root.ancestors().skip(1).find(|folder| folder.is_dir()).map(Path::to_path_buf);
        if nearest == *above {
            return;
        }
        if let Some(old) = above.take() {
            let _ = watcher.unwatch(&old);
        }
        let Some(folder) = nearest else { return };
        let _ = watcher.watch(&folder, RecursiveMode::NonRecursive);
        *above = Some(folder);
    }
}
