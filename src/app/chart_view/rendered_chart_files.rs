//! Finds a chart's files and their renders in the store, by the names that origins have for them.

use std::path::Path;
use std::sync::Arc;

use crate::audit::RenderReport;
use crate::repo::{FileRole, RelPath};
use crate::store::Store;
use crate::unit::UnitKey;

/// The renders of all files, each with its template.
pub(super) fn all_renders(store: &Store) -> impl Iterator<Item = (&RelPath, &RenderReport)> {
    store.files().flat_map(|file| file.renders.iter().map(|render| (&file.path, render)))
}

/// The folder of the chart that a file is a part of, where anything of that is rendered.
pub(super) fn chart_of_file(store: &Store, path: &RelPath) -> Option<RelPath> {
    let file = store.file(path)?;
    if let Some(render) = file.renders.first() {
        return Some(render.unit.path.clone());
    }
    if !matches!(file.role, FileRole::Chart | FileRole::Values) {
        return None;
    }
    let folders = all_renders(store).map(|(_, render)| &render.unit.path);
    let holding = folders.filter(|folder| is_below(path, folder));
    holding.max_by_key(|folder| folder.as_str().len()).cloned()
}

/// The value sets with which the chart in a folder renders anything, its own values first.
pub(super) fn units_of_chart(store: &Store, folder: &RelPath) -> Vec<Arc<UnitKey>> {
    let own = all_renders(store).map(|(_, render)| &render.unit).filter(|unit| unit.path == *folder);
    let mut units: Vec<Arc<UnitKey>> = own.cloned().collect();
    units.sort();
    units.dedup();
    units
}

/// A file as the origins of its chart name it: from the chart's folder.
pub(super) fn name_in_chart(folder: &RelPath, path: &RelPath) -> Option<String> {
    let root = Path::new("/");
    let name = RelPath::relative_to(&folder.to_absolute(root), &path.to_absolute(root))?;
    Some(name.as_str().to_owned())
}

/// The file that an origin names from the chart's folder.
pub(super) fn file_of_origin(folder: &RelPath, name: &str) -> Option<RelPath> {
    let root = Path::new("/");
    let at = RelPath::from(name).to_absolute(&folder.to_absolute(root));
    (!name.is_empty()).then(|| RelPath::strip_root(root, &at)).flatten()
}

fn is_below(path: &RelPath, folder: &RelPath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    folder.as_str().is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}
