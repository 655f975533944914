//! sprig's functions on lists that compare or reorder items.

use super::argument_access::{any, items};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("reverse", &[Any], call_reverse),
    FunctionSpec::new("mustReverse", &[Any], call_reverse),
    FunctionSpec::new("uniq", &[Any], call_uniq),
    FunctionSpec::new("mustUniq", &[Any], call_uniq),
    FunctionSpec::variadic("without", &[Any], Any, call_without),
    FunctionSpec::variadic("mustWithout", &[Any], Any, call_without),
    FunctionSpec::new("has", &[Any, Any], call_has),
    FunctionSpec::new("mustHas", &[Any, Any], call_has),
];

fn call_reverse(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut list = items(&any(arguments, 0), "find reverse")?;
    list.reverse();
    Ok(TemplateValue::list(list))
}

fn contains_equal(
    state: &mut RenderState,
    list: &[TemplateValue],
    item: &TemplateValue,
) -> Result<bool, CallError> {
    for own in list {
        if state.values_equal(own, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn call_uniq(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let mut kept: Vec<TemplateValue> = Vec::new();
    for item in items(&any(arguments, 0), "find uniq")? {
        if !contains_equal(state, &kept, &item)? {
            kept.push(item);
        }
    }
    Ok(TemplateValue::list(kept))
}

fn call_without(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let dropped = arguments.get(1..).unwrap_or_default();
    let list = items(&any(arguments, 0), "find without")?;
    let mut kept = Vec::new();
    for item in list {
        if !contains_equal(state, dropped, &item)? {
            kept.push(item);
        }
    }
    Ok(TemplateValue::list(kept))
}

fn call_has(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (needle, haystack) = (any(arguments, 0), any(arguments, 1));
    if haystack.is_nil() {
        return Ok(TemplateValue::bool(false));
    }
    let list = items(&haystack, "find has")?;
    Ok(TemplateValue::bool(contains_equal(state, &list, &needle)?))
}
