//! Files that come and go in the tree, a few at a time.

use super::tree::{Counts, FileRow, Leaf, file_row};
use crate::repo::RelPath;

/// Where a folder's row is, and how far its content goes; the whole tree for the root, which has no row.
struct Place {
    row: Option<usize>,
    depth: u16,
    from: usize,
    to: usize,
}

/// Puts a new file into the tree. It cannot where the file's folder has no row of its own, as when it is new, or lies in
/// one that is folded: then the tree is to be made anew.
pub(super) fn graft(rows: &mut Vec<FileRow>, path: &RelPath, counts: Counts) -> bool {
    let Some(place) = Place::of(rows, path.folder()) else { return false };
    if !place.is_folded(rows) {
        let mut files = place.files(rows).into_iter();
        let next = files.find(|at| rows[*at].path() > path.as_str());
        rows.insert(next.unwrap_or(place.to), file_row(path, usize::from(place.depth), counts));
    }
    place.count(rows, |row| {
        row.counts.add(counts);
        row.files += 1;
    });
    true
}

/// Takes a file out of the tree that had so many findings. It cannot where no other file stands beside it: its folder
/// may be gone, or joined with another.
pub(super) fn prune(rows: &mut Vec<FileRow>, path: &RelPath, counts: Counts) -> bool {
    let Some(place) = Place::of(rows, path.folder()).filter(|place| !place.is_folded(rows)) else {
        return false;
    };
    let files = place.files(rows);
    let own = files.iter().find(|at| rows[**at].path() == path.as_str());
    let (Some(own), true) = (own, files.len() > 1) else { return false };
    rows.remove(*own);
    place.count(rows, |row| {
        row.counts.take(counts);
        row.files -= 1;
    });
    true
}

impl Place {
    fn of(rows: &[FileRow], folder: &str) -> Option<Self> {
        if folder.is_empty() {
            return Some(Self { row: None, depth: 0, from: 0, to: rows.len() });
        }
        let row = rows.iter().position(|row| matches!(&row.leaf, Leaf::Folder(path) if path == folder))?;
        let depth = rows[row].depth + 1;
        let from = row + 1;
        let to = rows[from..].iter().position(|row| row.depth < depth).map_or(rows.len(), |len| from + len);
        Some(Self { row: Some(row), depth, from, to })
    }

    /// The rows of the files that lie in it, and in no folder below.
    fn files(&self, rows: &[FileRow]) -> Vec<usize> {
        let is_file = |at: &usize| rows[*at].depth == self.depth && rows[*at].open.is_none();
        (self.from..self.to).filter(is_file).collect()
    }

    fn is_folded(&self, rows: &[FileRow]) -> bool {
        self.row.is_some_and(|row| rows[row].open == Some(false))
    }

    /// Counts something in the folder and in all that it lies in.
    fn count(&self, rows: &mut [FileRow], count: impl Fn(&mut FileRow)) {
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
