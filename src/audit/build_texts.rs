//! Reads the files that say how images are built, and keeps their texts for the index, as they change.

use std::collections::{BTreeMap, BTreeSet};

use super::AuditEngine;
use crate::base::par_map;
use crate::builds::BuildText;
use crate::repo::{self, MAX_BUILD_FILE_BYTES, RelPath};

/// The most build files of a repository that are read.
const MAX_BUILD_FILES: usize = 4_000;

/// The texts of build files, and which of them the index does not know yet.
#[derive(Debug, Default)]
pub(super) struct BuildTexts {
    texts: BTreeMap<RelPath, BuildText>,
    changed: BTreeSet<RelPath>,
}

impl BuildTexts {
    pub(super) fn has_changes(&self) -> bool {
        !self.changed.is_empty()
    }

    /// The changes since they were taken last.
    pub(super) fn take_changes(&mut self) -> Vec<(RelPath, Option<BuildText>)> {
        let changed = std::mem::take(&mut self.changed).into_iter();
        changed.map(|path| (path.clone(), self.texts.get(&path).cloned())).collect()
    }

    /// All texts, for an index that knows none of them.
    pub(super) fn all_changes(&mut self) -> Vec<(RelPath, Option<BuildText>)> {
        self.changed.clear();
        self.texts.iter().map(|(path, text)| (path.clone(), Some(text.clone()))).collect()
    }

    /// Notes all as changed: the index is new.
    pub(super) fn forget_index(&mut self) {
        self.changed.extend(self.texts.keys().cloned());
    }

    fn set_text(&mut self, path: RelPath, text: Option<BuildText>) {
        if self.texts.get(&path) == text.as_ref() {
            return;
        }
        match text {
            Some(text) => drop(self.texts.insert(path.clone(), text)),
            None => drop(self.texts.remove(&path)),
        }
        self.changed.insert(path);
    }
}

impl AuditEngine {
    /// The name of the repository's folder; empty where it has none.
    pub(super) fn root_name(&self) -> String {
        self.repository_root().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Reads the build files that a scan has found: all there are, or those at and below some paths.
    pub(super) fn note_build_files(&mut self, found: Vec<RelPath>, below: Option<&BTreeSet<RelPath>>) {
        let mut found: Vec<RelPath> =
            found.into_iter().filter(|path| !self.settings.is_excluded(path.as_str())).collect();
        found.sort();
        found.dedup();
        found.truncate(MAX_BUILD_FILES);
        let is_concerned = |path: &RelPath| {
            let at = path.to_absolute(&self.root);
            below.is_none_or(|below| below.iter().any(|above| at.starts_with(above.to_absolute(&self.root))))
        };
        let known = self.build_texts.texts.keys().filter(|path| is_concerned(path));
        let gone: Vec<RelPath> = known.filter(|path| found.binary_search(path).is_err()).cloned().collect();
        let root = self.root.as_path();
        let read = par_map(found, |path| {
            let text = repo::read_large_text(&path.to_absolute(root), MAX_BUILD_FILE_BYTES).ok();
            (path, text.map(BuildText::from))
        });
        for (path, text) in read.into_iter().chain(gone.into_iter().map(|path| (path, None))) {
            self.build_texts.set_text(path, text);
        }
    }

    /// The same engine with the texts of build files, without a disk.
    #[must_use]
    pub fn with_build_texts(mut self, texts: impl IntoIterator<Item = (RelPath, String)>) -> Self {
        for (path, text) in texts {
            self.build_texts.set_text(path, Some(text.into()));
        }
        self.reindex_all();
        self
    }
}
