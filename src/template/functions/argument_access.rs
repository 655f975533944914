//! Arguments as their types, which were checked before the call.

use crate::template::call_error::CallError;
use crate::template::origin_text::OriginText;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;

pub(super) fn any(arguments: &[TemplateValue], index: usize) -> TemplateValue {
    arguments.get(index).cloned().unwrap_or(TemplateValue::NIL)
}

pub(super) fn text(arguments: &[TemplateValue], index: usize) -> OriginText {
    match arguments.get(index) {
        Some(TemplateValue::Text(text)) => text.clone(),
        _ => OriginText::default(),
    }
}

pub(super) fn int(arguments: &[TemplateValue], index: usize) -> i64 {
    match arguments.get(index) {
        Some(TemplateValue::Int(value, ..)) => *value,
        _ => 0,
    }
}

pub(super) fn flag(arguments: &[TemplateValue], index: usize) -> bool {
    matches!(arguments.get(index), Some(TemplateValue::Bool(true, _)))
}

/// The map, or a new empty one where Go has a nil map, which reads the same.
pub(super) fn map(arguments: &[TemplateValue], index: usize) -> ValueMap {
    match arguments.get(index) {
        Some(TemplateValue::Map(map)) => map.clone(),
        _ => ValueMap::default(),
    }
}

/// The items of a list, or the refusal that sprig's list functions have for all else.
pub(super) fn items(value: &TemplateValue, verb: &str) -> Result<Vec<TemplateValue>, CallError> {
    match value.to_plain() {
        TemplateValue::List(list) => Ok(list.items().to_vec()),
        TemplateValue::Bytes(bytes) => {
            let uint = crate::template::template_value::IntType::Uint8;
            Ok(bytes.bytes().iter().map(|byte| TemplateValue::Int(i64::from(*byte), uint, None)).collect())
        }
        TemplateValue::Nil(_) => {
            Err("runtime error: invalid memory address or nil pointer dereference".into())
        }
        other => Err(format!("Cannot {verb} on type {}", other.kind_name()).into()),
    }
}
