//! Walks folders and leaves out what ignore files hide, for a whole scan or a single path.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, Error, IncrementalIgnore, WalkBuilder};

const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// True when changes of the file change what is hidden.
pub(super) fn is_ignore_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| IGNORE_FILES.iter().any(|ignore| name == *ignore))
}

/// A walk with the same result on every machine: ignore files within the repository count, a user's own do not.
pub(super) fn build_walker(target: &Path, ignoring: bool) -> WalkBuilder {
    let mut walker = WalkBuilder::new(target);
    let above = if is_in_git(target) { usize::MAX } else { 1 };
    // One that cannot be read without waiting hides nothing.
    let ignoring = ignoring && !target.ancestors().take(above).any(may_block);
    walker
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .parents(ignoring && is_in_git(target))
        .ignore(ignoring)
        .git_ignore(ignoring)
        .filter_entry(|entry| is_outside_git(entry) && !may_block(entry.path()));
    walker
}

/// True when a reader of the folder's ignore file may wait for ever: it is a pipe or a device.
fn may_block(folder: &Path) -> bool {
    IGNORE_FILES.iter().any(|name| {
        std::fs::metadata(folder.join(name)).is_ok_and(|about| !about.is_file() && !about.is_dir())
    })
}

/// The folders that a walk cannot enter, with the reasons.
pub(super) type ClosedFolders = Arc<Mutex<Vec<(PathBuf, String)>>>;

/// Makes a walk report the folders that it leaves out for their ignore files' sake, and leave out those of `without`.
pub(super) fn filter_entries(
    walker: &mut WalkBuilder,
    folders: Option<Vec<PathBuf>>,
    without: &[PathBuf],
    closed: &ClosedFolders,
) {
    let (closed, without) = (Arc::clone(closed), without.to_vec());
    walker.filter_entry(move |entry| {
        let enters = is_outside_git(entry)
            && folders.as_ref().is_none_or(|folders| is_on_the_way(entry, folders))
            && !without.iter().any(|path| path == entry.path());
        let waits = enters && entry.file_type().is_some_and(|kind| kind.is_dir()) && may_block(entry.path());
        if waits && let Ok(mut closed) = closed.lock() {
            closed.push((entry.path().to_path_buf(), "its ignore file is no regular file".to_owned()));
        }
        enters && !waits
    });
}

/// The folder that an error of a walk is about, with the reason; none where it went away meanwhile.
pub(super) fn unreadable_folder(error: &Error) -> Option<(PathBuf, String)> {
    match error {
        Error::WithPath { path, err } => match &**err {
            Error::Io(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            other => Some((path.clone(), format!("cannot be read: {other}"))),
        },
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => unreadable_folder(err),
        _ => None,
    }
}

/// Keeps a walk to these folders and the way to them, so that all ignore files on the way count.
pub(super) fn limit_to_folders(walker: &mut WalkBuilder, folders: Vec<PathBuf>) {
    walker.filter_entry(move |entry| {
        is_outside_git(entry) && is_on_the_way(entry, &folders) && !may_block(entry.path())
    });
}

fn is_on_the_way(entry: &DirEntry, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| entry.path().starts_with(folder) || folder.starts_with(entry.path()))
}

pub(super) fn is_in_git(target: &Path) -> bool {
    target.ancestors().any(|folder| folder.join(".git").exists())
}

fn is_outside_git(entry: &DirEntry) -> bool {
    entry.file_name() != ".git"
}

/// Every folder of `root` that lies at or below one of the `parts` and that no ignore file hides.
pub(super) fn visible_folders(root: &Path, parts: &[PathBuf]) -> Vec<PathBuf> {
    let mut walker = build_walker(root, true);
    limit_to_folders(&mut walker, parts.to_vec());
    let entries = walker.build().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
    let folders = folders.map(DirEntry::into_path);
    folders.filter(|folder| parts.iter().any(|part| folder.starts_with(part))).collect()
}

/// The result of a walk of a folder for single paths, without the walk. It has ignore files as they are at their first
/// use.
pub(super) struct IgnoreMatcher {
    root: PathBuf,
    ignore: Option<IncrementalIgnore>,
}

impl IgnoreMatcher {
    pub(super) fn new(root: &Path) -> Self {
        let ignore = build_walker(root, true).build_matchers().into_iter().next();
        Self { root: root.to_path_buf(), ignore }
    }

    /// True when a walk would not come to the file or folder at `at`.
    pub(super) fn is_hidden(&mut self, at: &Path, is_folder: bool) -> bool {
        let Ok(below) = at.strip_prefix(&self.root) else { return true };
        if below.as_os_str().is_empty() {
            return false;
        }
        // Links to folders are not followed.
        let linked = || below.ancestors().skip(1).any(|folder| self.root.join(folder).is_symlink());
        below.components().any(|part| part.as_os_str() == ".git")
            || linked()
            || below
                .ancestors()
                .skip(1)
                .any(|folder| !folder.as_os_str().is_empty() && may_block(&self.root.join(folder)))
            || self.ignore.as_mut().is_some_and(|ignore| ignore.matched(below, is_folder).is_ignore())
    }
}
