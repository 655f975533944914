//! Walks folders and leaves out what ignore files hide, for a whole scan or a single path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, Error, IncrementalIgnore, WalkBuilder};

use super::ignore_limits::{IGNORE_FILES, IgnoreLimits, IgnoreTrouble, OversizeIgnore};

/// True when changes of the file change what is hidden.
pub(super) fn is_ignore_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| IGNORE_FILES.iter().any(|ignore| name == *ignore))
}

/// A walk with the same result on every machine: ignore files within the repository count, a user's own do not.
#[derive(Clone)]
pub(super) struct RepositoryWalk {
    target: PathBuf,
    /// True where ignore files are obeyed.
    is_ignoring: bool,
    /// The folders to which it is kept, with the way to them, so that all ignore files on the way count.
    folders: Option<Vec<PathBuf>>,
    /// The files and folders that are left out.
    without: Vec<PathBuf>,
    limits: Arc<IgnoreLimits>,
    trouble: Arc<Mutex<WalkTrouble>>,
}

/// What ignore files keep a walk from doing.
#[derive(Debug, Default)]
pub(super) struct WalkTrouble {
    /// The folders that cannot be entered, with the reasons.
    pub closed_folders: Vec<(PathBuf, String)>,
    /// The ignore files that are not obeyed.
    pub oversize_ignores: Vec<OversizeIgnore>,
    /// Their folders, which are yet to be walked, as if nothing in them were hidden.
    unhidden_folders: Vec<PathBuf>,
}

impl RepositoryWalk {
    pub(super) fn new(target: &Path, ignoring: bool) -> Self {
        let limits = Arc::new(IgnoreLimits::default());
        let mut trouble = WalkTrouble::default();
        let is_ignoring = ignoring && obeys_ignores_above(target, &limits, &mut trouble);
        let (folders, without) = (None, Vec::new());
        let trouble = Arc::new(Mutex::new(trouble));
        Self { target: target.to_path_buf(), is_ignoring, folders, without, limits, trouble }
    }

    /// The same walk, kept to these folders and the way to them.
    pub(super) fn within_folders(mut self, folders: Option<Vec<PathBuf>>) -> Self {
        self.folders = folders;
        self
    }

    /// The same walk, which enters none of these.
    pub(super) fn without_paths(mut self, without: &[PathBuf]) -> Self {
        self.without = without.to_vec();
        self
    }

    /// Walks all of it; `walk_part` walks one part, and is called again for each folder whose ignore files are not
    /// obeyed.
    pub(super) fn walk_parts(mut self, mut walk_part: impl FnMut(&WalkBuilder)) -> WalkTrouble {
        walk_part(&self.build_walker());
        self.is_ignoring = false;
        loop {
            let next = self.trouble.lock().ok().and_then(|mut trouble| trouble.unhidden_folders.pop());
            let Some(folder) = next else { break };
            self.target = folder;
            walk_part(&self.build_walker());
        }
        self.trouble.lock().map(|mut trouble| std::mem::take(&mut *trouble)).unwrap_or_default()
    }

    fn build_walker(&self) -> WalkBuilder {
        let ignoring = self.is_ignoring;
        let mut walker = WalkBuilder::new(&self.target);
        walker
            .hidden(false)
            .require_git(false)
            .git_global(false)
            .git_exclude(false)
            .parents(ignoring && is_in_git(&self.target))
            .ignore(ignoring)
            .git_ignore(ignoring);
        let walk = self.clone();
        walker.filter_entry(move |entry| walk.enters_entry(entry));
        walker
    }

    /// True for what the walk comes to. A folder with trouble is noted, and not entered: its ignore files would be read.
    fn enters_entry(&self, entry: &DirEntry) -> bool {
        let enters = is_outside_git(entry)
            && self.folders.as_ref().is_none_or(|folders| is_on_the_way(entry, folders))
            && !self.without.iter().any(|path| path == entry.path());
        if !enters || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return enters;
        }
        let trouble = self.limits.find_trouble(entry.path());
        match (trouble, self.trouble.lock()) {
            (Some(IgnoreTrouble::Blocks), Ok(mut noted)) => {
                noted.closed_folders.push((entry.path().to_path_buf(), IGNORE_BLOCKS.to_owned()));
                false
            }
            (Some(IgnoreTrouble::TooMuch(oversize)), Ok(mut noted)) if self.is_ignoring => {
                noted.oversize_ignores.push(oversize);
                noted.unhidden_folders.push(entry.path().to_path_buf());
                false
            }
            _ => true,
        }
    }
}

/// The reason why a folder is not entered.
const IGNORE_BLOCKS: &str = "its ignore file is no regular file";

/// False where the ignore files of the target, or of the folders above it in the repository, cannot be read, so that
/// they hide nothing.
fn obeys_ignores_above(target: &Path, limits: &IgnoreLimits, trouble: &mut WalkTrouble) -> bool {
    let above = if is_in_git(target) { usize::MAX } else { 1 };
    let mut folders: Vec<&Path> = target.ancestors().take(above).collect();
    folders.reverse();
    for folder in folders {
        match limits.find_trouble(folder) {
            None => {}
            Some(IgnoreTrouble::Blocks) => return false,
            Some(IgnoreTrouble::TooMuch(oversize)) => {
                trouble.oversize_ignores.push(oversize);
                return false;
            }
        }
    }
    true
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
    let mut folders = Vec::new();
    RepositoryWalk::new(root, true).within_folders(Some(parts.to_vec())).walk_parts(|walker| {
        let entries = walker.build().flatten();
        let found = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
        let found = found.map(DirEntry::into_path);
        folders.extend(found.filter(|folder| parts.iter().any(|part| folder.starts_with(part))));
    });
    folders
}

/// Every file and folder of `root` that no ignore file hides.
pub(super) fn visible_entries(root: &Path) -> Vec<DirEntry> {
    let mut found = Vec::new();
    RepositoryWalk::new(root, true).walk_parts(|walker| found.extend(walker.build().flatten()));
    found
}

/// The result of a walk of a folder for single paths, without the walk. It has ignore files as they are at their first
/// use.
pub(super) struct IgnoreMatcher {
    root: PathBuf,
    ignore: Option<IncrementalIgnore>,
    limits: Arc<IgnoreLimits>,
    /// The folders that were looked at, with the trouble of each.
    trouble_by_folder: HashMap<PathBuf, Option<IgnoreTrouble>>,
}

impl IgnoreMatcher {
    pub(super) fn new(root: &Path) -> Self {
        let walk = RepositoryWalk::new(root, true);
        let ignore = walk.build_walker().build_matchers().into_iter().next();
        Self { root: root.to_path_buf(), ignore, limits: walk.limits, trouble_by_folder: HashMap::new() }
    }

    /// True when a walk would not come to the file or folder at `at`.
    pub(super) fn is_hidden(&mut self, at: &Path, is_folder: bool) -> bool {
        let Ok(below) = at.strip_prefix(&self.root) else { return true };
        if below.as_os_str().is_empty() {
            return false;
        }
        // Links to folders are not followed.
        let linked = || below.ancestors().skip(1).any(|folder| self.root.join(folder).is_symlink());
        if below.components().any(|part| part.as_os_str() == ".git") || linked() {
            return true;
        }
        let mut folders: Vec<&Path> =
            below.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
        folders.reverse();
        for folder in folders {
            match self.trouble_in(folder) {
                None => {}
                Some(IgnoreTrouble::Blocks) => return true,
                // Nothing below is hidden, unless the folder itself is.
                Some(IgnoreTrouble::TooMuch(_)) => return self.is_ignored(folder, true),
            }
        }
        self.is_ignored(below, is_folder)
    }

    fn is_ignored(&mut self, below: &Path, is_folder: bool) -> bool {
        self.ignore.as_mut().is_some_and(|ignore| ignore.matched(below, is_folder).is_ignore())
    }

    fn trouble_in(&mut self, folder: &Path) -> Option<IgnoreTrouble> {
        let (root, limits) = (&self.root, &self.limits);
        let known = self.trouble_by_folder.entry(folder.to_path_buf());
        known.or_insert_with(|| limits.find_trouble(&root.join(folder))).clone()
    }
}
