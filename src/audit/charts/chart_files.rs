//! Reads a chart's files, and none that a link brings in from outside the repository, for the charts and their stand-ins.

use std::path::Path;

use super::value_sets::is_value_set;
use crate::helm::{SourceFile, names_in_chart, read_chart_files, read_values_file};
use crate::repo::is_really_inside;

/// The files of the chart at `at`, a folder or an archive; the reason, where they cannot be read or one is not in `top`.
pub(super) fn read_files_inside(at: &Path, top: &Path) -> Result<Vec<SourceFile>, String> {
    let leads_out = |name: &str| format!("{name}: a link that leads outside the repository");
    if !is_really_inside(at, top) {
        return Err(leads_out(&at.display().to_string()));
    }
    let files = read_chart_files(at).map_err(|error| error.to_string())?;
    if at.is_dir() {
        let top = top.canonicalize().map_err(|error| error.to_string())?;
        let is_outside = |file: &&SourceFile| {
            at.join(&file.disk_path).canonicalize().is_ok_and(|real| !real.starts_with(&top))
        };
        if let Some(file) = files.iter().find(is_outside) {
            return Err(leads_out(&file.disk_path));
        }
    }
    Ok(files)
}

/// The most value sets that are read beside a chart's files.
const MAX_IGNORED: usize = 100;

/// The value sets in a chart's folder that are none of its `files`, since `.helmignore` keeps them out of what is packed:
/// Helm lays them over the chart all the same. In the order of their names.
pub(super) fn read_ignored_sets(at: &Path, top: &Path, files: &[SourceFile]) -> Vec<SourceFile> {
    let mut names: Vec<String> = ["", "ci/"].iter().flat_map(|folder| names_in_chart(at, folder)).collect();
    names.retain(|name| is_value_set(name) && !files.iter().any(|file| file.name == *name));
    names.sort();
    names.truncate(MAX_IGNORED);
    let read = |name: String| {
        let path = at.join(&name);
        let data = is_really_inside(&path, top).then(|| read_values_file(&path))?.ok()?;
        Some(SourceFile { disk_path: name.clone(), name, data })
    };
    names.into_iter().filter_map(read).collect()
}
