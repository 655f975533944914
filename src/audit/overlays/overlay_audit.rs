//! Keeps the kustomizations of a repository built, and what is built of each file with its record, for the engine.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::overlay_build::{OverlayBuild, OverlayPlaces, OverlayRoot, build_roots, find_top_roots};
use super::overlay_files::{PatchedFolder, make_named_record, may_be_object};
use super::overlay_record::OverlayRecord;
use crate::audit::AuditEngine;
use crate::audit::file_record::FileRecord;
use crate::kustomize::BuildClosures;
use crate::repo::{FileKind, FilePatch, RelPath, is_kustomization_name};
use crate::text::SourceText;

impl AuditEngine {
    /// Builds the kustomizations that one of these paths is a file of; all, where none is given. The files whose records
    /// are new or gone, or of which something else is built, are added to `changed`.
    pub(in crate::audit) fn build_overlays(
        &mut self,
        touched: Option<&BTreeSet<RelPath>>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        let is_graph_moved = touched.is_none_or(|paths| {
            let is_kustomization = |path: &RelPath| is_kustomization_name(path.file_name());
            paths.iter().any(|path| is_kustomization(path) || self.is_overlay_folder(path))
                || changed.iter().any(is_kustomization)
        });
        match touched.filter(|_| !is_graph_moved) {
            Some(touched) => self.build_touched_overlays(touched, changed),
            None => self.build_moved_overlays(touched, changed),
        }
        self.drop_idle_files(changed);
    }

    /// Builds those again that are made of the files, also of files that were not there, while who builds on whom stays.
    /// Nothing of the others is read.
    fn build_touched_overlays(&mut self, touched: &BTreeSet<RelPath>, changed: &mut BTreeSet<RelPath>) {
        let (root, top) = (self.root.clone(), self.repository_root().to_path_buf());
        let places = OverlayPlaces { root: &root, top: &top };
        let concerned = self.overlays.iter().filter(|(_, overlay)| overlay.is_made_of(touched));
        let folders: Vec<String> = concerned.filter_map(|(folder, _)| places.in_repository(folder)).collect();
        if folders.is_empty() {
            return;
        }
        let disk = PatchedFolder::new(&top, HashMap::new());
        let closures = BuildClosures::of_folders(&disk, folders.clone());
        let roots = folders.iter().map(|folder| OverlayRoot::new(&closures, folder)).collect();
        for build in build_roots(&disk, roots, places) {
            self.replace_built(build, changed);
        }
    }

    /// Finds out anew who builds on whom, and builds what is new, what is touched and what could not be built.
    fn build_moved_overlays(&mut self, touched: Option<&BTreeSet<RelPath>>, changed: &mut BTreeSet<RelPath>) {
        let folders = self.kustomization_folders();
        if folders.is_empty() && self.overlays.is_empty() {
            return;
        }
        let (root, top) = (self.root.clone(), self.repository_root().to_path_buf());
        let disk = PatchedFolder::new(&top, HashMap::new());
        let places = OverlayPlaces { root: &root, top: &top };
        let closures = BuildClosures::of_folders(&disk, folders);
        let mut roots = find_top_roots(&closures);
        let kept: BTreeSet<RelPath> =
            roots.iter().filter_map(|root| places.path_for_people(&root.folder)).collect();
        let gone: Vec<RelPath> =
            self.overlays.keys().filter(|folder| !kept.contains(*folder)).cloned().collect();
        gone.iter().for_each(|folder| self.replace_overlay(folder, None, changed));
        roots.retain(|root| {
            let known = places.path_for_people(&root.folder).and_then(|folder| self.overlays.get(&folder));
            known.is_none_or(|overlay| {
                touched.is_none_or(|touched| overlay.is_made_of(touched) || !overlay.is_built())
            })
        });
        for build in build_roots(&disk, roots, places) {
            self.replace_built(build, changed);
        }
    }

    /// Builds the kustomizations that patches touch with what those write.
    pub(in crate::audit) fn build_patched_overlays(
        &mut self,
        patches: &[FilePatch],
        changed: &mut BTreeSet<RelPath>,
    ) {
        for build in self.build_with_patches(patches) {
            self.replace_built(build, changed);
        }
    }

    /// The kustomizations that patches touch, built with what those write.
    pub(super) fn build_with_patches(&self, patches: &[FilePatch]) -> Vec<OverlayBuild> {
        let touched: BTreeSet<RelPath> = patches.iter().map(|patch| patch.path.clone()).collect();
        let concerned = self.overlays.iter().filter(|(_, overlay)| overlay.is_made_of(&touched));
        let (root, top) = (self.root.clone(), self.repository_root().to_path_buf());
        let places = OverlayPlaces { root: &root, top: &top };
        let folders: Vec<String> = concerned.filter_map(|(folder, _)| places.in_repository(folder)).collect();
        if folders.is_empty() {
            return Vec::new();
        }
        let texts = patches.iter().filter_map(|patch| {
            Some((places.in_repository(&patch.path)?, patch.after.shared_text().clone()))
        });
        let disk = PatchedFolder::new(&top, texts.collect());
        let closures = BuildClosures::of_folders(&disk, folders.clone());
        let roots = folders.iter().map(|folder| OverlayRoot::new(&closures, folder)).collect();
        build_roots(&disk, roots, places)
    }

    /// The folders with a kustomization, as paths of the repository.
    fn kustomization_folders(&self) -> Vec<String> {
        let (root, top) = (&self.root, self.repository_root());
        let places = OverlayPlaces { root, top };
        let is_one = |record: &&FileRecord| {
            record.kind == FileKind::Manifest
                && is_kustomization_name(record.path.file_name())
                && !self.settings.is_excluded(record.path.as_str())
                && !record.is_overlay_made
        };
        let files = self.files.values().map(|record| &**record).filter(is_one);
        let folders: BTreeSet<String> =
            files.filter_map(|record| places.in_repository(&RelPath::from(record.path.folder()))).collect();
        folders.into_iter().collect()
    }

    /// True for a folder in or above which there are kustomizations that were built.
    fn is_overlay_folder(&self, path: &RelPath) -> bool {
        let below = |folder: &RelPath| {
            path.as_str().is_empty()
                || folder
                    .as_str()
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.overlays.keys().any(below)
    }

    /// Takes a build in, unless what is there is half saved: then the last one that could be built stays.
    fn replace_built(&mut self, build: OverlayBuild, changed: &mut BTreeSet<RelPath>) {
        let folder = build.record.unit.key.path.clone();
        let was_built = self.overlays.get(&folder).is_some_and(OverlayRecord::is_built);
        let is_half_saved =
            |path: &RelPath| self.files.get(path).is_some_and(|file| file.last_valid.is_some());
        if was_built && !build.record.is_built() && build.record.files.iter().any(is_half_saved) {
            return;
        }
        self.replace_overlay(&folder, Some(build), changed);
    }

    /// Puts what is built of a root in the place of what was.
    fn replace_overlay(
        &mut self,
        folder: &RelPath,
        build: Option<OverlayBuild>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        if let Some(old) = self.overlays.remove(folder) {
            self.stale_index_paths.extend(old.index_paths);
            for path in &old.paths {
                if let Some(record) = self.files.get_mut(path) {
                    record.current_record_mut().renders.retain(|render| *render.unit != old.unit.key);
                }
            }
            changed.extend(old.paths);
            changed.extend(old.files.into_iter().filter(|path| self.files.contains_key(path)));
        }
        if let Some(OverlayBuild { mut record, renders, texts }) = build {
            self.note_named_files(&texts);
            for (path, render) in renders {
                self.stale_index_paths.retain(|stale| *stale != render.index_path);
                let Some(file) = self.files.get_mut(&path).filter(|file| !file.is_chart_made) else {
                    record.paths.remove(&path);
                    record.index_paths.remove(&render.index_path);
                    continue;
                };
                let all = &mut file.current_record_mut().renders;
                let at = all.partition_point(|own| own.unit <= render.unit);
                all.insert(at, render);
            }
            for path in record.files.iter().chain(&record.paths) {
                if let Some(file) = self.files.get_mut(path) {
                    file.is_overlay_part = true;
                }
            }
            changed.extend(record.paths.iter().cloned());
            changed.extend(record.files.iter().filter(|path| self.files.contains_key(*path)).cloned());
            self.overlays.insert(folder.clone(), record);
        }
    }

    /// Lets the files go that only a kustomization made some of these, and that none names any more.
    fn drop_idle_files(&mut self, changed: &BTreeSet<RelPath>) {
        let is_named = |path: &RelPath| self.overlays.values().any(|overlay| overlay.files.contains(path));
        let is_made = |path: &RelPath| self.files.get(path).is_some_and(|file| file.is_overlay_made);
        let idle: Vec<RelPath> =
            changed.iter().filter(|path| is_made(path) && !is_named(path)).cloned().collect();
        idle.iter().for_each(|path| drop(self.files.remove(path)));
    }

    /// Makes records of the files of a build that no scan found, and keeps the texts of all.
    fn note_named_files(&mut self, texts: &[(RelPath, Arc<str>)]) {
        for (path, text) in texts {
            let is_same =
                |own: &FileRecord| own.source.as_ref().is_some_and(|source| source.text() == &**text);
            match self.files.get_mut(path) {
                Some(file) if file.source.is_none() && !file.is_chart_made && !file.is_unreadable => {
                    file.source = Some(SourceText::new(Arc::clone(text)));
                }
                Some(file) if !file.is_overlay_made || is_same(file) => {}
                _ if !may_be_object(path.as_str()) || self.settings.is_excluded(path.as_str()) => {}
                _ => {
                    let top = self.repository_root().to_path_buf();
                    let mut record = make_named_record(&self.root, &top, path.clone(), text);
                    record.is_context = self.has_context() && !self.is_target(path);
                    self.files.insert(path.clone(), Box::new(record));
                }
            }
        }
    }
}
