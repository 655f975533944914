//! Finds charts of the same repository that stand in for dependencies which a chart declares and does not hold.

use std::path::{Path, PathBuf};

use crate::helm::{LoadedChart, SourceFile, read_chart_files};

/// The beginning of a dependency's repository where it is a folder beside the chart.
const FOLDER_SCHEME: &str = "file://";

/// Puts the charts that `Chart.yaml` names by their folder into the chart; the names of those that were found.
/// Nothing outside `top` is read.
pub(super) fn add_stand_ins(chart: &mut LoadedChart, folder: &Path, top: &Path) -> Vec<String> {
    let missing = chart.missing_dependencies();
    let mut found = Vec::new();
    for name in missing {
        let declared = chart.metadata.dependencies.iter().flatten().find(|declared| declared.name == name);
        let Some(relative) = declared.and_then(|declared| declared.repository.strip_prefix(FOLDER_SCHEME))
        else {
            continue;
        };
        let Some(at) = folder_inside(&folder.join(relative), top) else { continue };
        let prefix = format!("{}/", relative.trim_end_matches('/'));
        if let Some(stand_in) = load_chart(&at, &prefix).filter(|stand_in| stand_in.metadata.name == name) {
            chart.children.push(stand_in);
            found.push(name);
        }
    }
    found
}

fn folder_inside(at: &Path, top: &Path) -> Option<PathBuf> {
    let at = at.canonicalize().ok()?;
    at.starts_with(top.canonicalize().ok()?).then_some(at)
}

fn load_chart(at: &Path, prefix: &str) -> Option<LoadedChart> {
    let files = read_chart_files(at).ok()?;
    let files =
        files.into_iter().map(|file| SourceFile { disk_path: format!("{prefix}{}", file.disk_path), ..file });
    let mut chart = LoadedChart::from_files(files.collect()).ok()?;
    chart.disk_path = prefix.trim_end_matches('/').to_owned();
    Some(chart)
}
