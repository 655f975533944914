//! Reads the files of builds from the disk, some of them as they would be after an edit, and makes records of those that
//! no scan finds.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::audit::FileStatus;
use crate::audit::file_record::{FileRecord, ParsedFile};
use crate::kustomize::{DiskFolder, PlaceKind, SourceFolder};
use crate::repo::{FileKind, FileRole, RelPath};
use crate::text::SourceText;

/// The repository on the disk, with other texts in some files, by their paths in it.
pub(super) struct PatchedFolder {
    disk: DiskFolder,
    texts: HashMap<String, Arc<str>>,
}

impl PatchedFolder {
    pub(super) fn new(top: &Path, texts: HashMap<String, Arc<str>>) -> Self {
        Self { disk: DiskFolder::new(top), texts }
    }
}

impl SourceFolder for PatchedFolder {
    fn kind_of(&self, path: &str) -> PlaceKind {
        if self.texts.contains_key(path) { PlaceKind::File } else { self.disk.kind_of(path) }
    }

    fn file_names(&self, folder: &str) -> Vec<String> {
        self.disk.file_names(folder)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.read(path),
        }
    }
}

/// A record of a file that a kustomization names and no scan finds: ignore files hide it, or it is a patch.
pub(super) fn make_named_record(root: &Path, top: &Path, path: RelPath, text: &str) -> FileRecord {
    let at = path.to_absolute(root);
    let record =
        FileRecord::from_source(path.clone(), FileKind::Manifest, SourceText::new(text), Arc::default());
    let role = FileRole::detect_role(top, &at, FileKind::Manifest);
    if !matches!(record.status, FileStatus::Skipped(_)) {
        return FileRecord { role, is_overlay_made: true, ..record };
    }
    // A JSON patch is no object, and judged by what it does.
    FileRecord {
        role,
        is_overlay_made: true,
        status: FileStatus::Audited,
        kind: FileKind::Manifest,
        content: ParsedFile::Empty,
        is_broken: false,
        source: Some(SourceText::new(text)),
        ..record
    }
}

/// True for a file whose text may be an object or a patch.
pub(super) fn may_be_object(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}
