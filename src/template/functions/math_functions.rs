//! sprig's arithmetic.

use super::argument_access::{any, int};
use super::decimal_number::{DecimalOperation, apply_decimal};
use super::number_convert::{to_float, to_int};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::go_number::format_float;
use crate::template::render_state::RenderState;
use crate::template::template_value::{IntType, TemplateValue};
use crate::template::value_collection::{ListType, ValueList};

/// How long a list of numbers may be.
const MAX_SERIES: i64 = 1_000_000;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("add1", &[Any], |state, arguments| fold_ints(state, arguments, 1, i64::wrapping_add)),
    FunctionSpec::variadic("add", &[], Any, |state, arguments| {
        fold_ints(state, arguments, 0, i64::wrapping_add)
    }),
    FunctionSpec::new("sub", &[Any, Any], |state, arguments| {
        pair_ints(state, arguments, |a, b| Some(a.wrapping_sub(b)))
    }),
    FunctionSpec::new("div", &[Any, Any], |state, arguments| pair_ints(state, arguments, divide)),
    FunctionSpec::new("mod", &[Any, Any], |state, arguments| pair_ints(state, arguments, remainder)),
    FunctionSpec::variadic("mul", &[Any], Any, |state, arguments| {
        fold_ints(state, arguments, 1, i64::wrapping_mul)
    }),
    FunctionSpec::variadic("max", &[Any], Any, |state, arguments| {
        fold_ints(state, arguments, i64::MIN, i64::max)
    }),
    FunctionSpec::variadic("biggest", &[Any], Any, |state, arguments| {
        fold_ints(state, arguments, i64::MIN, i64::max)
    }),
    FunctionSpec::variadic("min", &[Any], Any, |state, arguments| {
        fold_ints(state, arguments, i64::MAX, i64::min)
    }),
    FunctionSpec::variadic("maxf", &[Any], Any, |state, arguments| fold_floats(state, arguments, f64::max)),
    FunctionSpec::variadic("minf", &[Any], Any, |state, arguments| fold_floats(state, arguments, f64::min)),
    FunctionSpec::new("add1f", &[Any], |state, arguments| {
        let values = [any(arguments, 0), TemplateValue::Float(1.0, None)];
        decimal(state, &values, DecimalOperation::Add)
    }),
    FunctionSpec::variadic("addf", &[], Any, |state, arguments| {
        let mut values = vec![TemplateValue::Float(0.0, None)];
        values.extend_from_slice(arguments);
        decimal(state, &values, DecimalOperation::Add)
    }),
    FunctionSpec::variadic("subf", &[Any], Any, |state, arguments| {
        decimal(state, arguments, DecimalOperation::Subtract)
    }),
    FunctionSpec::variadic("mulf", &[Any], Any, |state, arguments| {
        decimal(state, arguments, DecimalOperation::Multiply)
    }),
    FunctionSpec::variadic("divf", &[Any], Any, |state, arguments| {
        decimal(state, arguments, DecimalOperation::Divide)
    }),
    FunctionSpec::new("floor", &[Any], |state, arguments| {
        Ok(float(state, to_float(&any(arguments, 0)).floor(), arguments))
    }),
    FunctionSpec::new("ceil", &[Any], |state, arguments| {
        Ok(float(state, to_float(&any(arguments, 0)).ceil(), arguments))
    }),
    FunctionSpec::variadic("round", &[Any, Int], Float, call_round),
    FunctionSpec::new("until", &[Int], |_, arguments| {
        let stop = int(arguments, 0);
        series(0, stop, if stop < 0 { -1 } else { 1 }).map(ints)
    }),
    FunctionSpec::new("untilStep", &[Int, Int, Int], |_, arguments| {
        series(int(arguments, 0), int(arguments, 1), int(arguments, 2)).map(ints)
    }),
    FunctionSpec::variadic("seq", &[], Int, call_seq),
];

/// A whole number of type `int64` that these values went into.
fn whole(state: &mut RenderState, value: i64, from: &[TemplateValue]) -> TemplateValue {
    let literal = state.computed(value.to_string(), from);
    TemplateValue::Int(value, IntType::Int64, Some(literal))
}

fn float(state: &mut RenderState, value: f64, from: &[TemplateValue]) -> TemplateValue {
    let literal = state.computed(format_float(value), from);
    TemplateValue::Float(value, Some(literal))
}

fn fold_ints(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    start: i64,
    fold: fn(i64, i64) -> i64,
) -> CallResult {
    let value = arguments.iter().map(to_int).fold(start, fold);
    Ok(whole(state, value, arguments))
}

fn pair_ints(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    apply: fn(i64, i64) -> Option<i64>,
) -> CallResult {
    match apply(to_int(&any(arguments, 0)), to_int(&any(arguments, 1))) {
        Some(value) => Ok(whole(state, value, arguments)),
        None => Err("runtime error: integer divide by zero".into()),
    }
}

fn divide(a: i64, b: i64) -> Option<i64> {
    if b == 0 { None } else { Some(a.wrapping_div(b)) }
}

fn remainder(a: i64, b: i64) -> Option<i64> {
    if b == 0 { None } else { Some(a.wrapping_rem(b)) }
}

fn fold_floats(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    fold: fn(f64, f64) -> f64,
) -> CallResult {
    let value = arguments.iter().map(to_float).reduce(fold).unwrap_or(0.0);
    Ok(float(state, value, arguments))
}

fn decimal(state: &mut RenderState, arguments: &[TemplateValue], operation: DecimalOperation) -> CallResult {
    let mut values = arguments.iter().map(to_float);
    let first = values.next().unwrap_or(0.0);
    let mut result = first;
    for value in values {
        result =
            apply_decimal(operation, result, value).ok_or_else(|| CallError::new("decimal division by 0"))?;
    }
    Ok(float(state, result, arguments))
}

fn call_round(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let limit = match arguments.get(2) {
        Some(TemplateValue::Float(limit, _)) => *limit,
        _ => 0.5,
    };
    let places = i32::try_from(int(arguments, 1)).unwrap_or(0);
    let power = 10_f64.powi(places);
    let digits = power * to_float(&any(arguments, 0));
    let rounded = if digits.fract() >= limit { digits.ceil() } else { digits.floor() };
    Ok(float(state, rounded / power, arguments))
}

fn series(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, CallError> {
    if step == 0 || (stop > start && step < 0) || (stop < start && step > 0) {
        return Ok(Vec::new());
    }
    let count = (i128::from(stop) - i128::from(start)) / i128::from(step);
    if count > i128::from(MAX_SERIES) {
        return Err(format!("a list of more than {MAX_SERIES} numbers is refused").into());
    }
    let mut values = Vec::new();
    let mut value = start;
    while (step > 0 && value < stop) || (step < 0 && value > stop) {
        values.push(value);
        let Some(next) = value.checked_add(step) else { break };
        value = next;
    }
    Ok(values)
}

fn ints(values: Vec<i64>) -> TemplateValue {
    TemplateValue::List(ValueList::typed(
        ListType::Ints,
        values.into_iter().map(TemplateValue::int).collect(),
    ))
}

fn call_seq(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (start, step, stop) = match arguments.len() {
        0 => return Ok(state.plain_text("").into()),
        1 => (1, None, int(arguments, 0)),
        2 => (int(arguments, 0), None, int(arguments, 1)),
        3 => (int(arguments, 0), Some(int(arguments, 1)), int(arguments, 2)),
        _ => return Ok(state.plain_text("").into()),
    };
    let down = stop < start;
    let step = step.unwrap_or(if down { -1 } else { 1 });
    if down && step > 0 {
        return Ok(state.plain_text("").into());
    }
    let values = series(start, if down { stop.saturating_sub(1) } else { stop.saturating_add(1) }, step)?;
    let texts: Vec<String> = values.iter().map(i64::to_string).collect();
    Ok(state.computed(texts.join(" "), arguments).into())
}
