//! Go's own functions: comparisons, `index`, `len`, `print` and escapes.

use std::cmp::Ordering;

use super::argument_access::{any, text};
use crate::template::function_spec::{CallResult, ExecutorFunction, FunctionSpec, ParamType::*};
use crate::template::go_format::{format_text, print_line, print_operands};
use crate::template::go_quote::is_go_printable;
use crate::template::origin_text::{OriginText, TextBuilder};
use crate::template::render_state::RenderState;
use crate::template::template_value::{IntType, NilKind, TemplateValue};
use crate::template::text_edit::{EscapedUnit, push_escaped};
use crate::template::value_compare::{compare_equal, compare_order};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::executor("and", &[Any], Some(Any), ExecutorFunction::Connective { stops_at: false }),
    FunctionSpec::executor("or", &[Any], Some(Any), ExecutorFunction::Connective { stops_at: true }),
    FunctionSpec::new("not", &[Any], |_, arguments| Ok(TemplateValue::bool(!any(arguments, 0).is_true()))),
    FunctionSpec::variadic("eq", &[Any], Any, call_eq),
    FunctionSpec::new("ne", &[Any, Any], |_, arguments| {
        Ok(TemplateValue::bool(!compare_equal(&any(arguments, 0), &any(arguments, 1))?))
    }),
    FunctionSpec::new("lt", &[Any, Any], |_, arguments| order(arguments, |found| found == Ordering::Less)),
    FunctionSpec::new("le", &[Any, Any], |_, arguments| order(arguments, |found| found != Ordering::Greater)),
    FunctionSpec::new("gt", &[Any, Any], |_, arguments| order(arguments, |found| found == Ordering::Greater)),
    FunctionSpec::new("ge", &[Any, Any], |_, arguments| order(arguments, |found| found != Ordering::Less)),
    FunctionSpec::variadic("index", &[Any], Any, |_, arguments| call_index(arguments)),
    FunctionSpec::new("len", &[Any], |_, arguments| call_len(&any(arguments, 0))),
    FunctionSpec::variadic("print", &[], Any, |state, arguments| {
        let glue = state.glue_from(arguments);
        Ok(print_operands(arguments, glue).into())
    }),
    FunctionSpec::variadic("println", &[], Any, |state, arguments| {
        let glue = state.glue_from(arguments);
        Ok(print_line(arguments, glue).into())
    }),
    FunctionSpec::variadic("printf", &[Text], Any, |state, arguments| {
        let operands = arguments.get(1..).unwrap_or_default();
        let glue = state.glue_from(operands);
        Ok(format_text(&text(arguments, 0), operands, glue).into())
    }),
    FunctionSpec::variadic("html", &[], Any, |state, arguments| {
        Ok(escape_with(state, arguments, escape_html))
    }),
    FunctionSpec::variadic("js", &[], Any, |state, arguments| Ok(escape_with(state, arguments, escape_js))),
    FunctionSpec::variadic("urlquery", &[], Any, |state, arguments| {
        Ok(escape_with(state, arguments, super::url_functions::escape_query))
    }),
    FunctionSpec::variadic("call", &[Any], Any, |_, _| Err("call of non-function".into())),
];

fn call_eq(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let Some((first, others)) = arguments.split_first() else {
        return Err("missing argument for comparison".into());
    };
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in others {
        if compare_equal(first, other)? {
            return Ok(TemplateValue::bool(true));
        }
    }
    Ok(TemplateValue::bool(false))
}

fn order(arguments: &[TemplateValue], fits: impl Fn(Ordering) -> bool) -> CallResult {
    // What cannot be ordered, a NaN, is neither less nor greater; Go's `gt` is "not less or equal".
    let found = compare_order(&any(arguments, 0), &any(arguments, 1))?;
    Ok(TemplateValue::bool(found.is_some_and(fits)))
}

fn call_len(value: &TemplateValue) -> CallResult {
    let length = match value.to_plain() {
        TemplateValue::Text(text) | TemplateValue::Bytes(text) => text.len(),
        TemplateValue::List(list) => list.len(),
        TemplateValue::Map(map) => map.len(),
        TemplateValue::Nil(_) => return Err("len of nil pointer".into()),
        other => return Err(format!("len of type {}", other.type_name()).into()),
    };
    Ok(TemplateValue::int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn call_index(arguments: &[TemplateValue]) -> CallResult {
    let mut item = any(arguments, 0);
    if item.is_nil() {
        return Err("index of untyped nil".into());
    }
    for index in arguments.get(1..).unwrap_or_default() {
        item = match item.to_plain() {
            TemplateValue::Nil(_) => return Err("index of nil pointer".into()),
            TemplateValue::List(list) => {
                let at = index_of(index, list.len())?;
                list.items().get(at).cloned().unwrap_or(TemplateValue::NIL)
            }
            TemplateValue::Text(text) | TemplateValue::Bytes(text) => {
                let at = index_of(index, text.len())?;
                let byte = text.bytes().get(at).copied().unwrap_or(0);
                TemplateValue::Int(i64::from(byte), IntType::Uint8, None)
            }
            TemplateValue::Map(map) => match index {
                TemplateValue::Text(key) => {
                    map.get(&key.as_str()).unwrap_or_else(|| map.map_type().missing())
                }
                TemplateValue::Nil(_) => return Err("value is nil; should be of type string".into()),
                other => return Err(format!("value has type {}; should be string", other.type_name()).into()),
            },
            other => return Err(format!("can't index item of type {}", other.type_name()).into()),
        };
    }
    Ok(if item.is_nil() { TemplateValue::Nil(NilKind::Interface) } else { item })
}

fn index_of(index: &TemplateValue, length: usize) -> Result<usize, String> {
    match index {
        TemplateValue::Int(value, ..) => usize::try_from(*value)
            .ok()
            .filter(|at| *at < length)
            .ok_or_else(|| format!("index out of range: {value}")),
        TemplateValue::Nil(_) => Err("cannot index slice/array with nil".to_owned()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name())),
    }
}

fn escape_with(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    escape: fn(EscapedUnit) -> Option<String>,
) -> TemplateValue {
    let glue = state.glue_from(arguments);
    let operand = match arguments {
        [TemplateValue::Text(only)] => only.clone(),
        _ => {
            let printable = arguments.iter().map(|argument| match argument {
                TemplateValue::Nil(_) => OriginText::from_computed(glue, "<no value>").into(),
                other => other.clone(),
            });
            print_operands(&printable.collect::<Vec<TemplateValue>>(), glue)
        }
    };
    let mut builder = TextBuilder::default();
    push_escaped(&mut builder, &operand, glue, escape);
    builder.finish().into()
}

fn escape_html(unit: EscapedUnit) -> Option<String> {
    let EscapedUnit::Char(char) = unit else { return None };
    Some(
        match char {
            '\0' => "\u{fffd}",
            '"' => "&#34;",
            '\'' => "&#39;",
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => return None,
        }
        .to_owned(),
    )
}

fn escape_js(unit: EscapedUnit) -> Option<String> {
    let EscapedUnit::Char(char) = unit else { return None };
    Some(match char {
        '\\' => "\\\\".to_owned(),
        '\'' => "\\'".to_owned(),
        '"' => "\\\"".to_owned(),
        '<' | '>' | '&' | '=' => format!("\\u{:04X}", u32::from(char)),
        char if !is_go_printable(char) => format!("\\u{:04X}", u32::from(char)),
        _ => return None,
    })
}
