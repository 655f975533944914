//! Finds the charts that a repository's files belong to, for the audit of charts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::audit::file_record::{FileRecord, FilesByPath};
use crate::repo::{CHART_FILE, FileKind, FileRole, SUBCHARTS_FOLDER, looks_like_manifest};

/// The folders of the charts of which these files are a part, each with true where it lies around the audited files. A
/// chart that lies in another's `charts` folder is rendered with that one, and nothing above `top` is looked at. Charts
/// around are looked at for the sake of the Dockerfiles whose images they run. What only a chart made a file of keeps no
/// chart there: it is one by its `Chart.yaml`, by the files that a scan finds by their text, or that are among the
/// `targets`.
pub(super) fn find_chart_folders(
    files: &FilesByPath,
    (root, top): (&Path, &Path),
    targets: &[PathBuf],
) -> BTreeMap<PathBuf, bool> {
    let is_part = |role| matches!(role, FileRole::Chart | FileRole::Values);
    let is_build = |entry: &FileRecord| entry.kind == FileKind::Dockerfile && !entry.is_context;
    let has_builds = files.values().any(|entry| is_build(entry));
    let parts = files.values().filter(|entry| is_part(entry.role) && (has_builds || !entry.is_context));
    let mut folders = BTreeMap::new();
    for entry in parts {
        let at = entry.path.to_absolute(root);
        let is_found = entry.path.file_name() == CHART_FILE || looks_like_manifest(entry.text());
        if entry.is_chart_made && !is_found && !targets.contains(&at) {
            continue;
        }
        if let Some(folder) = nearest_chart(&at, top) {
            let is_context = folders.entry(outermost_chart(folder).to_path_buf()).or_insert(true);
            *is_context &= entry.is_context;
        }
    }
    folders.retain(|folder, _| folder.starts_with(top));
    folders
}

fn nearest_chart<'a>(at: &'a Path, top: &Path) -> Option<&'a Path> {
    let mut folders = at.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
    folders.find(|folder| folder.join(CHART_FILE).is_file())
}

fn outermost_chart(mut folder: &Path) -> &Path {
    while let Some(above) = folder
        .parent()
        .filter(|subcharts| subcharts.file_name().is_some_and(|name| name == SUBCHARTS_FOLDER))
        .and_then(Path::parent)
        .filter(|above| above.join(CHART_FILE).is_file())
    {
        folder = above;
    }
    folder
}
