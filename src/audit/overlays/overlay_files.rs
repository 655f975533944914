//! Reads the files of builds from the disk, some of them as they would be after an edit, and makes records of those that
//! no scan finds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::audit::FileStatus;
use crate::audit::file_record::{FileRecord, ParsedFile};
use crate::kustomize::{
    BuildClosures, DiskFolder, KeptFolders, PlaceKind, SourceData, SourceFolder, SourceNumbers,
};
use crate::repo::{FileKind, FileRole, RelPath};
use crate::text::SourceText;

/// Gives the text of a file that was read before, by its path in the repository.
pub(super) type KnownText<'a> = dyn Fn(&str) -> Option<Arc<str>> + Sync + 'a;

/// The repository on the disk, with other texts in some files, by their paths in it. What was read before is not read
/// again.
pub(super) struct PatchedFolder<'a> {
    top: PathBuf,
    disk: OnceLock<DiskFolder>,
    patched: HashMap<String, Arc<str>>,
    known: &'a KnownText<'a>,
    /// The kustomizations whose folders are not looked into again.
    closures: Option<&'a BuildClosures>,
    kept: Option<&'a KeptFolders>,
}

impl<'a> PatchedFolder<'a> {
    pub(super) fn new(top: &Path, patched: HashMap<String, Arc<str>>, known: &'a KnownText<'a>) -> Self {
        Self { top: top.to_path_buf(), disk: OnceLock::new(), patched, known, closures: None, kept: None }
    }

    /// The same with what was read of folders.
    pub(super) fn with_closures(self, closures: &'a BuildClosures) -> Self {
        Self { closures: Some(closures), ..self }
    }

    /// The same with what is kept of folders between builds.
    pub(super) fn with_kept(self, kept: &'a KeptFolders) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// What is kept of folders; none where each build makes all anew.
    pub(super) const fn kept(&self) -> Option<&'a KeptFolders> {
        self.kept
    }

    /// The disk, whose place is asked for once something of it is.
    fn disk(&self) -> &DiskFolder {
        self.disk.get_or_init(|| DiskFolder::new(&self.top))
    }

    fn text_of(&self, path: &str) -> Option<Arc<str>> {
        self.patched.get(path).cloned().or_else(|| (self.known)(path))
    }
}

impl SourceFolder for PatchedFolder<'_> {
    fn kind_of(&self, path: &str) -> PlaceKind {
        if self.text_of(path).is_some() { PlaceKind::File } else { self.disk().kind_of(path) }
    }

    fn file_names(&self, folder: &str) -> Vec<String> {
        // No other names are asked for than those of kustomizations.
        let known = self.closures.and_then(|closures| closures.kustomization_names(folder));
        known.unwrap_or_else(|| self.disk().file_names(folder))
    }

    fn read(&self, path: &str) -> Result<SourceData, String> {
        match self.text_of(path) {
            Some(text) => Ok(SourceData::Text(text)),
            None => self.disk().read(path),
        }
    }

    fn numbers(&self) -> Arc<SourceNumbers> {
        self.kept.map_or_else(Arc::default, KeptFolders::numbers)
    }

    fn unchanged_text(&self, path: &str) -> Option<Arc<str>> {
        if self.patched.contains_key(path) { None } else { (self.known)(path) }
    }

    fn closure_files(&self, folder: &str) -> Option<Vec<String>> {
        let closures = self.closures.filter(|closures| closures.kustomization_names(folder).is_some())?;
        let files = closures.files_of(folder);
        Some(files.objects.into_iter().chain(files.data).collect())
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
