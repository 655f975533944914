//! Reads the values files that the settings name for a chart, for the audit of charts.

use std::path::Path;
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::value_sets::ValueSet;
use crate::helm::{SourceFile, ValuesFile, read_values_file};
use crate::repo::is_really_inside;
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
            let path = name_from_chart(&own.chart, name);
            let data = match read_inside(&place.top.join(name), place.top) {
                Ok(data) => data,
                Err(reason) => {
                    let named = format!("{name}, which {SETTINGS_FILE} names for {}", own.name);
                    set.fault.get_or_insert_with(|| format!("{named}: {reason}"));
                    Arc::default()
                }
            };
            if path.starts_with("../") && !outside.iter().any(|file| file.disk_path == path) {
                let (name, disk_path) = (path.clone(), path.clone());
                outside.push(SourceFile { name, disk_path, data: data.clone() });
            }
            set.files.push(ValuesFile { path, data });
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

/// The way from a chart's folder to a file, both named from one folder.
pub(super) fn name_from_chart(chart: &str, file: &str) -> String {
    let (chart, file): (Vec<&str>, Vec<&str>) = (chart.split('/').collect(), file.split('/').collect());
    let shared = chart.iter().zip(&file).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", chart.len() - shared);
    up.chain(file[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::name_from_chart;

    #[test]
    fn files_are_named_from_the_charts_folder() {
        assert_eq!(name_from_chart("charts/shop", "deploy/prod.yaml"), "../../deploy/prod.yaml");
        assert_eq!(name_from_chart("charts/shop", "charts/common.yaml"), "../common.yaml");
        assert_eq!(name_from_chart("charts/shop", "charts/shop/own.yaml"), "own.yaml");
    }
}
