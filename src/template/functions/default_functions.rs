//! sprig's functions for what is missing or empty.

use super::argument_access::{any, flag, items};
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::value_compare::is_empty_value;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::variadic("default", &[Any], Any, |_, arguments| match arguments.get(1) {
        Some(value) if !is_empty_value(value) => Ok(value.clone()),
        _ => Ok(any(arguments, 0)),
    }),
    FunctionSpec::new("empty", &[Any], |_, arguments| {
        Ok(TemplateValue::bool(is_empty_value(&any(arguments, 0))))
    }),
    FunctionSpec::variadic("coalesce", &[], Any, |_, arguments| {
        Ok(arguments.iter().find(|value| !is_empty_value(value)).cloned().unwrap_or(TemplateValue::NIL))
    }),
    FunctionSpec::variadic("all", &[], Any, |_, arguments| {
        Ok(TemplateValue::bool(!arguments.iter().any(is_empty_value)))
    }),
    FunctionSpec::variadic("any", &[], Any, |_, arguments| {
        Ok(TemplateValue::bool(arguments.iter().any(|value| !is_empty_value(value))))
    }),
    FunctionSpec::new("ternary", &[Any, Any, Bool], |_, arguments| {
        Ok(any(arguments, if flag(arguments, 2) { 0 } else { 1 }))
    }),
    FunctionSpec::new("compact", &[Any], call_compact),
    FunctionSpec::new("mustCompact", &[Any], call_compact),
];

fn call_compact(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let kept = items(&any(arguments, 0), "compact")?;
    Ok(TemplateValue::list(kept.into_iter().filter(|item| !is_empty_value(item)).collect()))
}
