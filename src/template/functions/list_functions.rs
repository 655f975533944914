//! sprig's functions on lists. Lists are never changed: each gives a new one.

use super::argument_access::{any, int, items};
use super::number_convert::to_int;
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::{ListType, ValueList};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::variadic("list", &[], Any, |_, arguments| Ok(TemplateValue::list(arguments.to_vec()))),
    FunctionSpec::variadic("tuple", &[], Any, |_, arguments| Ok(TemplateValue::list(arguments.to_vec()))),
    FunctionSpec::new("append", &[Any, Any], call_append),
    FunctionSpec::new("push", &[Any, Any], call_append),
    FunctionSpec::new("mustAppend", &[Any, Any], call_append),
    FunctionSpec::new("mustPush", &[Any, Any], call_append),
    FunctionSpec::new("prepend", &[Any, Any], call_prepend),
    FunctionSpec::new("mustPrepend", &[Any, Any], call_prepend),
    FunctionSpec::variadic("concat", &[], Any, call_concat),
    FunctionSpec::new("first", &[Any], call_first),
    FunctionSpec::new("mustFirst", &[Any], call_first),
    FunctionSpec::new("last", &[Any], call_last),
    FunctionSpec::new("mustLast", &[Any], call_last),
    FunctionSpec::new("rest", &[Any], call_rest),
    FunctionSpec::new("mustRest", &[Any], call_rest),
    FunctionSpec::new("initial", &[Any], call_initial),
    FunctionSpec::new("mustInitial", &[Any], call_initial),
    FunctionSpec::variadic("slice", &[Any], Any, call_slice),
    FunctionSpec::variadic("mustSlice", &[Any], Any, call_slice),
    FunctionSpec::new("chunk", &[Int, Any], call_chunk),
    FunctionSpec::new("mustChunk", &[Int, Any], call_chunk),
];

fn call_append(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut list = items(&any(arguments, 0), "push")?;
    state.charge_steps(list.len())?;
    list.push(any(arguments, 1));
    Ok(TemplateValue::list(list))
}

fn call_prepend(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut list = items(&any(arguments, 0), "prepend")?;
    state.charge_steps(list.len())?;
    list.insert(0, any(arguments, 1));
    Ok(TemplateValue::list(list))
}

fn call_concat(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut all = Vec::new();
    for list in arguments {
        let list = items(list, "concat")?;
        state.charge_steps(list.len())?;
        all.extend(list);
    }
    Ok(list_or_nil(all))
}

/// What Go gives as a nil slice where there is nothing.
fn list_or_nil(items: Vec<TemplateValue>) -> TemplateValue {
    TemplateValue::List(ValueList::typed_or_nil(ListType::Any, items))
}

fn call_first(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    Ok(items(&any(arguments, 0), "find first")?.into_iter().next().unwrap_or(TemplateValue::NIL))
}

fn call_last(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    Ok(items(&any(arguments, 0), "find last")?.pop().unwrap_or(TemplateValue::NIL))
}

fn call_rest(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let list = items(&any(arguments, 0), "find rest")?;
    if list.is_empty() {
        return Ok(list_or_nil(list));
    }
    Ok(TemplateValue::list(list.into_iter().skip(1).collect()))
}

fn call_initial(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut list = items(&any(arguments, 0), "find initial")?;
    if list.pop().is_none() {
        return Ok(list_or_nil(list));
    }
    Ok(TemplateValue::list(list))
}

fn call_slice(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let value = any(arguments, 0);
    let list = items(&value, "slice")?;
    if list.is_empty() {
        return Ok(TemplateValue::NIL);
    }
    let start = arguments.get(1).map_or(0, to_int);
    let end = arguments.get(2).map_or_else(|| i64::try_from(list.len()).unwrap_or(i64::MAX), to_int);
    let bounds = (usize::try_from(start), usize::try_from(end));
    let (Ok(start), Ok(end)) = bounds else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    let Some(part) = list.get(start..end) else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    let list_type = match value.to_plain() {
        TemplateValue::List(list) => list.list_type(),
        _ => ListType::Any,
    };
    Ok(TemplateValue::List(ValueList::typed(list_type, part.to_vec())))
}

fn call_chunk(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let list = items(&any(arguments, 1), "chunk")?;
    let size = usize::try_from(int(arguments, 0)).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| CallError::new("runtime error: integer divide by zero"))?;
    state.charge_values(list.len() / size)?;
    state.charge_bytes_of::<TemplateValue>(list.len())?;
    let chunks = list.chunks(size).map(|chunk| TemplateValue::list(chunk.to_vec())).collect();
    Ok(TemplateValue::List(ValueList::typed(ListType::Lists, chunks)))
}
