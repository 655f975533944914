//! Comparisons: Go's `eq` and `lt` with their refusals, and its deep equality.

use std::cmp::Ordering;

use super::template_value::{GoKind, IntType, TemplateValue};

const MAX_DEPTH: usize = 400;

fn is_basic(kind: GoKind) -> bool {
    matches!(kind, GoKind::Bool | GoKind::Int | GoKind::Float | GoKind::String)
}

/// The template function `eq` for two values.
pub(super) fn compare_equal(one: &TemplateValue, other: &TemplateValue) -> Result<bool, String> {
    let (a, b) = (one.kind(), other.kind());
    match (is_basic(a), is_basic(b)) {
        (true, true) if a == b => Ok(deep_equal_scalar(one, other)),
        (true, true) => Err("incompatible types for comparison".to_owned()),
        (true, false) | (false, true) if one.is_nil() || other.is_nil() => Ok(false),
        (true, false) | (false, true) => Err("incompatible types for comparison".to_owned()),
        (false, false) if one.is_nil() || other.is_nil() => Ok(one.is_nil() && other.is_nil()),
        (false, false) => {
            let (a, b) = (one.type_name(), other.type_name());
            Err(format!("non-comparable types {a}, {b}"))
        }
    }
}

/// Both of one kind: numbers by value whatever their type, texts by bytes.
fn deep_equal_scalar(one: &TemplateValue, other: &TemplateValue) -> bool {
    match (one, other) {
        (TemplateValue::Bool(a, _), TemplateValue::Bool(b, _)) => a == b,
        (TemplateValue::Int(a, ..), TemplateValue::Int(b, ..)) => a == b,
        (TemplateValue::Float(a, _), TemplateValue::Float(b, _)) => a == b,
        (TemplateValue::Text(a), TemplateValue::Text(b)) => a == b,
        _ => false,
    }
}

/// The order of two values for `lt` and its kin.
pub(super) fn compare_order(one: &TemplateValue, other: &TemplateValue) -> Result<Option<Ordering>, String> {
    if !is_basic(one.kind()) || !is_basic(other.kind()) {
        return Err("invalid type for comparison".to_owned());
    }
    match (one, other) {
        (TemplateValue::Int(a, a_type, _), TemplateValue::Int(b, b_type, _)) => {
            let wide = |value: i64, int_type: IntType| match int_type {
                IntType::Uint64 => i128::from(value as u64),
                _ => i128::from(value),
            };
            Ok(Some(wide(*a, *a_type).cmp(&wide(*b, *b_type))))
        }
        (TemplateValue::Float(a, _), TemplateValue::Float(b, _)) => Ok(a.partial_cmp(b)),
        (TemplateValue::Text(a), TemplateValue::Text(b)) => Ok(Some(a.bytes().cmp(b.bytes()))),
        (TemplateValue::Bool(..), TemplateValue::Bool(..)) => Err("invalid type for comparison".to_owned()),
        _ => Err("incompatible types for comparison".to_owned()),
    }
}

/// Go's `reflect.DeepEqual`: types must be alike too. Each node is taken off `left`, and nothing more is equal without.
pub(super) fn deep_equal(one: &TemplateValue, other: &TemplateValue, left: &mut usize) -> bool {
    equal_nested(one, other, 0, left)
}

fn equal_nested(one: &TemplateValue, other: &TemplateValue, depth: usize, left: &mut usize) -> bool {
    if depth > MAX_DEPTH || *left == 0 || one.type_name() != other.type_name() {
        return false;
    }
    *left -= 1;
    match (one, other) {
        (TemplateValue::Nil(_), TemplateValue::Nil(_)) => true,
        (TemplateValue::Bytes(a), TemplateValue::Bytes(b)) => a == b,
        (TemplateValue::List(a), TemplateValue::List(b)) => {
            a.is_same(b)
                || (a.len() == b.len()
                    && a.items().iter().zip(b.items()).all(|(a, b)| equal_nested(a, b, depth + 1, left)))
        }
        (TemplateValue::Map(a), TemplateValue::Map(b)) => {
            a.is_same(b)
                || (a.len() == b.len()
                    && a.entries().iter().all(|(key, entry)| {
                        b.get(key).is_some_and(|value| equal_nested(&entry.value, &value, depth + 1, left))
                    }))
        }
        (TemplateValue::Object(a), TemplateValue::Object(b)) => a.is_same(b) || a.print() == b.print(),
        _ => deep_equal_scalar(one, other),
    }
}

/// What sprig calls empty: zero, false, no length, nothing.
pub(super) fn is_empty_value(value: &TemplateValue) -> bool {
    !value.is_true()
}
