//! Finding the candidates: a walk that ignore files guide, the same on every machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::WalkState;

use super::candidate::{Candidate, Found, begins_as_manifest, named};
use super::walk::{Closed, Hiding, is_ignore_file, telling, unread, walker};
use super::{FileKind, RelPath};

/// What a walk found.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// In the order of their paths.
    pub candidates: Vec<Candidate>,
    /// How many candidates, by name, ignore files hide. Only [`scan`] counts them.
    pub ignored: usize,
    /// The links of a candidate's name, wherever they lead: what each of them is, another path decides.
    pub links: BTreeSet<RelPath>,
    /// Whether an ignore file is such a link, so that any path may decide what is hidden.
    pub linked_ignores: bool,
}

impl Scan {
    fn take(&mut self, root: &Path, found: impl IntoIterator<Item = Found>) {
        for found in found {
            if found.link {
                self.links.insert(found.path.clone());
            }
            self.candidates.extend(found.candidate(root));
        }
    }

    /// Without those that are none by their text.
    fn decided(mut self, root: &Path) -> Self {
        self.candidates.retain(|candidate| candidate.is_one(root));
        self
    }

    fn in_order(mut self) -> Self {
        self.candidates.sort();
        self.candidates.dedup_by(|a, b| a.path == b.path);
        self
    }
}

/// The folder that all of `paths` lie in; of a single file, the folder that holds it.
#[must_use]
pub fn common_root(paths: &[PathBuf]) -> PathBuf {
    let folder = |path: &PathBuf| {
        if path.is_dir() { path.clone() } else { path.parent().map(Path::to_path_buf).unwrap_or_default() }
    };
    let mut folders = paths.iter().map(folder);
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |common, folder| {
        common.ancestors().find(|root| folder.starts_with(root)).map(Path::to_path_buf).unwrap_or_default()
    })
}

/// Walks `targets`, which lie below `root`: folders whole, as ignore files allow; files whatever those say.
#[must_use]
pub fn scan(root: &Path, targets: &[PathBuf]) -> Scan {
    by_name(root, targets).decided(root)
}

/// The same by names alone: of some candidates only the text will tell whether they are any. So a file need not be opened
/// twice.
#[must_use]
pub fn by_name(root: &Path, targets: &[PathBuf]) -> Scan {
    let mut scan = Scan::default();
    for target in targets {
        if target.is_dir() {
            let shown = walk(root, target, None, true);
            if shown.has_ignores {
                let all = walk(root, target, None, false);
                scan.ignored += all.found.len().saturating_sub(shown.found.len());
            }
            scan.linked_ignores |= shown.linked_ignores;
            scan.candidates.extend(shown.closed);
            scan.take(root, shown.found);
        } else if let Some(path) = RelPath::below(root, target).filter(|_| target.exists()) {
            scan.candidates.push(named(path, target));
        }
    }
    scan.in_order()
}

/// The candidates at and below the changed paths, as a scan of the targets would find them.
#[must_use]
pub fn at(root: &Path, targets: &[PathBuf], changed: &BTreeSet<RelPath>) -> Scan {
    let mut scan = Scan::default();
    let places: Vec<(&RelPath, PathBuf)> = changed.iter().map(|path| (path, path.under(root))).collect();
    for target in targets.iter().filter(|target| target.is_dir()) {
        let mut hiding = Hiding::new(target);
        let mut folders = Vec::new();
        for (_, at) in places.iter().filter(|(_, at)| at.starts_with(target)) {
            let Ok(about) = at.symlink_metadata() else { continue };
            if hiding.hides(at, about.is_dir()) {
                continue;
            }
            match about.is_dir() {
                true => folders.push(at.clone()),
                false if about.is_file() || about.is_symlink() => {
                    scan.take(root, Found::new(root, at, about.is_symlink()));
                }
                false => {}
            }
        }
        if !folders.is_empty() {
            let walked = walk(root, target, Some(folders), true);
            scan.linked_ignores |= walked.linked_ignores;
            scan.candidates.extend(walked.closed);
            scan.take(root, walked.found);
        }
    }
    for target in targets.iter().filter(|target| target.is_file()) {
        let path = places.iter().find(|(_, at)| target == at || target.starts_with(at));
        if let Some(path) = path.and_then(|_| RelPath::below(root, target)) {
            scan.candidates.retain(|candidate| candidate.path != path);
            scan.candidates.push(named(path, target));
        }
    }
    scan.in_order().decided(root)
}

/// What a walk meets.
#[derive(Default)]
struct Walked {
    /// The candidates by name.
    found: Vec<Found>,
    /// The folders that could not be entered.
    closed: Vec<Candidate>,
    has_ignores: bool,
    linked_ignores: bool,
}

/// Walks what lies below `target`, or only at and below some `folders` of it.
fn walk(root: &Path, target: &Path, folders: Option<Vec<PathBuf>>, ignoring: bool) -> Walked {
    let walked = Mutex::new(Walked { has_ignores: super::walk::in_git(target), ..Walked::default() });
    let mut walker = walker(target, ignoring);
    let closed = Closed::default();
    telling(&mut walker, folders, &closed);
    walker.build_parallel().run(|| {
        Box::new(|entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if let (Some(unread), Ok(mut closed)) = (unread(&error), closed.lock()) {
                        closed.push(unread);
                    }
                    return WalkState::Continue;
                }
            };
            let link = entry.path_is_symlink();
            let kind = entry.file_type().filter(|kind| kind.is_file() || kind.is_symlink());
            let found = kind.and_then(|_| Found::new(root, entry.path(), link));
            let ignores = is_ignore_file(entry.path());
            if (found.is_some() || ignores)
                && let Ok(mut walked) = walked.lock()
            {
                walked.found.extend(found);
                walked.has_ignores |= ignores;
                walked.linked_ignores |= ignores && link;
            }
            WalkState::Continue
        })
    });
    let mut walked = walked.into_inner().unwrap_or_default();
    if let Ok(closed) = closed.lock() {
        walked.closed.extend(closed.iter().filter_map(|(at, why)| Candidate::closed(root, at, why)));
    }
    walked
}

/// A manifest as it was known, where the file is still there and no longer looks like one: it may be half saved.
#[must_use]
pub fn as_before(root: &Path, targets: &[PathBuf], path: &RelPath) -> Option<Candidate> {
    let at = path.under(root);
    let shown = |target: &PathBuf| at == *target || !Hiding::new(target).hides(&at, false);
    let there = at.symlink_metadata().is_ok_and(|about| about.is_file());
    let half_saved = there && !begins_as_manifest(&at) && targets.iter().any(shown);
    half_saved.then(|| Candidate { path: path.clone(), kind: FileKind::Manifest, skip: None, perhaps: false })
}
