//! YAML, JSON and TOML: from values to text and back, with origins both ways.

use super::argument_access::{any, text};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::json_reader::read_json;
use crate::template::json_writer::{JsonStyle, write_json};
use crate::template::origin_text::OriginText;
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::toml_writer::write_toml;
use crate::template::value_collection::ValueMap;
use crate::template::value_copy::count_nodes;
use crate::template::yaml_reader::{YamlError, read_yaml};
use crate::template::yaml_writer::{write_yaml, write_yaml_pretty};

const PLAIN: JsonStyle = JsonStyle { raw: false, pretty: false };
const PRETTY: JsonStyle = JsonStyle { raw: false, pretty: true };
const RAW: JsonStyle = JsonStyle { raw: true, pretty: false };

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("toYaml", &[Any], to_yaml),
    FunctionSpec::new("mustToYaml", &[Any], to_yaml),
    FunctionSpec::new("toYamlPretty", &[Any], |state, arguments| {
        let glue = state.glue_from(arguments);
        Ok(write_yaml_pretty(&any(arguments, 0), glue)?.into())
    }),
    FunctionSpec::new("fromYaml", &[Text], |state, arguments| from_yaml(state, &text(arguments, 0))),
    FunctionSpec::new("fromYamlArray", &[Text], |state, arguments| {
        from_yaml_array(state, &text(arguments, 0))
    }),
    FunctionSpec::new("toJson", &[Any], |state, arguments| to_json(state, arguments, PLAIN)),
    FunctionSpec::new("mustToJson", &[Any], |state, arguments| to_json(state, arguments, PLAIN)),
    FunctionSpec::new("toPrettyJson", &[Any], |state, arguments| to_json(state, arguments, PRETTY)),
    FunctionSpec::new("mustToPrettyJson", &[Any], |state, arguments| to_json(state, arguments, PRETTY)),
    FunctionSpec::new("toRawJson", &[Any], |state, arguments| to_json(state, arguments, RAW)),
    FunctionSpec::new("mustToRawJson", &[Any], |state, arguments| to_json(state, arguments, RAW)),
    FunctionSpec::new("fromJson", &[Text], |state, arguments| from_json(state, &text(arguments, 0))),
    FunctionSpec::new("mustFromJson", &[Text], |state, arguments| {
        Ok(read_paid_json(state, &text(arguments, 0))??)
    }),
    FunctionSpec::new("fromJsonArray", &[Text], |state, arguments| {
        from_json_array(state, &text(arguments, 0))
    }),
    FunctionSpec::new("toToml", &[Any], |state, arguments| {
        let glue = state.glue_from(arguments);
        let value = any(arguments, 0);
        if value.is_nil() {
            return Err("reflect: call of reflect.Value.Type on zero Value".into());
        }
        match write_toml(&value, glue) {
            Ok(text) => Ok(text.into()),
            Err(error) => Ok(state.plain_text(&error.to_string()).into()),
        }
    }),
    FunctionSpec::new("mustToToml", &[Any], |state, arguments| {
        let glue = state.glue_from(arguments);
        Ok(write_toml(&any(arguments, 0), glue)?.into())
    }),
    FunctionSpec::new("fromToml", &[Text], |state, arguments| from_toml(state, &text(arguments, 0))),
];

fn to_yaml(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let glue = state.glue_from(arguments);
    Ok(write_yaml(&any(arguments, 0), glue)?.into())
}

fn to_json(state: &mut RenderState, arguments: &[TemplateValue], style: JsonStyle) -> CallResult {
    let glue = state.glue_from(arguments);
    Ok(write_json(&any(arguments, 0), style, glue)?.into())
}

/// A map with the key `Error`, as Helm gives where it cannot read.
fn error_map(state: &mut RenderState, message: &str) -> TemplateValue {
    let map = ValueMap::default();
    let text = state.plain_text(message);
    map.insert("Error", text.into());
    TemplateValue::Map(map)
}

fn error_list(state: &mut RenderState, message: &str) -> TemplateValue {
    let text = state.plain_text(message);
    TemplateValue::list(vec![text.into()])
}

/// Go's words for JSON of a wrong type.
fn wrong_type(value: &TemplateValue, wish: &str) -> String {
    let found = match value {
        TemplateValue::Map(_) => "object",
        TemplateValue::List(_) => "array",
        TemplateValue::Text(_) => "string",
        TemplateValue::Bool(..) => "bool",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wish}")
}

const GO_MAP: &str = "map[string]interface {}";
const GO_LIST: &str = "[]interface {}";

/// Reads YAML, and takes what its values hold.
fn read_paid_yaml(
    state: &mut RenderState,
    text: &OriginText,
) -> Result<Result<TemplateValue, YamlError>, CallError> {
    let read = read_yaml(text, None);
    state.charge_nodes(read.as_ref().map_or(0, count_nodes))?;
    Ok(read)
}

/// Reads JSON, as far as what its values hold can be taken.
fn read_paid_json(
    state: &mut RenderState,
    text: &OriginText,
) -> Result<Result<TemplateValue, String>, CallError> {
    let most = state.nodes_left();
    let mut left = most;
    let read = read_json(text, &mut left);
    // Of a text that was too large, one more than there were.
    state.charge_nodes(most - left + usize::from(left == 0))?;
    Ok(read)
}

fn from_yaml(state: &mut RenderState, text: &OriginText) -> CallResult {
    Ok(match read_paid_yaml(state, text)? {
        Ok(map @ TemplateValue::Map(_)) => map,
        Ok(TemplateValue::Nil(_)) => TemplateValue::Map(ValueMap::default()),
        Ok(other) => {
            let message = wrong_type(&other, GO_MAP);
            error_map(state, &format!("error unmarshaling JSON: while decoding JSON: {message}"))
        }
        Err(error) => error_map(state, &format!("error converting YAML to JSON: {}", error.message)),
    })
}

fn from_yaml_array(state: &mut RenderState, text: &OriginText) -> CallResult {
    Ok(match read_paid_yaml(state, text)? {
        Ok(list @ TemplateValue::List(_)) => list,
        Ok(TemplateValue::Nil(_)) => TemplateValue::list(Vec::new()),
        Ok(other) => {
            let message = wrong_type(&other, GO_LIST);
            error_list(state, &format!("error unmarshaling JSON: while decoding JSON: {message}"))
        }
        Err(error) => error_list(state, &format!("error converting YAML to JSON: {}", error.message)),
    })
}

fn from_json(state: &mut RenderState, text: &OriginText) -> CallResult {
    Ok(match read_paid_json(state, text)? {
        Ok(map @ TemplateValue::Map(_)) => map,
        Ok(TemplateValue::Nil(_)) => TemplateValue::Map(ValueMap::default()),
        Ok(other) => error_map(state, &wrong_type(&other, GO_MAP)),
        Err(message) => error_map(state, &message),
    })
}

fn from_json_array(state: &mut RenderState, text: &OriginText) -> CallResult {
    Ok(match read_paid_json(state, text)? {
        Ok(list @ TemplateValue::List(_)) => list,
        Ok(TemplateValue::Nil(_)) => TemplateValue::list(Vec::new()),
        Ok(other) => error_list(state, &wrong_type(&other, GO_LIST)),
        Err(message) => error_list(state, &message),
    })
}

/// How many bytes of TOML a value takes at least.
const TOML_NODE: usize = 2;

fn from_toml(state: &mut RenderState, text: &OriginText) -> CallResult {
    state.charge_nodes(text.len() / TOML_NODE)?;
    let string = text.as_str();
    let inputs = [TemplateValue::Text(text.clone())];
    match string.parse::<toml::Table>() {
        Ok(table) => toml_value(state, &toml::Value::Table(table), &inputs),
        Err(error) => Ok(error_map(state, &format!("toml: {}", error.message()))),
    }
}

fn toml_value(state: &mut RenderState, value: &toml::Value, from: &[TemplateValue]) -> CallResult {
    use crate::template::template_value::IntType;
    Ok(match value {
        toml::Value::String(text) => state.computed(text.as_bytes(), from).into(),
        toml::Value::Integer(number) => {
            let literal = state.computed(number.to_string(), from);
            TemplateValue::Int(*number, IntType::Int64, Some(literal))
        }
        toml::Value::Float(number) => TemplateValue::Float(*number, None),
        toml::Value::Boolean(flag) => TemplateValue::bool(*flag),
        toml::Value::Datetime(date) => state.computed(date.to_string(), from).into(),
        toml::Value::Array(items) => {
            let items = items.iter().map(|item| toml_value(state, item, from));
            TemplateValue::list(items.collect::<Result<Vec<_>, CallError>>()?)
        }
        toml::Value::Table(table) => {
            let map = ValueMap::default();
            for (key, value) in table {
                map.insert(key, toml_value(state, value, from)?);
            }
            TemplateValue::Map(map)
        }
    })
}
