//! Finds the files of charts and overlays and their renders in the store, by the names that origins have for them.

use std::path::Path;
use std::sync::Arc;

use crate::audit::RenderReport;
use crate::repo::{FileKind, FileRole, RelPath};
use crate::store::Store;
use crate::unit::{UnitKey, UnitKind};

/// The renders of all files, each with the template, or the file in which its objects began.
pub(super) fn all_renders(store: &Store) -> impl Iterator<Item = (&RelPath, &RenderReport)> {
    store.files().flat_map(|file| file.renders.iter().map(|render| (&file.path, render)))
}

/// The folder of the chart that a file is a part of, where anything of that is rendered.
pub(super) fn chart_of_file(store: &Store, path: &RelPath) -> Option<RelPath> {
    let file = store.file(path)?;
    if let Some(render) = file.renders.iter().find(|render| is_of_chart(render)) {
        return Some(render.unit.path.clone());
    }
    if !matches!(file.role, FileRole::Chart | FileRole::Values) {
        return None;
    }
    let renders = all_renders(store).filter(|(_, render)| is_of_chart(render));
    let folders = renders.map(|(_, render)| &render.unit.path);
    let holding = folders.filter(|folder| is_below(path, folder));
    holding.max_by_key(|folder| folder.as_str().len()).cloned()
}

/// The value sets with which the chart in a folder renders anything, its own values first.
pub(super) fn units_of_chart(store: &Store, folder: &RelPath) -> Vec<Arc<UnitKey>> {
    let renders = all_renders(store).map(|(_, render)| render);
    sorted_units(renders.filter(|render| is_of_chart(render) && render.unit.path == *folder))
}

/// The overlays that a file is a part of: its objects began in it, or something of these was written in it.
pub(super) fn overlays_of_file(store: &Store, path: &RelPath) -> Vec<Arc<UnitKey>> {
    let Some(file) = store.file(path).filter(|file| file.kind == FileKind::Manifest) else {
        return Vec::new();
    };
    let built = || all_renders(store).map(|(_, render)| render).filter(|render| !is_of_chart(render));
    let is_kustomization = file.role == FileRole::Kustomization;
    let own = |render: &&RenderReport| is_kustomization && render.unit.path.as_str() == path.folder();
    if !file.renders.is_empty() && !is_kustomization {
        return sorted_units(file.renders.iter());
    }
    let is_written_in = |render: &&RenderReport| {
        let name = name_in_chart(&render.unit.path, path);
        own(render) || render.origin.iter().any(|segment| name.as_deref() == Some(&*segment.place.path))
    };
    sorted_units(built().filter(is_written_in))
}

fn sorted_units<'r>(renders: impl Iterator<Item = &'r RenderReport>) -> Vec<Arc<UnitKey>> {
    let mut units: Vec<Arc<UnitKey>> = renders.map(|render| render.unit.clone()).collect();
    units.sort();
    units.dedup();
    units
}

fn is_of_chart(render: &RenderReport) -> bool {
    render.unit.kind == UnitKind::Chart
}

/// A file as the origins of its chart or overlay name it: from the folder of that.
pub(super) fn name_in_chart(folder: &RelPath, path: &RelPath) -> Option<String> {
    let root = Path::new("/");
    let name = RelPath::relative_to(&folder.to_absolute(root), &path.to_absolute(root))?;
    Some(name.as_str().to_owned())
}

/// The file that an origin names from the folder of its chart or overlay.
pub(super) fn file_of_origin(folder: &RelPath, name: &str) -> Option<RelPath> {
    let root = Path::new("/");
    let at = RelPath::from(name).to_absolute(&folder.to_absolute(root));
    (!name.is_empty()).then(|| RelPath::strip_root(root, &at)).flatten()
}

fn is_below(path: &RelPath, folder: &RelPath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    folder.as_str().is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}
