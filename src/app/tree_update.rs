//! Inserts files into the tree and removes them, a few at a time.

use super::file_tree::{FileTreeNode, FileTreeRow, SeverityCounts, file_row};
use super::path_ranks::PathRanks;
use crate::repo::RelPath;

/// The row of a folder, and the end of its content; the whole tree for the root, which has no row.
struct FolderRows {
    row: Option<usize>,
    depth: u16,
    start: usize,
    end: usize,
}

/// Inserts a new file into the tree. False where the file's folder has no row of its own, as when it is new, or lies in
/// a folded one: then the tree is to be built anew.
pub(super) fn insert_file(
    rows: &mut Vec<FileTreeRow>,
    path: &RelPath,
    counts: SeverityCounts,
    ranks: &PathRanks,
) -> bool {
    let Some(place) = FolderRows::find_folder(rows, path.folder()) else { return false };
    if !place.is_folded(rows) {
        let own = (ranks.rank_of(path.as_str()), true, path.as_str());
        let next = place.sibling_rows(rows).find(|at| {
            let row = &rows[*at];
            (ranks.rank_of(row.path()), row.expanded.is_none(), row.path()) > own
        });
        rows.insert(next.unwrap_or(place.end), file_row(path, usize::from(place.depth), counts));
    }
    place.update_ancestors(rows, |row| {
        row.counts.add_counts(counts);
        row.file_count += 1;
    });
    true
}

/// Removes a file with so many findings from the tree. False where no other file stands beside it: its folder may be
/// gone, or joined with another.
pub(super) fn remove_file(rows: &mut Vec<FileTreeRow>, path: &RelPath, counts: SeverityCounts) -> bool {
    let Some(place) = FolderRows::find_folder(rows, path.folder()).filter(|place| !place.is_folded(rows))
    else {
        return false;
    };
    let files = place.file_rows(rows);
    let own = files.iter().find(|at| rows[**at].path() == path.as_str());
    let (Some(own), true) = (own, files.len() > 1) else { return false };
    rows.remove(*own);
    place.update_ancestors(rows, |row| {
        row.counts.subtract_counts(counts);
        row.file_count -= 1;
    });
    true
}

impl FolderRows {
    fn find_folder(rows: &[FileTreeRow], folder: &str) -> Option<Self> {
        if folder.is_empty() {
            return Some(Self { row: None, depth: 0, start: 0, end: rows.len() });
        }
        let row =
            rows.iter().position(|row| matches!(&row.node, FileTreeNode::Folder(path) if path == folder))?;
        let depth = rows[row].depth + 1;
        let from = row + 1;
        let to = rows[from..].iter().position(|row| row.depth < depth).map_or(rows.len(), |len| from + len);
        Some(Self { row: Some(row), depth, start: from, end: to })
    }

    /// The rows of the files that lie in it, and in no folder below.
    fn file_rows(&self, rows: &[FileTreeRow]) -> Vec<usize> {
        self.sibling_rows(rows).filter(|at| rows[*at].expanded.is_none()).collect()
    }

    /// The rows of what lies in it, and in no folder below.
    fn sibling_rows<'r>(&self, rows: &'r [FileTreeRow]) -> impl Iterator<Item = usize> + use<'r> {
        let depth = self.depth;
        (self.start..self.end).filter(move |at| rows[*at].depth == depth)
    }

    fn is_folded(&self, rows: &[FileTreeRow]) -> bool {
        self.row.is_some_and(|row| rows[row].expanded == Some(false))
    }

    /// Counts something in the folder and in all folders above it.
    fn update_ancestors(&self, rows: &mut [FileTreeRow], count: impl Fn(&mut FileTreeRow)) {
        let Some(row) = self.row else { return };
        let mut depth = self.depth;
        for row in rows[..=row].iter_mut().rev() {
            if row.depth < depth {
                depth = row.depth;
                count(row);
            }
        }
    }
}
