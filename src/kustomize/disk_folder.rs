//! Reads the files of kustomizations from the disk, and never one outside of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use super::kustomization_file::join_name;
use super::source_library::{PlaceKind, SourceData, SourceFolder};
use crate::base::read_bounded;
use crate::repo::is_kustomization_name;

/// A repository on the disk.
#[derive(Clone, Debug)]
pub struct DiskFolder {
    /// With links resolved.
    root: PathBuf,
}

/// The largest file that is read.
const MAX_FILE: u64 = 32 * 1024 * 1024;

impl DiskFolder {
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf()) }
    }

    /// The place with links resolved; none where it is absent.
    fn real_path(&self, path: &str) -> Option<PathBuf> {
        fs::canonicalize(self.root.join(path)).ok()
    }
}

impl SourceFolder for DiskFolder {
    fn kind_of(&self, path: &str) -> PlaceKind {
        let Some(real) = self.real_path(path) else { return PlaceKind::Absent };
        if !real.starts_with(&self.root) {
            PlaceKind::Outside
        } else if real.is_dir() {
            PlaceKind::Folder
        } else {
            PlaceKind::File
        }
    }

    fn file_names(&self, folder: &str) -> Vec<String> {
        let real = self.real_path(folder).filter(|real| real.starts_with(&self.root));
        let entries = real.and_then(|real| fs::read_dir(real).ok()).into_iter().flatten().flatten();
        let is_file = |entry: &fs::DirEntry| match entry.file_type() {
            Ok(kind) if kind.is_symlink() => entry.path().is_file(),
            kind => kind.is_ok_and(|kind| kind.is_file()),
        };
        let files = entries.filter(is_file);
        files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn read(&self, path: &str) -> Result<SourceData, String> {
        let real = self.real_path(path).ok_or("it is not there")?;
        if !real.starts_with(&self.root) {
            return Err("it is a link that leads out of the repository".to_owned());
        }
        read_bounded(&real, MAX_FILE).map(SourceData::from).map_err(|error| error.to_string())
    }
}

/// How many folders are looked into, and how deep.
const MAX_FOLDERS: usize = 200_000;
const MAX_DEPTH: usize = 100;

/// The folders below one that have kustomizations, ignore files or not; links are not followed.
#[must_use]
pub fn kustomization_folders(root: &Path, below: &str) -> Vec<String> {
    let (mut found, mut open, mut seen) = (Vec::new(), vec![(below.to_owned(), 0)], 0);
    while let Some((folder, depth)) = open.pop() {
        seen += 1;
        if seen > MAX_FOLDERS || depth > MAX_DEPTH {
            continue;
        }
        let entries = fs::read_dir(root.join(&folder)).into_iter().flatten().flatten();
        let mut has_one = false;
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && name != ".git" => {
                    open.push((join_name(&folder, &name), depth + 1));
                }
                Ok(_) => has_one |= is_kustomization_name(&name) && entry.path().is_file(),
                Err(_) => {}
            }
        }
        if has_one {
            found.push(folder);
        }
    }
    found.sort();
    found
}
