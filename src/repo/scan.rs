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
    fn take(&mut self, area: &ScanArea<'_>, found: impl IntoIterator<Item = Found>) {
        for found in found {
            if found.link {
                self.links.insert(found.path.clone());
            }
            self.candidates.extend(found.candidate(area.root, area.top));
        }
    }

    /// Without those that are none by their text.
    fn decided(mut self, root: &Path) -> Self {
        self.candidates.retain(|candidate| candidate.is_one(root));
        self
    }

    /// Those that can be read, as what lies around the audited files.
    fn into_context(self) -> Vec<Candidate> {
        let readable = self.candidates.into_iter().filter(|candidate| candidate.skip.is_none());
        readable.map(|candidate| Candidate { is_context: true, ..candidate }).collect()
    }

    fn in_order(mut self) -> Self {
        self.candidates.sort();
        self.candidates.dedup_by(|a, b| a.path == b.path);
        self
    }
}

/// What is scanned.
#[derive(Clone, Copy, Debug)]
pub struct ScanArea<'a> {
    /// What paths are relative to.
    pub root: &'a Path,
    /// What is audited; all of it lies below the root.
    pub targets: &'a [PathBuf],
    /// The root of the repository; nothing outside it is looked at.
    pub top: &'a Path,
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
    by_name(&ScanArea { root, targets, top: root }).decided(root)
}

/// The same by names alone: of some candidates only the text will tell whether they are any. So a file need not be opened
/// twice.
#[must_use]
pub fn by_name(area: &ScanArea<'_>) -> Scan {
    let ScanArea { root, targets, .. } = *area;
    let mut scan = Scan::default();
    for target in targets {
        if target.is_dir() {
            let shown = walk(root, target, None, true, &[]);
            if shown.has_ignores {
                let all = walk(root, target, None, false, &[]);
                scan.ignored += all.found.len().saturating_sub(shown.found.len());
            }
            scan.linked_ignores |= shown.linked_ignores;
            scan.candidates.extend(shown.closed);
            scan.take(area, shown.found);
        } else if let Some(path) = RelPath::below(root, target).filter(|_| target.exists()) {
            scan.candidates.push(named(path, target));
        }
    }
    scan.in_order()
}

/// The candidates at and below the changed paths, as a scan of the targets would find them.
#[must_use]
pub fn at(area: &ScanArea<'_>, changed: &BTreeSet<RelPath>) -> Scan {
    let ScanArea { root, targets, .. } = *area;
    let mut scan = Scan::default();
    let places: Vec<(&RelPath, PathBuf)> = changed.iter().map(|path| (path, path.under(root))).collect();
    for target in targets.iter().filter(|target| target.is_dir()) {
        let here = places.iter().map(|(_, at)| at.as_path()).filter(|at| at.starts_with(target));
        below(&mut scan, area, target, here, &[]);
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

/// The candidates in the rest of the repository, around what is audited. They are read for what they say of that.
#[must_use]
pub fn around(area: &ScanArea<'_>) -> Vec<Candidate> {
    let mut scan = Scan::default();
    scan.take(area, walk(area.root, area.top, None, true, area.targets).found);
    scan.in_order().into_context()
}

/// The same at and below the changed paths.
#[must_use]
pub fn around_at(area: &ScanArea<'_>, changed: &BTreeSet<RelPath>) -> Vec<Candidate> {
    let places: Vec<PathBuf> = changed.iter().map(|path| path.under(area.root)).collect();
    let is_around =
        |at: &&Path| at.starts_with(area.top) && !area.targets.iter().any(|target| at.starts_with(target));
    let mut scan = Scan::default();
    let places = places.iter().map(PathBuf::as_path).filter(is_around);
    below(&mut scan, area, area.top, places, area.targets);
    scan.in_order().into_context()
}

/// Takes in the candidates at and below some places of a target, but for what lies in `without`.
fn below<'p>(
    scan: &mut Scan,
    area: &ScanArea<'_>,
    target: &Path,
    places: impl Iterator<Item = &'p Path>,
    without: &[PathBuf],
) {
    let mut hiding = Hiding::new(target);
    let mut folders = Vec::new();
    for at in places {
        let Ok(about) = at.symlink_metadata() else { continue };
        if hiding.hides(at, about.is_dir()) {
            continue;
        }
        match about.is_dir() {
            true => folders.push(at.to_path_buf()),
            false if about.is_file() || about.is_symlink() => {
                scan.take(area, Found::new(area.root, at, about.is_symlink()));
            }
            false => {}
        }
    }
    if !folders.is_empty() {
        let walked = walk(area.root, target, Some(folders), true, without);
        scan.linked_ignores |= walked.linked_ignores;
        scan.candidates.extend(walked.closed);
        scan.take(area, walked.found);
    }
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

/// Walks what lies below `target`, or only at and below some `folders` of it, and enters none of `without`.
fn walk(
    root: &Path,
    target: &Path,
    folders: Option<Vec<PathBuf>>,
    ignoring: bool,
    without: &[PathBuf],
) -> Walked {
    let walked = Mutex::new(Walked { has_ignores: super::walk::in_git(target), ..Walked::default() });
    let mut walker = walker(target, ignoring);
    let closed = Closed::default();
    telling(&mut walker, folders, without, &closed);
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
pub fn as_before(area: &ScanArea<'_>, path: &RelPath) -> Option<Candidate> {
    let at = path.under(area.root);
    let shown = |target: &PathBuf| at == *target || !Hiding::new(target).hides(&at, false);
    let there = at.symlink_metadata().is_ok_and(|about| about.is_file());
    let half_saved = there && !begins_as_manifest(&at) && area.targets.iter().any(shown);
    half_saved.then(|| Candidate {
        path: path.clone(),
        kind: FileKind::Manifest,
        skip: None,
        perhaps: false,
        is_context: false,
    })
}
