//! Keeps one kustomization as it was built last, for the audit of overlays.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::kustomize::{ApartRoot, ClosureFiles};
use crate::repo::RelPath;
use crate::unit::{Unit, UnitStatus};

/// A kustomization that nothing builds on, as it was built.
#[derive(Clone)]
pub(in crate::audit) struct OverlayRecord {
    pub unit: Unit,
    /// What it is made of, as paths of the repository.
    pub named: Arc<ClosureFiles>,
    /// Every file that it is made of, those that are not there among them.
    pub files: BTreeSet<RelPath>,
    /// The files in which its objects began: their records hold what is built of them.
    pub paths: BTreeSet<RelPath>,
    /// The paths by which the index knows what is built of them.
    pub index_paths: BTreeSet<RelPath>,
    /// What builds of single files need, made when one is asked for; none where each build must be of all.
    pub apart: OnceLock<Option<Arc<ApartRoot>>>,
    /// Its own kustomization, for what stands in no file that can be edited.
    pub own_file: RelPath,
}

impl OverlayRecord {
    pub(super) const fn is_built(&self) -> bool {
        !matches!(self.unit.status, UnitStatus::Unbuilt(_))
    }

    /// True where one of these paths is a file of it, a folder above one, or lies below what was no folder.
    pub(super) fn is_made_of(&self, touched: &BTreeSet<RelPath>) -> bool {
        let lies_below = |path: &RelPath| {
            let below = format!("{path}/");
            let next = self.files.range(RelPath::from(below.as_str())..).next();
            next.is_some_and(|file| file.as_str().starts_with(&below))
        };
        let lies_above = |path: &RelPath| {
            let ends = path.as_str().match_indices('/').map(|(end, _)| end);
            ends.into_iter().any(|end| self.files.contains(&RelPath::from(&path.as_str()[..end])))
        };
        touched.iter().any(|path| {
            self.files.contains(path) || path.as_str().is_empty() || lies_below(path) || lies_above(path)
        })
    }
}
