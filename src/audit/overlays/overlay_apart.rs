//! Builds anew what an overlay makes of one file, apart from all others, for proofs of fixes.

use std::collections::HashMap;
use std::sync::Arc;

use super::overlay_build::{OverlayPlaces, SourceNames, index_path, write_source};
use super::overlay_files::PatchedFolder;
use super::overlay_record::OverlayRecord;
use crate::audit::{AuditEngine, TemplateRender};
use crate::kustomize::{ApartRoot, BuiltObject};
use crate::repo::FilePatch;

/// What a patch makes of what is built of its file.
pub(super) enum ApartBuild<'a> {
    /// Only a build of all can tell.
    Unknown,
    Same,
    Other {
        before: &'a TemplateRender,
        after: Box<TemplateRender>,
    },
}

/// How many files an overlay must be made of. Smaller ones are built whole in no more time.
const MIN_FILES: usize = 24;

impl AuditEngine {
    /// Builds what an overlay makes of a patched file. That is all which the patch can change, where it is known.
    pub(super) fn build_apart(&self, overlay: &OverlayRecord, patch: &FilePatch) -> ApartBuild<'_> {
        self.find_apart_build(overlay, patch).unwrap_or(ApartBuild::Unknown)
    }

    fn find_apart_build(&self, overlay: &OverlayRecord, patch: &FilePatch) -> Option<ApartBuild<'_>> {
        if overlay.named.objects.len() < MIN_FILES {
            return None;
        }
        let places = OverlayPlaces { root: &self.root, top: self.repository_root() };
        let (folder, path) =
            (places.in_repository(&overlay.unit.key.path)?, places.in_repository(&patch.path)?);
        let known = |path: &str| self.known_text(path);
        let whole = || {
            let disk = PatchedFolder::new(places.top, HashMap::new(), &known);
            let disk = disk.with_closures(&self.build_closures);
            ApartRoot::of_folder(&disk, &folder, &overlay.named).map(Arc::new)
        };
        let apart = overlay.apart.get_or_init(whole).as_ref()?;
        let patched = HashMap::from([(path.clone(), patch.after.shared_text().clone())]);
        let disk = PatchedFolder::new(places.top, patched, &known).with_closures(&self.build_closures);
        let library = apart.library(&disk, &path);
        let objects = apart.build_file(&library, &path)?;
        let objects: Vec<&BuiltObject> = objects.iter().filter(|object| object.is_read()).collect();
        let holder = places.path_for_people(apart.holder_of(&path)?)?;
        let index_path = index_path(&holder, &overlay.unit.key.path);
        let before = self.known_render(&holder, &index_path);
        if objects.is_empty() {
            return before.is_none().then_some(ApartBuild::Same);
        }
        let mut names = SourceNames::of_root(&folder, places);
        let (before, source) = (before?, write_source(&objects, &library, &mut names));
        if *before.text == *source.text {
            return Some(ApartBuild::Same);
        }
        let unit = Arc::new(overlay.unit.key.clone());
        let after = Box::new(TemplateRender::of_source(unit, index_path, source));
        Some(ApartBuild::Other { before, after })
    }
}
