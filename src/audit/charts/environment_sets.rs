//! Reads the values files that the settings name for a chart, for the audit of charts.

use std::path::Path;
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::value_sets::ValueSet;
use crate::helm::{SourceFile, ValuesFile, read_values_file};
use crate::repo::{RelPath, is_really_inside};
use crate::settings::{SETTINGS_FILE, Settings};

/// The value sets that the settings name for the chart, with those of their files that lie outside its folder.
pub(super) fn find_environment_sets(
    place: ChartPlace<'_>,
    settings: &Settings,
) -> (Vec<ValueSet>, Vec<SourceFile>) {
    let mut sets = Vec::new();
    let mut outside: Vec<SourceFile> = Vec::new();
    let is_own = |chart: &str| place.top.join(chart) == place.folder;
    for own in settings.environments.iter().filter(|own| is_own(&own.chart)) {
        let mut set = ValueSet { environment: Some(own.name.clone()), ..ValueSet::default() };
        for name in &own.files {
            let at = place.top.join(name);
            let Some(path) = RelPath::relative_to(place.folder, &at) else { continue };
            let data = match read_inside(&at, place.top) {
                Ok(data) => data,
                Err(reason) => {
                    let named = format!("{name}, which {SETTINGS_FILE} names for {}", own.name);
                    set.fault.get_or_insert_with(|| format!("{named}: {reason}"));
                    Arc::default()
                }
            };
            let name = path.as_str().to_owned();
            if path.is_outside() && !outside.iter().any(|file| file.disk_path == name) {
                outside.push(SourceFile { name: name.clone(), disk_path: name.clone(), data: data.clone() });
            }
            set.files.push(ValuesFile { path: name, data });
        }
        sets.push(set);
    }
    (sets, outside)
}

fn read_inside(at: &Path, top: &Path) -> Result<Arc<[u8]>, String> {
    if !at.exists() {
        return Err("it is not there".to_owned());
    }
    if !is_really_inside(at, top) {
        return Err("a link that leads outside the repository".to_owned());
    }
    read_values_file(at).map_err(|error| error.to_string())
}
