//! Keeps the kustomizations of a repository built, and what is built of each file with its record, for the engine.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::overlay_build::{
    BuiltRender, BuiltRoot, FinishBuild, OverlayBuild, OverlayPlaces, OverlayRoot, build_roots,
};
use super::overlay_files::{PatchedFolder, make_named_record};
use super::overlay_record::OverlayRecord;
use crate::audit::file_record::FileRecord;
use crate::audit::{AuditEngine, TemplateRender};
use crate::base::in_repository_folder;
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
        self.build_closures.forget_contents();
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
        let concerned: Vec<&OverlayRecord> =
            self.overlays.values().filter(|overlay| overlay.is_made_of(touched)).collect();
        for build in self.build_again(&concerned, HashMap::new(), OverlayBuild::of_root) {
            self.replace_built(build, changed);
        }
    }

    /// Finds out anew who builds on whom, as far as these paths may have changed it, and builds what is new or touched.
    fn build_moved_overlays(&mut self, touched: Option<&BTreeSet<RelPath>>, changed: &mut BTreeSet<RelPath>) {
        let folders = self.kustomization_folders();
        if folders.is_empty() && self.overlays.is_empty() {
            return;
        }
        let (root, top) = (self.root.clone(), self.repository_root().to_path_buf());
        let places = OverlayPlaces { root: &root, top: &top };
        let mut closures = std::mem::take(&mut self.build_closures);
        let known = |path: &str| self.known_text(path);
        let disk = PatchedFolder::new(&top, HashMap::new(), &known);
        match touched {
            Some(touched) => {
                let moved = touched.iter().chain(changed.iter());
                let moved = moved.filter_map(|path| places.in_repository(path)).collect();
                closures.update(&disk, &moved, folders);
            }
            None => closures = BuildClosures::of_folders(&disk, folders),
        }
        let tops: BTreeSet<RelPath> =
            closures.top_roots().filter_map(|folder| places.path_for_people(folder)).collect();
        let is_wanted = |folder: &&str| {
            let known = places.path_for_people(folder).and_then(|folder| self.overlays.get(&folder));
            let is_moved = |overlay: &OverlayRecord| {
                touched.is_none_or(|touched| overlay.is_made_of(touched) || overlay.is_made_of(changed))
            };
            known.is_none_or(is_moved)
        };
        let wanted = closures.top_roots().filter(is_wanted);
        let roots = wanted.map(|folder| OverlayRoot::new(&closures, folder)).collect();
        // What was just read of folders is not asked for again.
        let disk = disk.with_closures(&closures);
        let known = |path: &RelPath, index: &RelPath| self.known_render(path, index);
        let builds = build_roots(&disk, roots, (places, &known), OverlayBuild::of_root);
        self.build_closures = closures;
        let gone: Vec<RelPath> =
            self.overlays.folders().filter(|folder| !tops.contains(*folder)).cloned().collect();
        gone.iter().for_each(|folder| self.remove_overlay(folder, changed));
        for build in builds {
            self.replace_built(build, changed);
        }
    }

    /// Builds the kustomizations that patches touch with what those write.
    pub(in crate::audit) fn build_patched_overlays(
        &mut self,
        patches: &[FilePatch],
        changed: &mut BTreeSet<RelPath>,
    ) {
        let overlays = self.overlays_made_of(patches);
        for build in self.build_again(&overlays, self.patched_texts(patches), OverlayBuild::of_root) {
            self.replace_built(build, changed);
        }
    }

    /// The kustomizations that patches touch.
    pub(super) fn overlays_made_of(&self, patches: &[FilePatch]) -> Vec<&OverlayRecord> {
        let touched: BTreeSet<RelPath> = patches.iter().map(|patch| patch.path.clone()).collect();
        // A file that is there is neither a folder nor below a file: each fix of very many asks this of all.
        let are_files = touched.iter().all(|path| self.files.contains_key(path));
        match are_files {
            true => self.overlays.naming_files(&touched),
            false => self.overlays.values().filter(|overlay| overlay.is_made_of(&touched)).collect(),
        }
    }

    /// Builds kustomizations with what a patch writes, for proofs, and makes something of each: all together are large.
    pub(super) fn build_patched<T: Send>(
        &self,
        overlays: &[&OverlayRecord],
        patch: &FilePatch,
        each: impl Fn(BuiltRoot) -> T + Sync,
    ) -> Vec<T> {
        if overlays.is_empty() {
            return Vec::new();
        }
        self.build_again(overlays, self.patched_texts(std::slice::from_ref(patch)), |root, _, _| each(root))
    }

    /// What patches write, by the paths in the repository.
    fn patched_texts(&self, patches: &[FilePatch]) -> HashMap<String, Arc<str>> {
        let places = OverlayPlaces { root: &self.root, top: self.repository_root() };
        let texts = patches.iter().filter_map(|patch| {
            Some((places.in_repository(&patch.path)?, patch.after.shared_text().clone()))
        });
        texts.collect()
    }

    /// Builds kustomizations with these texts in the place of what was read, by their paths in the repository.
    fn build_again<T: Send>(
        &self,
        overlays: &[&OverlayRecord],
        patched: HashMap<String, Arc<str>>,
        finish: impl FinishBuild<T>,
    ) -> Vec<T> {
        let places = OverlayPlaces { root: &self.root, top: self.repository_root() };
        let folder_of = |overlay: &OverlayRecord| places.in_repository(&overlay.unit.key.path);
        let is_renamed = patched.keys().any(|path| is_kustomization_path(path));
        let known = |path: &str| self.known_text(path);
        let disk = PatchedFolder::new(places.top, patched, &known).with_closures(&self.build_closures);
        let disk = disk.with_kept(self.build_closures.kept_folders());
        let folders = overlays.iter().filter_map(|overlay| Some((folder_of(overlay)?, *overlay)));
        let roots = if is_renamed {
            let folders: Vec<String> = folders.map(|(folder, _)| folder).collect();
            let closures = BuildClosures::of_folders(&disk, folders.clone());
            folders.iter().map(|folder| OverlayRoot::new(&closures, folder)).collect()
        } else {
            folders.map(|(folder, overlay)| OverlayRoot { folder, named: overlay.named.clone() }).collect()
        };
        let known = |path: &RelPath, index: &RelPath| self.known_render(path, index);
        build_roots(&disk, roots, (places, &known), finish)
    }

    /// The text of a file, by its path in the repository, as a scan read it last.
    pub(super) fn known_text(&self, path: &str) -> Option<Arc<str>> {
        let places = OverlayPlaces { root: &self.root, top: self.repository_root() };
        let record = self.files.get(&places.path_for_people(path)?).filter(|file| !file.is_overlay_made)?;
        Some(Arc::clone(record.source.as_ref().filter(|source| !source.is_absent())?.shared_text()))
    }

    /// What is built of a file, by the path that the index knows it by.
    pub(super) fn known_render(&self, path: &RelPath, index_path: &RelPath) -> Option<&TemplateRender> {
        let mut renders = self.files.get(path)?.current_record().renders.iter();
        renders.find(|render| render.index_path == *index_path)
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

    /// True for a folder in or above which there are kustomizations that were built, or folders that these name.
    fn is_overlay_folder(&self, path: &RelPath) -> bool {
        if self.files.contains_key(path) {
            return false;
        }
        let places = OverlayPlaces { root: &self.root, top: self.repository_root() };
        let Some(path) = places.in_repository(path) else { return false };
        let mut folders = self.overlays.values().flat_map(|overlay| &overlay.named.folders);
        folders.any(|folder| in_repository_folder(folder, &path))
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
        self.replace_overlay(build, changed);
    }

    /// Puts what is built of a root in the place of what was.
    fn replace_overlay(&mut self, build: OverlayBuild, changed: &mut BTreeSet<RelPath>) {
        let OverlayBuild { mut record, renders, texts } = build;
        let old = self.overlays.take_out(&record.unit.key.path);
        self.note_named_files(&texts, changed);
        for BuiltRender { path, index_path, other } in renders {
            let Some(render) = other else { continue };
            if self.replace_render(&path, render) {
                changed.insert(path);
            } else {
                record.paths.remove(&path);
                record.index_paths.remove(&index_path);
            }
        }
        if let Some(old) = &old {
            self.remove_renders(old, &record.paths, changed);
            self.stale_index_paths.extend(old.index_paths.difference(&record.index_paths).cloned());
        }
        self.stale_index_paths.retain(|stale| !record.index_paths.contains(stale));
        self.note_members(&record, old.as_ref(), changed);
        self.overlays.put_in(record, old.as_ref());
    }

    fn remove_overlay(&mut self, folder: &RelPath, changed: &mut BTreeSet<RelPath>) {
        let Some(old) = self.overlays.take_out(folder) else { return };
        self.overlays.forget(&old);
        self.remove_renders(&old, &BTreeSet::new(), changed);
        self.stale_index_paths.extend(old.index_paths);
        changed.extend(old.files.into_iter().filter(|path| self.files.contains_key(path)));
    }

    /// Puts what is built of a file in the place of what was; false where nothing can be built of it.
    fn replace_render(&mut self, path: &RelPath, render: TemplateRender) -> bool {
        let Some(file) = self.files.get_mut(path).filter(|file| !file.is_chart_made) else { return false };
        let all = &mut file.current_record_mut().renders;
        all.retain(|own| own.unit != render.unit);
        let at = all.partition_point(|own| own.unit <= render.unit);
        all.insert(at, render);
        true
    }

    /// Takes away what was built of files of which nothing is built now.
    fn remove_renders(
        &mut self,
        old: &OverlayRecord,
        kept: &BTreeSet<RelPath>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        for path in old.paths.difference(kept) {
            let Some(record) = self.files.get_mut(path) else { continue };
            record.current_record_mut().renders.retain(|render| *render.unit != old.unit.key);
            changed.insert(path.clone());
        }
    }

    /// Notes the files that a kustomization is made of. Those are added to `changed` that come or go, and all where it is
    /// built otherwise than before.
    fn note_members(
        &mut self,
        record: &OverlayRecord,
        old: Option<&OverlayRecord>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        for path in record.files.iter().chain(&record.paths) {
            if let Some(file) = self.files.get_mut(path) {
                file.is_overlay_part = true;
            }
        }
        let there = |path: &&RelPath| self.files.contains_key(*path);
        match old.filter(|old| old.unit.status == record.unit.status) {
            // What it is made of decides beside what it stands.
            Some(old) if old.files == record.files => {}
            Some(old) => {
                let all = old.files.union(&record.files).chain(&record.paths);
                changed.extend(all.filter(there).cloned());
            }
            None => {
                let all = record.files.iter().chain(&record.paths);
                changed.extend(all.chain(old.iter().flat_map(|old| &old.files)).filter(there).cloned());
            }
        }
    }

    /// Lets the files go that only a kustomization made some of these, and that none names any more.
    fn drop_idle_files(&mut self, changed: &BTreeSet<RelPath>) {
        let is_made = |path: &RelPath| self.files.get(path).is_some_and(|file| file.is_overlay_made);
        let idle: Vec<RelPath> =
            changed.iter().filter(|path| is_made(path) && !self.overlays.has_file(path)).cloned().collect();
        idle.iter().for_each(|path| drop(self.files.remove(path)));
    }

    /// Makes records of the files of a build that no scan found, which are added to `changed`, and keeps the texts of all.
    fn note_named_files(&mut self, texts: &[(RelPath, Arc<str>)], changed: &mut BTreeSet<RelPath>) {
        for (path, text) in texts {
            let is_same =
                |own: &FileRecord| own.source.as_ref().is_some_and(|source| source.text() == &**text);
            match self.files.get_mut(path) {
                Some(file) if file.source.is_none() && !file.is_chart_made && !file.is_unreadable => {
                    file.source = Some(SourceText::new(Arc::clone(text)));
                }
                Some(file) if !file.is_overlay_made || is_same(file) => {}
                _ if self.settings.is_excluded(path.as_str()) => {}
                _ => {
                    let top = self.repository_root().to_path_buf();
                    let mut record = make_named_record(&self.root, &top, path.clone(), text);
                    record.is_context = self.has_context() && !self.is_target(path);
                    self.files.insert(path.clone(), Box::new(record));
                    changed.insert(path.clone());
                }
            }
        }
    }
}

/// True for the path of a file that is a kustomization by its name.
fn is_kustomization_path(path: &str) -> bool {
    is_kustomization_name(path.rsplit('/').next().unwrap_or(path))
}
