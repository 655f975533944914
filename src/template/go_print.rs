//! Values as Go's `%v` prints them, with the origin of every scalar that is printed as it is written.

use super::go_number::format_float;
use super::origin_table::ComputedId;
use super::origin_text::{MAX_TEXT, OriginText, TextBuilder};
use super::template_value::{LiteralText, TemplateValue};

/// How deep printed values may be nested; a map that holds itself has no end.
const MAX_PRINT_DEPTH: usize = 200;

/// Adds a value as `%v` prints it. What is printed but not written anywhere is `glue`.
pub(super) fn push_value(builder: &mut TextBuilder, value: &TemplateValue, glue: ComputedId) {
    push_nested(builder, value, glue, 0);
}

/// A value as `%v` prints it, without origins.
pub(super) fn print_plain(value: &TemplateValue, glue: ComputedId) -> OriginText {
    let mut builder = TextBuilder::default();
    push_value(&mut builder, value, glue);
    builder.finish()
}

/// Adds a scalar's text: as it is written, if that reads the same.
pub(super) fn push_scalar(builder: &mut TextBuilder, text: &str, literal: &LiteralText, glue: ComputedId) {
    match literal {
        Some(written) if written.bytes() == text.as_bytes() => builder.push_text(written),
        _ => builder.push_computed(text, glue),
    }
}

/// The text of a scalar that is no string; none for all else.
pub(super) fn scalar_text(value: &TemplateValue) -> Option<String> {
    Some(match value {
        TemplateValue::Bool(value, _) => value.to_string(),
        TemplateValue::Int(value, super::template_value::IntType::Uint64, _) => (*value as u64).to_string(),
        TemplateValue::Int(value, ..) => value.to_string(),
        TemplateValue::Float(value, _) => format_float(*value),
        _ => return None,
    })
}

fn push_nested(builder: &mut TextBuilder, value: &TemplateValue, glue: ComputedId, depth: usize) {
    if depth > MAX_PRINT_DEPTH || builder.len() >= MAX_TEXT {
        return;
    }
    match value {
        TemplateValue::Nil(_) => builder.push_computed("<nil>", glue),
        TemplateValue::Text(text) => builder.push_text(text),
        TemplateValue::Bytes(bytes) => {
            let numbers: Vec<String> = bytes.bytes().iter().map(u8::to_string).collect();
            builder.push_computed(format!("[{}]", numbers.join(" ")), glue);
        }
        TemplateValue::List(list) => {
            builder.push_computed("[", glue);
            for (index, item) in list.items().iter().enumerate() {
                if index > 0 {
                    builder.push_computed(" ", glue);
                }
                push_nested(builder, item, glue, depth + 1);
            }
            builder.push_computed("]", glue);
        }
        TemplateValue::Map(map) => {
            builder.push_computed("map[", glue);
            for (index, (key, entry)) in map.entries().iter().enumerate() {
                if index > 0 {
                    builder.push_computed(" ", glue);
                }
                push_scalar(builder, key, &entry.key_text, glue);
                builder.push_computed(":", glue);
                push_nested(builder, &entry.value, glue, depth + 1);
            }
            builder.push_computed("]", glue);
        }
        TemplateValue::Object(object) => builder.push_computed(object.print(), glue),
        scalar => push_scalar(builder, &scalar_text(scalar).unwrap_or_default(), &scalar.literal(), glue),
    }
}
