//! Finds charts of the same repository that stand in for dependencies which a chart declares and does not hold.

use std::path::Path;

use super::chart_files::read_files_inside;
use crate::helm::{LoadedChart, SourceFile};

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
        let at = folder.join(relative);
        let prefix = format!("{}/", relative.trim_end_matches('/'));
        if let Some(stand_in) =
            load_stand_in((&at, top), &prefix).filter(|stand_in| stand_in.metadata.name == name)
        {
            chart.children.push(stand_in);
            found.push(name);
        }
    }
    found
}

fn load_stand_in((at, top): (&Path, &Path), prefix: &str) -> Option<LoadedChart> {
    let files = read_files_inside(at, top).ok()?;
    let files =
        files.into_iter().map(|file| SourceFile { disk_path: format!("{prefix}{}", file.disk_path), ..file });
    let mut chart = LoadedChart::from_files(files.collect()).ok()?;
    chart.disk_path = prefix.trim_end_matches('/').to_owned();
    Some(chart)
}
