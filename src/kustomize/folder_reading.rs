//! Resolves what a kustomization names to files and folders of the repository.

use super::build_fault::BuildFault;
use super::kustomization_file::{KustomizationFile, shown};
use super::source_library::{PlaceKind, SourceLibrary};
use crate::repo::resolve_within;

/// A kustomization that is being built, and the files that it may read.
#[derive(Clone, Copy)]
pub(super) struct FolderReading<'a> {
    pub library: &'a SourceLibrary<'a>,
    pub file: &'a KustomizationFile,
}

/// What an entry of `resources` means.
pub(super) enum NamedPlace {
    File(String),
    Folder(String),
}

impl FolderReading<'_> {
    /// The file at a path from the kustomization's folder.
    pub(super) fn resolve_file(&self, path: &str) -> Result<String, BuildFault> {
        match self.resolve(path)? {
            NamedPlace::File(file) => Ok(file),
            NamedPlace::Folder(folder) => Err(BuildFault::new(format!("{} is a folder", shown(&folder)))),
        }
    }

    pub(super) fn resolve(&self, path: &str) -> Result<NamedPlace, BuildFault> {
        if path.contains("://") || path.starts_with("git@") {
            return Err(remote_fault(path));
        }
        if path.starts_with('/') {
            return Err(BuildFault::new(format!("{path} leads out of the repository")));
        }
        let Some(resolved) = resolve_within(&self.file.folder, path) else {
            return Err(BuildFault::new(format!("{path} leads out of the repository")));
        };
        match self.library.kind_of(&resolved) {
            PlaceKind::File => Ok(NamedPlace::File(resolved)),
            PlaceKind::Folder => Ok(NamedPlace::Folder(resolved)),
            PlaceKind::Outside => Err(BuildFault::new(format!("{path} leads out of the repository"))),
            PlaceKind::Absent if looks_remote(path) => Err(remote_fault(path)),
            PlaceKind::Absent => Err(BuildFault::new(format!("{} is not there", shown(&resolved)))),
        }
    }
}

fn remote_fault(path: &str) -> BuildFault {
    BuildFault::new(format!("{path} is remote"))
}

/// True for `github.com/owner/name//folder?ref=v1` and the like.
fn looks_remote(path: &str) -> bool {
    let host = path.split(['/', ':']).next().unwrap_or_default();
    path.contains("?ref=")
        || path.contains("?version=")
        || path.contains(".git")
        || (host.contains('.') && host.len() > 3 && !host.starts_with('.') && path.matches('/').count() > 1)
}
