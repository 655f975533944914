//! sprig's functions on maps. `set` and `unset` change the map for everybody who holds it.

use super::argument_access::{any, map, text};
use super::split_functions::strings;
use super::text_functions::to_text;
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::OriginText;
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::{MapEntry, MapType, ValueMap};
use crate::template::value_copy::deep_copy;

/// How many nodes a copied value may have.
const MAX_COPY: usize = 1_000_000;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::variadic("dict", &[], Any, call_dict),
    FunctionSpec::new("get", &[Map, Text], |state, arguments| {
        match map(arguments, 0).get(&text(arguments, 1).as_str()) {
            Some(value) => Ok(value),
            None => Ok(state.plain_text("").into()),
        }
    }),
    FunctionSpec::new("set", &[Map, Text, Any], call_set),
    FunctionSpec::new("unset", &[Map, Text], |state, arguments| {
        let own = map(arguments, 0);
        own.remove(&text(arguments, 1).as_str());
        state.note_mutation(&own);
        Ok(TemplateValue::Map(own))
    }),
    FunctionSpec::new("hasKey", &[Map, Text], |_, arguments| {
        Ok(TemplateValue::bool(map(arguments, 0).contains(&text(arguments, 1).as_str())))
    }),
    FunctionSpec::variadic("pluck", &[Text], Map, |_, arguments| {
        let key = text(arguments, 0);
        let found = (1..arguments.len()).filter_map(|index| map(arguments, index).get(&key.as_str()));
        Ok(TemplateValue::list(found.collect()))
    }),
    FunctionSpec::variadic("keys", &[], Map, call_keys),
    FunctionSpec::new("values", &[Map], |_, arguments| {
        Ok(TemplateValue::list(
            map(arguments, 0).entries().into_iter().map(|(_, entry)| entry.value).collect(),
        ))
    }),
    FunctionSpec::variadic("pick", &[Map], Text, |state, arguments| select(state, arguments, true)),
    FunctionSpec::variadic("omit", &[Map], Text, |state, arguments| select(state, arguments, false)),
    FunctionSpec::variadic("dig", &[], Any, call_dig),
    FunctionSpec::new("deepCopy", &[Any], call_deep_copy),
    FunctionSpec::new("mustDeepCopy", &[Any], call_deep_copy),
];

fn call_dict(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let own = ValueMap::default();
    state.charge_map(arguments.len().div_ceil(2))?;
    for pair in arguments.chunks(2) {
        let Some(key) = pair.first() else { continue };
        let key = to_text(state, key);
        let value = match pair.get(1) {
            Some(value) => value.clone(),
            None => TemplateValue::Text(OriginText::default()),
        };
        own.insert_entry(key.as_str().as_ref().into(), MapEntry { key_text: Some(key), value });
    }
    Ok(TemplateValue::Map(own))
}

fn call_set(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let Some(TemplateValue::Map(own)) = arguments.first() else {
        return Err("assignment to entry in nil map".into());
    };
    let key = text(arguments, 1);
    match own.contains(&key.as_str()) {
        true => own.insert(&key.as_str(), any(arguments, 2)),
        false => {
            state.charge_bytes(key.len())?;
            state.charge_values(1)?;
            let entry = MapEntry { key_text: Some(key.clone()), value: any(arguments, 2) };
            own.insert_entry(key.as_str().as_ref().into(), entry);
        }
    }
    state.note_mutation(own);
    Ok(TemplateValue::Map(own.clone()))
}

fn call_keys(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut keys = Vec::new();
    for index in 0..arguments.len() {
        state.charge_values(map(arguments, index).len())?;
        for (key, entry) in map(arguments, index).entries() {
            keys.push(match entry.key_text {
                Some(text) if text.bytes() == key.as_bytes() => text,
                _ => state.plain_text(&key),
            });
        }
    }
    Ok(strings(keys))
}

/// The entries whose keys are named, or those whose keys are not.
fn select(state: &mut RenderState, arguments: &[TemplateValue], named: bool) -> CallResult {
    let own = ValueMap::default();
    let names: Vec<OriginText> = (1..arguments.len()).map(|index| text(arguments, index)).collect();
    for (key, entry) in map(arguments, 0).entries() {
        if names.iter().any(|name| name.bytes() == key.as_bytes()) == named {
            own.insert_entry(key, entry);
        }
    }
    state.charge_map(own.len())?;
    Ok(TemplateValue::Map(own))
}

/// `dig "a" "b" default map`
fn call_dig(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let [keys @ .., default, own] = arguments else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    if let Some(key) = keys.iter().find(|key| !matches!(key, TemplateValue::Text(_))) {
        return Err(format!("interface conversion: interface {{}} is {}, not string", key.type_name()).into());
    }
    let mut value = own.clone();
    for key in keys {
        let own = match &value {
            TemplateValue::Map(map) if map.map_type() == MapType::Any => map,
            _ => return Err(no_plain_map(&value)),
        };
        let TemplateValue::Text(key) = key else { continue };
        match own.get(&key.as_str()) {
            Some(next) => value = next,
            None => return Ok(default.clone()),
        }
    }
    Ok(value)
}

/// Go's refusal of what is no plain map, as the values themselves are none.
fn no_plain_map(value: &TemplateValue) -> CallError {
    let found = if value.is_nil() { "nil" } else { value.type_name() };
    let wish = MapType::Any.name();
    format!("interface conversion: interface {{}} is {found}, not {wish}").into()
}

fn call_deep_copy(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let value = any(arguments, 0);
    if value.is_nil() {
        return Err("runtime error: invalid memory address or nil pointer dereference".into());
    }
    let most = MAX_COPY.min(state.nodes_left());
    let mut left = most;
    let copy = deep_copy(&value, &mut left);
    state.charge_nodes(most - left + usize::from(copy.is_none() && left == 0))?;
    let copy = copy.ok_or_else(|| CallError::new("the value is too large to copy"))?;
    Ok(copy)
}
