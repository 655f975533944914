//! `import-values`: what a chart takes over from its subcharts' values into its own defaults.

use super::chart_error::ChartError;
use super::chart_node::ChartNode;
use super::values_coalesce::{coalesce_tables, copy_map, merge_values};
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;
use crate::template::values_method::find_path;

/// Takes over what is imported, from the lowest charts up.
pub(super) fn apply_imports(chart: &mut ChartNode<'_>) -> Result<(), ChartError> {
    for child in &mut chart.children {
        apply_imports(child)?;
    }
    let Some(dependencies) = &chart.dependencies else { return Ok(()) };
    let merged = merge_values(chart, &ValueMap::default())?;
    let imported = ValueMap::default();
    for dependency in dependencies {
        for import in &dependency.import_values {
            let path = format!("{}.{}", dependency.name, import.child);
            if let Some(TemplateValue::Map(table)) = find_path(&merged, &path) {
                coalesce_tables(&imported, &nest(&import.parent, copy_map(&table)), true);
            }
        }
    }
    let own = copy_map(&merged);
    coalesce_tables(&own, &imported, true);
    chart.values = own;
    Ok(())
}

/// The map under a path of keys.
fn nest(path: &str, map: ValueMap) -> ValueMap {
    if path == "." {
        return map;
    }
    let mut inner = map;
    for key in path.rsplit('.') {
        let outer = ValueMap::default();
        outer.insert(key, TemplateValue::Map(inner));
        inner = outer;
    }
    inner
}
