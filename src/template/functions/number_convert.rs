//! Conversions to numbers as the `cast` package does them.

use super::argument_access::{any, text};
use crate::template::function_spec::{FunctionSpec, ParamType::*};
use crate::template::go_number::float_to_int;
use crate::template::number_lexer::{parse_float, parse_int};
use crate::template::template_value::{IntType, TemplateValue};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("int", &[Any], |_, arguments| {
        let value = any(arguments, 0);
        Ok(TemplateValue::Int(to_int(&value), IntType::Int, value.literal()))
    }),
    FunctionSpec::new("int64", &[Any], |_, arguments| {
        let value = any(arguments, 0);
        Ok(TemplateValue::Int(to_int(&value), IntType::Int64, value.literal()))
    }),
    FunctionSpec::new("float64", &[Any], |_, arguments| {
        let value = any(arguments, 0);
        Ok(TemplateValue::Float(to_float(&value), value.literal()))
    }),
    FunctionSpec::new("atoi", &[Text], |_, arguments| {
        let value = text(arguments, 0);
        let number = value.as_str().parse::<i64>().unwrap_or(0);
        Ok(TemplateValue::Int(number, IntType::Int, Some(value)))
    }),
    FunctionSpec::new("toDecimal", &[Any], |state, arguments| {
        let value = any(arguments, 0);
        let glue = state.glue();
        let digits = crate::template::format_verb::print_value(&value, glue);
        let number = i64::from_str_radix(&digits.as_str(), 8).unwrap_or(0);
        Ok(TemplateValue::Int(number, IntType::Int64, value.literal()))
    }),
];

pub(super) fn to_int(value: &TemplateValue) -> i64 {
    match value {
        TemplateValue::Bool(flag, _) => i64::from(*flag),
        TemplateValue::Int(number, ..) => *number,
        TemplateValue::Float(number, _) => float_to_int(*number),
        TemplateValue::Text(text) => parse_int(trim_zero_decimal(&text.as_str())).unwrap_or(0),
        _ => 0,
    }
}

pub(super) fn to_float(value: &TemplateValue) -> f64 {
    match value {
        TemplateValue::Bool(flag, _) => f64::from(u8::from(*flag)),
        TemplateValue::Int(number, ..) => *number as f64,
        TemplateValue::Float(number, _) => *number,
        TemplateValue::Text(text) => parse_float(&text.as_str()).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// `1.00` without its point and noughts.
fn trim_zero_decimal(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte == b'0') && !part.is_empty() => whole,
        _ => text,
    }
}
