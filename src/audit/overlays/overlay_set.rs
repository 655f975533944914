//! Keeps the kustomizations that were built, and which of them each file is part of, for the audit and its proofs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::overlay_build::overlay_name;
use super::overlay_record::OverlayRecord;
use crate::project::RenderSets;
use crate::repo::RelPath;

/// The kustomizations that nothing builds on, by their folders.
#[derive(Clone, Default)]
pub(in crate::audit) struct OverlaySet {
    records: BTreeMap<RelPath, OverlayRecord>,
    /// The folders of those that a file is named in: each fix of very many files asks for it.
    folders_by_file: HashMap<RelPath, BTreeSet<RelPath>>,
    /// What each is made of, for lookups by name; made when it is asked for.
    render_sets: OnceLock<RenderSets>,
}

impl OverlaySet {
    pub(in crate::audit) fn get(&self, folder: &RelPath) -> Option<&OverlayRecord> {
        self.records.get(folder)
    }

    pub(in crate::audit) fn values(&self) -> impl Iterator<Item = &OverlayRecord> {
        self.records.values()
    }

    pub(in crate::audit) fn folders(&self) -> impl Iterator<Item = &RelPath> {
        self.records.keys()
    }

    pub(in crate::audit) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// True for a file that one of them is made of.
    pub(super) fn has_file(&self, path: &RelPath) -> bool {
        self.folders_by_file.contains_key(path)
    }

    /// Those that one of these files is named in.
    pub(super) fn naming_files<'a>(&'a self, files: &BTreeSet<RelPath>) -> Vec<&'a OverlayRecord> {
        let folders = files.iter().filter_map(|path| self.folders_by_file.get(path)).flatten();
        let folders: BTreeSet<&RelPath> = folders.collect();
        folders.into_iter().filter_map(|folder| self.records.get(folder)).collect()
    }

    /// What each of them is made of, by the paths that the index knows files by.
    pub(in crate::audit) fn render_sets(&self, in_repository: impl Fn(&RelPath) -> RelPath) -> &RenderSets {
        let files_of = |record: &OverlayRecord| {
            (overlay_name(&record.unit.key.path), record.files.iter().map(&in_repository).collect())
        };
        self.render_sets.get_or_init(|| RenderSets::new(self.records.values().map(files_of).collect()))
    }

    /// Takes one out for a while: what is known by its files stays until it is put back, or forgotten.
    pub(super) fn take_out(&mut self, folder: &RelPath) -> Option<OverlayRecord> {
        self.records.remove(folder)
    }

    /// Puts one in, in the place of what was taken out.
    pub(super) fn put_in(&mut self, record: OverlayRecord, old: Option<&OverlayRecord>) {
        let is_same = |old: &OverlayRecord| (&old.files, &old.paths) == (&record.files, &record.paths);
        let folder = record.unit.key.path.clone();
        if !old.is_some_and(is_same) {
            old.into_iter().for_each(|old| self.forget(old));
            for file in record.files.union(&record.paths) {
                self.folders_by_file.entry(file.clone()).or_default().insert(folder.clone());
            }
            self.render_sets.take();
        }
        self.records.insert(folder, record);
    }

    /// Forgets the files of what was taken out.
    pub(super) fn forget(&mut self, old: &OverlayRecord) {
        self.render_sets.take();
        for file in old.files.union(&old.paths) {
            let Some(folders) = self.folders_by_file.get_mut(file) else { continue };
            folders.remove(&old.unit.key.path);
            if folders.is_empty() {
                self.folders_by_file.remove(file);
            }
        }
    }
}
