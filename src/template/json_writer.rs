//! Writes JSON as Go's encoder does, each scalar with its origin.

use super::call_error::CallError;
use super::go_number::format_json_float;
use super::go_print::{push_scalar, scalar_text};
use super::origin_table::ComputedId;
use super::origin_text::{MAX_TEXT, OriginText, TextBuilder};
use super::template_value::TemplateValue;
use super::text_edit::{EscapedUnit, push_escaped};

const MAX_DEPTH: usize = 400;

/// How JSON is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct JsonStyle {
    /// `<`, `>` and `&` as they are.
    pub raw: bool,
    /// An entry a line, two spaces a level.
    pub pretty: bool,
}

pub(super) fn write_json(
    value: &TemplateValue,
    style: JsonStyle,
    glue: ComputedId,
) -> Result<OriginText, CallError> {
    let mut writer = JsonWriter { builder: TextBuilder::default(), style, glue };
    writer.write(value, 0)?;
    Ok(writer.builder.finish())
}

struct JsonWriter {
    builder: TextBuilder,
    style: JsonStyle,
    glue: ComputedId,
}

impl JsonWriter {
    fn put(&mut self, text: &str) {
        self.builder.push_computed(text, self.glue);
    }

    fn put_line(&mut self, depth: usize) {
        if self.style.pretty {
            self.put(&format!("\n{}", "  ".repeat(depth)));
        }
    }

    fn write(&mut self, value: &TemplateValue, depth: usize) -> Result<(), CallError> {
        if depth > MAX_DEPTH || self.builder.len() >= MAX_TEXT {
            return Err("json: unsupported value: nested too deeply".into());
        }
        match value {
            TemplateValue::Nil(_) => self.put("null"),
            TemplateValue::List(list) if list.is_nil() => self.put("null"),
            TemplateValue::Map(map) if map.is_nil() => self.put("null"),
            TemplateValue::Text(text) => self.write_string(text),
            TemplateValue::Bytes(bytes) => {
                let text = super::base_encoding::encode_base64(bytes.bytes());
                self.put(&format!("\"{text}\""));
            }
            TemplateValue::Float(number, literal) => {
                let text = format_json_float(*number).ok_or("json: unsupported value")?;
                push_scalar(&mut self.builder, &text, literal, self.glue);
            }
            TemplateValue::Bool(..) | TemplateValue::Int(..) => {
                let text = scalar_text(value).unwrap_or_default();
                push_scalar(&mut self.builder, &text, &value.literal(), self.glue);
            }
            TemplateValue::List(list) => {
                let items = list.items();
                self.put("[");
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, depth);
                    self.write(item, depth + 1)?;
                }
                self.close(items.is_empty(), depth, "]");
            }
            TemplateValue::Map(map) => {
                let entries = map.entries();
                self.put("{");
                for (index, (key, entry)) in entries.iter().enumerate() {
                    self.separate(index, depth);
                    match &entry.key_text {
                        Some(text) if text.bytes() == key.as_bytes() => self.write_string(text),
                        _ => self.write_string(&OriginText::from_computed(self.glue, key.as_bytes())),
                    }
                    self.put(if self.style.pretty { ": " } else { ":" });
                    self.write(&entry.value, depth + 1)?;
                }
                self.close(entries.is_empty(), depth, "}");
            }
            TemplateValue::Object(object) => match object.to_scalar() {
                Some(text) => self.write_string(&OriginText::from_computed(self.glue, text)),
                None => self.write(&object.to_plain(), depth)?,
            },
        }
        Ok(())
    }

    fn separate(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.put(",");
        }
        self.put_line(depth + 1);
    }

    fn close(&mut self, empty: bool, depth: usize, bracket: &str) {
        if !empty {
            self.put_line(depth);
        }
        self.put(bracket);
    }

    fn write_string(&mut self, text: &OriginText) {
        let raw = self.style.raw;
        self.put("\"");
        push_escaped(&mut self.builder, text, self.glue, |unit| escape_json(unit, raw));
        self.put("\"");
    }
}

fn escape_json(unit: EscapedUnit, raw: bool) -> Option<String> {
    let char = match unit {
        EscapedUnit::Byte(_) => return Some("\\ufffd".to_owned()),
        EscapedUnit::Char(char) => char,
    };
    Some(match char {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '<' | '>' | '&' if raw => return None,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(char)),
        char if char < ' ' => format!("\\u{:04x}", u32::from(char)),
        _ => return None,
    })
}
