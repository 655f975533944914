//! Builds the tree of files for its view, with the number of findings in each.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::findings_index::FindingsIndex;
use super::path_ranks::PathRanks;
use crate::finding::Severity;
use crate::repo::RelPath;
use crate::store::Store;

/// The number of findings of each severity, the most severe first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityCounts(pub [usize; 5]);

impl SeverityCounts {
    pub(super) fn add_counts(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    pub(super) fn subtract_counts(&mut self, other: Self) {
        for (sum, less) in self.0.iter_mut().zip(other.0) {
            *sum -= less;
        }
    }

    #[must_use]
    pub fn total(self) -> usize {
        self.0.iter().sum()
    }

    #[must_use]
    pub fn worst_severity(self) -> Option<Severity> {
        self.by_severity().next().map(|(severity, _)| severity)
    }

    /// The severities that occur, each with its number.
    pub fn by_severity(self) -> impl Iterator<Item = (Severity, usize)> {
        Severity::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    #[must_use]
    pub fn from_severities(severities: impl Iterator<Item = Severity>) -> Self {
        let mut counts = Self::default();
        for severity in severities {
            counts.0[Severity::Critical as usize - severity as usize] += 1;
        }
        counts
    }
}

/// The node of a row; the selection is kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FileTreeNode {
    /// A folder's path, without a final slash.
    Folder(String),
    File(RelPath),
}

/// One row of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct FileTreeRow {
    pub node: FileTreeNode,
    /// The last part of the path; for a folder that holds nothing but a folder, both.
    pub name: String,
    pub depth: u16,
    /// True where a folder's content is shown; none for a file.
    pub expanded: Option<bool>,
    pub counts: SeverityCounts,
    pub(super) file_count: usize,
}

impl FileTreeRow {
    pub(super) fn path(&self) -> &str {
        match &self.node {
            FileTreeNode::Folder(path) => path,
            FileTreeNode::File(path) => path.as_str(),
        }
    }
}

/// The rows of the tree, folders before files.
#[must_use]
pub(super) fn build_rows(
    store: &Store,
    index: &FindingsIndex,
    folded: &HashSet<String>,
    ranks: &PathRanks,
) -> Vec<FileTreeRow> {
    let mut files: Vec<&RelPath> = store.files().map(|file| &file.path).collect();
    files.sort_by(|a, b| by_folder_first(a.as_str(), b.as_str()));
    let mut rows: Vec<FileTreeRow> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut parts: Vec<&str> = Vec::new();
    for path in files {
        parts.clear();
        parts.extend(path.as_str().split('/'));
        let folders = &parts[..parts.len() - 1];
        let shared = open.iter().zip(folders).take_while(|((name, _), part)| name == *part).count();
        open.truncate(shared);
        for depth in shared..folders.len() {
            open.push((folders[depth], rows.len()));
            rows.push(tree_row(FileTreeNode::Folder(folders[..=depth].join("/")), folders[depth], depth));
        }
        let file = file_row(path, folders.len(), index.severity_counts(path));
        for (_, at) in &open {
            rows[*at].counts.add_counts(file.counts);
            rows[*at].file_count += 1;
        }
        rows.push(file);
    }
    hide_folded(join_thin(order_siblings(rows, ranks)), folded)
}

/// Puts what lies in each folder in the order that was taken; what has no place in it stays in its own, at the end.
fn order_siblings(rows: Vec<FileTreeRow>, ranks: &PathRanks) -> Vec<FileTreeRow> {
    if ranks.is_empty() {
        return rows;
    }
    let mut order = Vec::with_capacity(rows.len());
    // Of the blocks of siblings that are left to do the next one is the last.
    let mut left: Vec<Range<usize>> = std::iter::once(0..rows.len()).collect();
    while let Some(block) = left.pop() {
        let Some(head) = rows.get(block.start).filter(|_| !block.is_empty()) else { continue };
        let mut siblings: Vec<Range<usize>> = Vec::new();
        for at in block {
            match siblings.last_mut() {
                Some(last) if rows[at].depth > head.depth => last.end = at + 1,
                _ => siblings.push(at..at + 1),
            }
        }
        match siblings.as_slice() {
            [only] => {
                order.push(only.start);
                left.push(only.start + 1..only.end);
            }
            _ => {
                siblings
                    .sort_by_cached_key(|sibling| (ranks.rank_of(rows[sibling.start].path()), sibling.start));
                left.extend(siblings.into_iter().rev());
            }
        }
    }
    let mut rows: Vec<Option<FileTreeRow>> = rows.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| rows[at].take()).collect()
}

/// Updates the rows after a change in which no file came or went: `before` are the old counts of some files.
pub(super) fn update_counts(
    rows: &mut [FileTreeRow],
    index: &FindingsIndex,
    before: &BTreeMap<RelPath, SeverityCounts>,
) {
    let mut other: HashMap<&str, Vec<(SeverityCounts, SeverityCounts)>> = HashMap::new();
    let mut shared: Option<&str> = None;
    for (path, old) in before {
        let new = index.severity_counts(path);
        if new != *old {
            let mut at = path.as_str();
            shared = Some(shared.map_or(at, |shared| common_prefix(shared, at)));
            other.entry(at).or_default().push((*old, new));
            while let Some((folder, _)) = at.rsplit_once('/') {
                other.entry(folder).or_default().push((*old, new));
                at = folder;
            }
        }
    }
    let Some(shared) = shared else { return };
    // Most rows lie elsewhere, and a comparison is quicker than a lookup.
    let is_near = |row: &&mut FileTreeRow| row.path().starts_with(shared) || shared.starts_with(row.path());
    for row in rows.iter_mut().filter(is_near) {
        for (old, new) in other.get(row.path()).into_iter().flatten() {
            row.counts.add_counts(*new);
            row.counts.subtract_counts(*old);
        }
    }
}

/// The common beginning of two paths.
fn common_prefix<'p>(a: &'p str, b: &str) -> &'p str {
    let ends = a.char_indices().zip(b.chars()).take_while(|((_, a), b)| a == b);
    &a[..ends.last().map_or(0, |((at, c), _)| at + c.len_utf8())]
}

/// The row of a file.
pub(super) fn file_row(path: &RelPath, depth: usize, counts: SeverityCounts) -> FileTreeRow {
    FileTreeRow {
        expanded: None,
        counts,
        ..tree_row(FileTreeNode::File(path.clone()), path.file_name(), depth)
    }
}

fn tree_row(leaf: FileTreeNode, name: &str, depth: usize) -> FileTreeRow {
    let depth = u16::try_from(depth).unwrap_or(u16::MAX);
    FileTreeRow {
        node: leaf,
        name: name.to_owned(),
        depth,
        expanded: Some(true),
        counts: SeverityCounts::default(),
        file_count: 0,
    }
}

fn by_folder_first(a: &str, b: &str) -> std::cmp::Ordering {
    let shared = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let begin = a.as_bytes()[..shared].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    // The next name of each after the common part, with true where it is a file's.
    let (a, b) = (&a[begin..], &b[begin..]);
    let name = |rest: &str| rest.split_once('/').map_or((true, rest.len()), |(name, _)| (false, name.len()));
    let (own, other) = (name(a), name(b));
    own.0.cmp(&other.0).then_with(|| a[..own.1].cmp(&b[..other.1]))
}

/// Joins each folder that holds nothing but one folder with it.
fn join_thin(rows: Vec<FileTreeRow>) -> Vec<FileTreeRow> {
    let mut joined: Vec<FileTreeRow> = Vec::with_capacity(rows.len());
    // The levels by which rows under a joined folder move up, with the depth from which on.
    let mut lifted: Vec<u16> = Vec::new();
    for mut row in rows {
        lifted.retain(|from| *from < row.depth);
        let depth = row.depth;
        let thin = joined.last().is_some_and(|last| {
            let inside = matches!((&last.node, &row.node), (FileTreeNode::Folder(a), FileTreeNode::Folder(b))
                if b.strip_prefix(a.as_str()).is_some_and(|rest| rest.starts_with('/')));
            inside && last.file_count == row.file_count
        });
        if thin && let Some(last) = joined.last_mut() {
            last.name = format!("{}/{}", last.name, row.name);
            last.node = row.node;
            lifted.push(depth);
        } else {
            row.depth -= u16::try_from(lifted.len()).unwrap_or(0);
            joined.push(row);
        }
    }
    joined
}

/// Leaves out the rows in folded folders.
fn hide_folded(rows: Vec<FileTreeRow>, folded: &HashSet<String>) -> Vec<FileTreeRow> {
    let mut hidden_below: Option<u16> = None;
    rows.into_iter()
        .filter_map(|mut row| {
            if hidden_below.is_some_and(|depth| row.depth > depth) {
                return None;
            }
            hidden_below = None;
            if let FileTreeNode::Folder(path) = &row.node
                && folded.contains(path)
            {
                row.expanded = Some(false);
                hidden_below = Some(row.depth);
            }
            Some(row)
        })
        .collect()
}
