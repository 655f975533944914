//! Finding the candidates: a walk that ignore files guide, the same on every machine.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::kind::PEEK;
use super::{FileKind, RelPath, looks_like_dockerfile, looks_like_manifest};

/// A file to be audited, or to be listed as skipped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    pub path: RelPath,
    pub kind: FileKind,
    /// Why it is not to be read at all.
    pub skip: Option<String>,
}

/// What a walk found.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// In the order of their paths.
    pub candidates: Vec<Candidate>,
    /// How many candidates, by name, ignore files hide.
    pub ignored: usize,
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
    let mut scan = Scan::default();
    for target in targets {
        if target.is_dir() {
            let (shown, has_ignores) = walk(root, target, true);
            if has_ignores {
                let (all, _) = walk(root, target, false);
                scan.ignored += all.len().saturating_sub(shown.len());
            }
            scan.candidates.extend(shown.into_iter().filter_map(|found| found.decide(root)));
        } else if let Some(path) = RelPath::below(root, target) {
            scan.candidates.push(named(path, target));
        }
    }
    scan.candidates.sort();
    scan.candidates.dedup_by(|a, b| a.path == b.path);
    scan
}

/// A file by its name alone, on the way to being a candidate.
struct Found {
    path: RelPath,
    at: PathBuf,
    kind: FileKind,
    link: bool,
}

impl Found {
    fn decide(self, root: &Path) -> Option<Candidate> {
        let skip = if self.link { link_leads(root, &self.at)? } else { None };
        if skip.is_none()
            && self.kind == FileKind::Manifest
            && !peek(&self.at).is_some_and(|text| looks_like_manifest(&text))
        {
            return None;
        }
        Some(Candidate { path: self.path, kind: self.kind, skip })
    }
}

/// What a link of a candidate's name is: nothing to list (it dangles, or leads to no file), a reason to skip it, or
/// another name of a file that no walk would find.
fn link_leads(root: &Path, link: &Path) -> Option<Option<String>> {
    let target = link.canonicalize().ok().filter(|target| target.is_file())?;
    let inside = root.canonicalize().ok().and_then(|root| RelPath::below(&root, &target));
    Some(match inside {
        None => Some("a link that leads outside the repository".to_owned()),
        Some(path) if FileKind::of_name(path.name()).is_some() => {
            Some(format!("a link: its target is audited as {path}"))
        }
        Some(_) => None,
    })
}

/// A file that was named on the command line: audited whatever its name, if its text allows.
fn named(path: RelPath, at: &Path) -> Candidate {
    let beginning = peek(at);
    let sniffed = || match &beginning {
        Some(text) if looks_like_manifest(text) => Some(FileKind::Manifest),
        Some(text) if looks_like_dockerfile(text) => Some(FileKind::Dockerfile),
        _ => None,
    };
    match FileKind::of_name(path.name()).or_else(sniffed) {
        Some(kind) => Candidate { path, kind, skip: None },
        None => {
            let skip = Some("neither a Dockerfile nor a Kubernetes manifest".to_owned());
            Candidate { path, kind: FileKind::Manifest, skip }
        }
    }
}

/// The beginning of a file; what is not UTF-8 in it is replaced, as its keys are ASCII.
fn peek(at: &Path) -> Option<String> {
    if !std::fs::metadata(at).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(at).ok()?.take(PEEK as u64).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The candidates by name below `target`, and whether any ignore file lies there.
fn walk(root: &Path, target: &Path, ignoring: bool) -> (Vec<Found>, bool) {
    let found = Mutex::new(Vec::new());
    let has_ignores = AtomicBool::new(false);
    walker(target, ignoring).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry {
                if matches!(entry.file_name().to_str(), Some(".gitignore" | ".ignore")) {
                    has_ignores.store(true, Ordering::Relaxed);
                }
                if let (Some(candidate), Ok(mut found)) = (by_name(root, &entry), found.lock()) {
                    found.push(candidate);
                }
            }
            WalkState::Continue
        })
    });
    (found.into_inner().unwrap_or_default(), has_ignores.into_inner() || in_git(target))
}

fn by_name(root: &Path, entry: &DirEntry) -> Option<Found> {
    let kind = entry.file_type().filter(|kind| kind.is_file() || kind.is_symlink())?;
    let path = RelPath::below(root, entry.path())?;
    let named = FileKind::of_name(path.name())?;
    Some(Found { path, at: entry.path().to_path_buf(), kind: named, link: kind.is_symlink() })
}

/// Every folder at and below `from` that no ignore file hides, `.git` left out.
pub(super) fn folders(root: &Path, from: &Path) -> Vec<PathBuf> {
    let hidden = from != root
        && !walker(root, true).max_depth(Some(depth(root, from))).build().flatten().any(|e| e.path() == from);
    if hidden {
        return Vec::new();
    }
    let entries = walker(from, true).build().flatten();
    entries
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()))
        .map(DirEntry::into_path)
        .collect()
}

fn depth(root: &Path, from: &Path) -> usize {
    from.strip_prefix(root).map_or(0, |below| below.components().count())
}

/// A walk whose answer is the same on every machine: ignore files within the repository count, a user's own do not.
fn walker(target: &Path, ignoring: bool) -> WalkBuilder {
    let mut walker = WalkBuilder::new(target);
    walker
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .parents(ignoring && in_git(target))
        .ignore(ignoring)
        .git_ignore(ignoring)
        .filter_entry(|entry| entry.file_name() != ".git");
    walker
}

fn in_git(target: &Path) -> bool {
    target.ancestors().any(|folder| folder.join(".git").exists())
}

/// The candidates at and below the changed paths, as a scan of the targets would find them.
#[must_use]
pub fn at(root: &Path, targets: &[PathBuf], changed: &BTreeSet<RelPath>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for path in changed {
        let at = path.under(root);
        let named = targets.iter().any(|target| *target == at && !target.is_dir());
        let within = targets.iter().any(|target| target.is_dir() && at.starts_with(target));
        if named || (within && at.exists() && !is_hidden(root, &at)) {
            candidates.extend(candidates_at(root, &at, named));
        }
    }
    candidates.sort();
    candidates.dedup_by(|a, b| a.path == b.path);
    candidates
}

fn candidates_at(root: &Path, at: &Path, named_outright: bool) -> Vec<Candidate> {
    if at.is_dir() || named_outright {
        return scan(root, std::slice::from_ref(&at.to_path_buf())).candidates;
    }
    let link = at.symlink_metadata().is_ok_and(|about| about.is_symlink());
    let found = RelPath::below(root, at).and_then(|path| {
        let kind = FileKind::of_name(path.name())?;
        Found { path, at: at.to_path_buf(), kind, link }.decide(root)
    });
    found.into_iter().collect()
}

/// Whether an ignore file hides what lies at `at`.
fn is_hidden(root: &Path, at: &Path) -> bool {
    at != root
        && !walker(root, true)
            .max_depth(Some(depth(root, at)))
            .build()
            .flatten()
            .any(|entry| entry.path() == at)
}
