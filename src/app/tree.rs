//! The tree of files, with what was found in each.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::index::Index;
use crate::finding::Severity;
use crate::repo::RelPath;
use crate::store::Store;

/// How many findings there are of each severity, the most severe first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub [usize; 5]);

impl Counts {
    fn add(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    fn take(&mut self, other: Self) {
        for (sum, less) in self.0.iter_mut().zip(other.0) {
            *sum -= less;
        }
    }

    #[must_use]
    pub fn total(self) -> usize {
        self.0.iter().sum()
    }

    #[must_use]
    pub fn worst(self) -> Option<Severity> {
        self.each().next().map(|(severity, _)| severity)
    }

    /// The severities that occur, with how often.
    pub fn each(self) -> impl Iterator<Item = (Severity, usize)> {
        Severity::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    #[must_use]
    pub fn of(severities: impl Iterator<Item = Severity>) -> Self {
        let mut counts = Self::default();
        for severity in severities {
            counts.0[Severity::Critical as usize - severity as usize] += 1;
        }
        counts
    }
}

/// What a row is; the selection is kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// A folder's path, without a final slash.
    Folder(String),
    File(RelPath),
}

/// One row of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct FileRow {
    pub leaf: Leaf,
    /// The last part of the path; for a folder that holds nothing but a folder, both.
    pub name: String,
    pub depth: u16,
    /// Whether a folder's content is shown; none for a file.
    pub open: Option<bool>,
    pub counts: Counts,
    files: usize,
}

/// The rows of the tree, folders before files.
#[must_use]
pub(super) fn rows(store: &Store, index: &Index, folded: &HashSet<String>) -> Vec<FileRow> {
    let mut files: Vec<(Vec<&str>, &RelPath)> =
        store.files().map(|file| (file.path.as_str().split('/').collect(), &file.path)).collect();
    files.sort_by(|(a, _), (b, _)| by_folder_first(a, b));
    let mut rows: Vec<FileRow> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (parts, path) in files {
        let folders = &parts[..parts.len() - 1];
        let shared = open.iter().zip(folders).take_while(|((name, _), part)| name == *part).count();
        open.truncate(shared);
        for depth in shared..folders.len() {
            open.push((folders[depth], rows.len()));
            rows.push(row(Leaf::Folder(folders[..=depth].join("/")), folders[depth], depth));
        }
        let mut file =
            row(Leaf::File(path.clone()), parts.last().copied().unwrap_or_default(), folders.len());
        file.open = None;
        file.counts = counts(index, path);
        for (_, at) in &open {
            rows[*at].counts.add(file.counts);
            rows[*at].files += 1;
        }
        rows.push(file);
    }
    fold(join_thin(rows), folded)
}

/// The same rows after a change in which no file came or went: `before` are the counts of some files as they were.
pub(super) fn recount(rows: &mut [FileRow], index: &Index, before: &BTreeMap<RelPath, Counts>) {
    let mut other: HashMap<&str, Vec<(Counts, Counts)>> = HashMap::new();
    for (path, old) in before {
        let new = counts(index, path);
        if new != *old {
            let mut at = path.as_str();
            other.entry(at).or_default().push((*old, new));
            while let Some((folder, _)) = at.rsplit_once('/') {
                other.entry(folder).or_default().push((*old, new));
                at = folder;
            }
        }
    }
    if other.is_empty() {
        return;
    }
    for row in rows {
        let path = match &row.leaf {
            Leaf::Folder(path) => path.as_str(),
            Leaf::File(path) => path.as_str(),
        };
        for (old, new) in other.get(path).into_iter().flatten() {
            row.counts.add(*new);
            row.counts.take(*old);
        }
    }
}

/// How many findings a file has.
pub(super) fn counts(index: &Index, path: &RelPath) -> Counts {
    Counts::of(index.in_file(path).iter().map(|entry| entry.severity))
}

fn row(leaf: Leaf, name: &str, depth: usize) -> FileRow {
    let depth = u16::try_from(depth).unwrap_or(u16::MAX);
    FileRow { leaf, name: name.to_owned(), depth, open: Some(true), counts: Counts::default(), files: 0 }
}

fn by_folder_first(a: &[&str], b: &[&str]) -> std::cmp::Ordering {
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let is_file = |parts: &[&str]| parts.len() == shared + 1;
    is_file(a).cmp(&is_file(b)).then_with(|| a.cmp(b))
}

/// Joins each folder that holds nothing but one folder with it.
fn join_thin(rows: Vec<FileRow>) -> Vec<FileRow> {
    let mut joined: Vec<FileRow> = Vec::with_capacity(rows.len());
    // How many levels less deep what lies under a joined folder is, and from which depth on.
    let mut lifted: Vec<u16> = Vec::new();
    for mut row in rows {
        lifted.retain(|from| *from < row.depth);
        let depth = row.depth;
        let thin = joined.last().is_some_and(|last| {
            let inside = matches!((&last.leaf, &row.leaf), (Leaf::Folder(a), Leaf::Folder(b))
                if b.strip_prefix(a.as_str()).is_some_and(|rest| rest.starts_with('/')));
            inside && last.files == row.files
        });
        if thin && let Some(last) = joined.last_mut() {
            last.name = format!("{}/{}", last.name, row.name);
            last.leaf = row.leaf;
            lifted.push(depth);
        } else {
            row.depth -= u16::try_from(lifted.len()).unwrap_or(0);
            joined.push(row);
        }
    }
    joined
}

/// Leaves out what lies in folded folders.
fn fold(rows: Vec<FileRow>, folded: &HashSet<String>) -> Vec<FileRow> {
    let mut hidden_below: Option<u16> = None;
    rows.into_iter()
        .filter_map(|mut row| {
            if hidden_below.is_some_and(|depth| row.depth > depth) {
                return None;
            }
            hidden_below = None;
            if let Leaf::Folder(path) = &row.leaf
                && folded.contains(path)
            {
                row.open = Some(false);
                hidden_below = Some(row.depth);
            }
            Some(row)
        })
        .collect()
}
