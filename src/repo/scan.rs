//! Finds the candidates by a walk that ignore files guide, the same on every machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkState};

use super::build_file_kind::BuildFileKind;
use super::candidate::{Candidate, NamedFile, begins_as_candidate, candidate_from_argument};
use super::ignore_walk::{IgnoreMatcher, RepositoryWalk, is_ignore_file, unreadable_folder};
use super::{FileKind, RelPath};

/// The result of a walk.
#[derive(Clone, Debug, Default)]
pub struct ScanResult {
    /// In the order of their paths.
    pub candidates: Vec<Candidate>,
    /// The number of candidates, by name, that ignore files hide. Only [`scan_by_name`] counts them.
    pub ignored_count: usize,
    /// The links of a candidate's name, wherever they lead: what each of them is, another path decides.
    pub candidate_links: BTreeSet<RelPath>,
    /// True when an ignore file is such a link, so that any path may decide what is hidden.
    pub has_linked_ignores: bool,
    /// The files that may say how images are built. They are read for that alone, and are no candidates for it.
    pub build_files: Vec<RelPath>,
}

impl ScanResult {
    fn add_walk(&mut self, area: &ScanArea<'_>, walked: FolderWalk) {
        self.has_linked_ignores |= walked.has_linked_ignores;
        self.candidates.extend(walked.unread);
        self.add_files(area, walked.files);
        self.add_build_files(area, walked.build_files);
    }

    fn add_files(&mut self, area: &ScanArea<'_>, found: impl IntoIterator<Item = NamedFile>) {
        for found in found {
            if found.is_link {
                self.candidate_links.insert(found.path.clone());
            }
            self.candidates.extend(found.into_candidate(area.root, area.repository_root));
        }
    }

    /// Those that are too large are listed in their place.
    fn add_build_files(&mut self, area: &ScanArea<'_>, found: impl IntoIterator<Item = RelPath>) {
        for path in found {
            match Candidate::from_oversize_build_file(&path, &path.to_absolute(area.root)) {
                Some(large) => {
                    self.candidates.retain(|candidate| candidate.path != path);
                    self.candidates.push(large);
                }
                None => self.build_files.push(path),
            }
        }
    }

    /// Without those that are none by their text.
    fn confirm_by_text(mut self, root: &Path) -> Self {
        self.candidates.retain(|candidate| candidate.is_confirmed_by_text(root));
        self
    }

    /// Those that can be read, as what lies around the audited files.
    fn into_context(mut self) -> Self {
        self.candidates.retain(|candidate| candidate.skip_reason.is_none());
        self.candidates.iter_mut().for_each(|candidate| candidate.is_context = true);
        self
    }

    /// The same with what another scan found around it.
    #[must_use]
    pub fn with_context(mut self, around: Self) -> Self {
        self.candidates.extend(around.candidates);
        self.build_files.extend(around.build_files);
        self.candidates.sort();
        self
    }

    fn sort_candidates(mut self) -> Self {
        self.candidates.sort();
        self.candidates.dedup_by(|a, b| a.path == b.path);
        self
    }
}

/// The area of a scan.
#[derive(Clone, Copy, Debug)]
pub struct ScanArea<'a> {
    /// The folder that paths are relative to.
    pub root: &'a Path,
    /// The files and folders that are audited; all of them lie below the root.
    pub targets: &'a [PathBuf],
    /// The root of the repository; nothing outside it is read.
    pub repository_root: &'a Path,
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

/// Walks `targets`, which lie below `root`: folders whole, as ignore files allow; files whatever ignore files hide.
#[must_use]
pub fn scan_targets(root: &Path, targets: &[PathBuf]) -> ScanResult {
    scan_by_name(&ScanArea { root, targets, repository_root: root }).confirm_by_text(root)
}

/// Scans by names alone: some candidates only their text will confirm. So a file need not be opened twice.
#[must_use]
pub fn scan_by_name(area: &ScanArea<'_>) -> ScanResult {
    let ScanArea { root, targets, .. } = *area;
    let mut scan = ScanResult::default();
    for target in targets {
        if target.is_dir() {
            let shown = walk_folder(root, target, None, true, &[]);
            if shown.has_ignores {
                let all = walk_folder(root, target, None, false, &[]);
                scan.ignored_count += all.files.len().saturating_sub(shown.files.len());
            }
            scan.add_walk(area, shown);
        } else if let Some(path) = RelPath::strip_root(root, target).filter(|_| target.exists()) {
            scan.candidates.push(candidate_from_argument(path, target));
        }
    }
    scan.sort_candidates()
}

/// The candidates at and below the changed paths, as a scan of the targets would find them.
#[must_use]
pub fn scan_changed(area: &ScanArea<'_>, changed: &BTreeSet<RelPath>) -> ScanResult {
    let ScanArea { root, targets, .. } = *area;
    let mut scan = ScanResult::default();
    let places: Vec<(&RelPath, PathBuf)> =
        changed.iter().map(|path| (path, path.to_absolute(root))).collect();
    for target in targets.iter().filter(|target| target.is_dir()) {
        let here = places.iter().map(|(_, at)| at.as_path()).filter(|at| at.starts_with(target));
        scan_places(&mut scan, area, target, here, &[]);
    }
    for target in targets.iter().filter(|target| target.is_file()) {
        let path = places.iter().find(|(_, at)| target == at || target.starts_with(at));
        if let Some(path) = path.and_then(|_| RelPath::strip_root(root, target)) {
            scan.candidates.retain(|candidate| candidate.path != path);
            scan.candidates.push(candidate_from_argument(path, target));
        }
    }
    scan.sort_candidates().confirm_by_text(root)
}

/// The candidates in the rest of the repository, around what is audited. They are read for their facts about that.
#[must_use]
pub fn scan_around(area: &ScanArea<'_>) -> ScanResult {
    let mut scan = ScanResult::default();
    let walked = walk_folder(area.root, area.repository_root, None, true, area.targets);
    scan.add_files(area, walked.files);
    scan.add_build_files(area, walked.build_files);
    scan.sort_candidates().into_context()
}

/// The same at and below the changed paths.
#[must_use]
pub fn scan_around_changed(area: &ScanArea<'_>, changed: &BTreeSet<RelPath>) -> ScanResult {
    let places: Vec<PathBuf> = changed.iter().map(|path| path.to_absolute(area.root)).collect();
    let is_around = |at: &&Path| {
        at.starts_with(area.repository_root) && !area.targets.iter().any(|target| at.starts_with(target))
    };
    let mut scan = ScanResult::default();
    let places = places.iter().map(PathBuf::as_path).filter(is_around);
    scan_places(&mut scan, area, area.repository_root, places, area.targets);
    scan.sort_candidates().into_context()
}

/// Scans the candidates at and below some places of a target, but for those in `without`.
fn scan_places<'p>(
    scan: &mut ScanResult,
    area: &ScanArea<'_>,
    target: &Path,
    places: impl Iterator<Item = &'p Path>,
    without: &[PathBuf],
) {
    let mut hiding = IgnoreMatcher::new(target);
    let mut folders = Vec::new();
    for at in places {
        let Ok(about) = at.symlink_metadata() else { continue };
        if hiding.is_hidden(at, about.is_dir()) {
            continue;
        }
        if about.is_dir() {
            folders.push(at.to_path_buf());
        } else {
            scan.add_files(area, NamedFile::new(area.root, at, about.file_type()));
            scan.add_build_files(area, build_file(area.root, at, about.is_file()));
        }
    }
    if !folders.is_empty() {
        let walked = walk_folder(area.root, target, Some(folders), true, without);
        scan.add_walk(area, walked);
    }
}

/// The path of a regular file that may say how images are built.
fn build_file(root: &Path, at: &Path, is_file: bool) -> Option<RelPath> {
    BuildFileKind::of_path(at).filter(|_| is_file)?;
    RelPath::relative_to(root, at)
}

/// The collector of what a walk meets.
#[derive(Default)]
struct FolderWalk {
    /// The candidates by name.
    files: Vec<NamedFile>,
    build_files: Vec<RelPath>,
    /// The folders that could not be entered, and the ignore files that are not obeyed.
    unread: Vec<Candidate>,
    has_ignores: bool,
    has_linked_ignores: bool,
}

/// Walks what lies below `target`, or only at and below some `folders` of it, and enters none of `without`.
fn walk_folder(
    root: &Path,
    target: &Path,
    folders: Option<Vec<PathBuf>>,
    ignoring: bool,
    without: &[PathBuf],
) -> FolderWalk {
    let walked = Mutex::new(FolderWalk {
        has_ignores: super::ignore_walk::is_in_git(target),
        ..FolderWalk::default()
    });
    let unread = Mutex::new(Vec::new());
    let walk = RepositoryWalk::new(target, ignoring).within_folders(folders).without_paths(without);
    let trouble = walk.walk_parts(|walker| {
        walker.build_parallel().run(|| {
            Box::new(|entry| {
                match entry {
                    Ok(entry) => note_entry(root, &entry, &walked),
                    Err(error) => {
                        if let (Some(found), Ok(mut unread)) = (unreadable_folder(&error), unread.lock()) {
                            unread.push(found);
                        }
                    }
                }
                WalkState::Continue
            })
        });
    });
    let mut walked = walked.into_inner().unwrap_or_default();
    let closed = trouble.closed_folders.into_iter().chain(unread.into_inner().unwrap_or_default());
    walked.unread.extend(closed.filter_map(|(at, why)| Candidate::from_closed_folder(root, &at, &why)));
    let oversize = trouble.oversize_ignores.into_iter();
    walked.unread.extend(oversize.filter_map(|found| Candidate::from_oversize_ignore(root, found)));
    walked
}

fn note_entry(root: &Path, entry: &DirEntry, walked: &Mutex<FolderWalk>) {
    let found = entry.file_type().and_then(|kind| NamedFile::new(root, entry.path(), kind));
    let ignores = is_ignore_file(entry.path());
    let build = build_file(root, entry.path(), entry.file_type().is_some_and(|kind| kind.is_file()));
    if (found.is_some() || ignores || build.is_some())
        && let Ok(mut walked) = walked.lock()
    {
        walked.files.extend(found);
        walked.build_files.extend(build);
        walked.has_ignores |= ignores;
        walked.has_linked_ignores |= ignores && entry.path_is_symlink();
    }
}

/// A manifest as it was known, where the file is still there and no longer begins like one: it may be half saved.
#[must_use]
pub fn half_saved_candidate(area: &ScanArea<'_>, path: &RelPath) -> Option<Candidate> {
    let at = path.to_absolute(area.root);
    let shown = |target: &PathBuf| at == *target || !IgnoreMatcher::new(target).is_hidden(&at, false);
    let there = at.symlink_metadata().is_ok_and(|about| about.is_file());
    let half_saved = there && !begins_as_candidate(&at) && area.targets.iter().any(shown);
    half_saved.then(|| Candidate {
        path: path.clone(),
        kind: FileKind::Manifest,
        skip_reason: None,
        needs_content_check: false,
        is_context: false,
    })
}
