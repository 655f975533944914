//! The methods that Helm's values have as a type: `.Values.AsMap`, `.Values.Table`, `.Values.PathValue`, `.Values.YAML`.

use super::function_spec::CallResult;
use super::origin_text::TextBuilder;
use super::render_state::RenderState;
use super::template_value::TemplateValue;
use super::value_collection::{MapType, ValueMap};
use super::yaml_writer::write_yaml;

pub(super) fn has_values_method(name: &str) -> bool {
    matches!(name, "AsMap" | "Table" | "PathValue" | "YAML")
}

pub(super) fn call_values_method(
    state: &mut RenderState,
    map: &ValueMap,
    name: &str,
    arguments: &[TemplateValue],
) -> CallResult {
    match (name, arguments) {
        ("AsMap", []) => Ok(TemplateValue::Map(map.with_type(MapType::Any))),
        ("YAML", []) => {
            let glue = state.glue();
            let mut builder = TextBuilder::default();
            builder.push_text(&write_yaml(&TemplateValue::Map(map.clone()), glue)?);
            builder.push_computed("\n", glue);
            Ok(TemplateValue::Text(builder.finish()))
        }
        ("Table", [TemplateValue::Text(path)]) => match find_path(map, &path.as_str()) {
            Some(TemplateValue::Map(table)) => Ok(TemplateValue::Map(table.with_type(MapType::Values))),
            _ => Err(format!("{:?} is not a table", path.as_str()).into()),
        },
        ("PathValue", [TemplateValue::Text(path)]) => match find_path(map, &path.as_str()) {
            Some(TemplateValue::Map(_)) | None => Err(format!("{:?} is not a value", path.as_str()).into()),
            Some(value) => Ok(value),
        },
        _ => Err(format!("wrong number of args for {name}").into()),
    }
}

/// What stands under a path of keys with dots between.
pub fn find_path(map: &ValueMap, path: &str) -> Option<TemplateValue> {
    let mut value = TemplateValue::Map(map.clone());
    for key in path.split('.') {
        let TemplateValue::Map(table) = value else { return None };
        value = table.get(key)?;
    }
    Some(value)
}
