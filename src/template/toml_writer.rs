//! Writes TOML as the encoder does that Helm's `toToml` uses.

use std::rc::Rc;

use super::call_error::CallError;
use super::go_number::format_float;
use super::go_print::{push_scalar, scalar_text};
use super::origin_table::ComputedId;
use super::origin_text::{MAX_TEXT, OriginText, TextBuilder};
use super::template_value::TemplateValue;
use super::text_edit::{EscapedUnit, push_escaped};
use super::value_collection::{MapEntry, ValueMap};

const MAX_DEPTH: usize = 200;

pub(super) fn write_toml(value: &TemplateValue, glue: ComputedId) -> Result<OriginText, CallError> {
    let mut writer = TomlWriter { builder: TextBuilder::default(), glue, has_written: false };
    let plain = match value {
        TemplateValue::Object(object) if object.to_scalar().is_some() => value.clone(),
        TemplateValue::Object(object) => object.to_plain(),
        other => other.clone(),
    };
    match plain {
        TemplateValue::Map(map) => writer.write_table(&[], &map, false)?,
        TemplateValue::Nil(_) => return Err("toml: cannot encode nil".into()),
        list if is_table_list(&list) => {
            return Err("toml: top-level values must be Go maps or structs".into());
        }
        other => writer.write_value(&other, 0)?,
    }
    Ok(writer.builder.finish())
}

struct TomlWriter {
    builder: TextBuilder,
    glue: ComputedId,
    has_written: bool,
}

type TomlEntry = (Rc<str>, MapEntry);

/// Nothing, or Go's nil map, which TOML leaves out.
fn is_null(value: &TemplateValue) -> bool {
    match value {
        TemplateValue::Map(map) => map.is_nil(),
        other => other.is_nil(),
    }
}

fn is_table_list(value: &TemplateValue) -> bool {
    match value {
        TemplateValue::List(list) => {
            !list.is_empty() && list.items().iter().all(|item| matches!(item, TemplateValue::Map(_)))
        }
        _ => false,
    }
}

impl TomlWriter {
    fn put(&mut self, text: &str) {
        self.builder.push_computed(text, self.glue);
    }

    fn write_table(&mut self, path: &[TomlEntry], map: &ValueMap, header: bool) -> Result<(), CallError> {
        if path.len() > MAX_DEPTH || self.builder.len() >= MAX_TEXT {
            return Err("toml: nested too deeply".into());
        }
        let indent = "  ".repeat(path.len().saturating_sub(1));
        if header {
            if self.has_written && path.len() == 1 {
                self.put("\n");
            }
            self.put(&indent);
            self.write_header(path, "[", "]");
        }
        let (simple, tables): (Vec<TomlEntry>, Vec<TomlEntry>) =
            map.entries().into_iter().filter(|(_, entry)| !is_null(&entry.value)).partition(|(_, entry)| {
                !matches!(entry.value, TemplateValue::Map(_)) && !is_table_list(&entry.value)
            });
        for (key, entry) in &simple {
            self.put(&"  ".repeat(path.len()));
            self.write_key(key, entry);
            self.put(" = ");
            self.write_value(&entry.value, 0)?;
            self.put("\n");
            self.has_written = true;
        }
        for table in tables {
            let mut inner = path.to_vec();
            inner.push(table.clone());
            match &table.1.value {
                TemplateValue::Map(map) => self.write_table(&inner, map, true)?,
                TemplateValue::List(list) => self.write_table_list(&inner, list.items())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn write_table_list(&mut self, path: &[TomlEntry], items: &[TemplateValue]) -> Result<(), CallError> {
        for item in items {
            let TemplateValue::Map(map) = item else { continue };
            if self.has_written {
                self.put("\n");
            }
            self.put(&"  ".repeat(path.len().saturating_sub(1)));
            self.write_header(path, "[[", "]]");
            self.write_table(path, map, false)?;
        }
        Ok(())
    }

    fn write_header(&mut self, path: &[TomlEntry], open: &str, close: &str) {
        self.put(open);
        for (index, (key, entry)) in path.iter().enumerate() {
            if index > 0 {
                self.put(".");
            }
            self.write_key(key, entry);
        }
        self.put(close);
        self.put("\n");
        self.has_written = true;
    }

    fn write_key(&mut self, key: &str, entry: &MapEntry) {
        let bare = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let text = match &entry.key_text {
            Some(text) if text.bytes() == key.as_bytes() => text.clone(),
            _ => OriginText::from_computed(self.glue, key.as_bytes()),
        };
        if bare {
            self.builder.push_text(&text);
        } else {
            self.write_string(&text);
        }
    }

    fn write_string(&mut self, text: &OriginText) {
        self.put("\"");
        push_escaped(&mut self.builder, text, self.glue, escape_toml);
        self.put("\"");
    }

    fn write_value(&mut self, value: &TemplateValue, depth: usize) -> Result<(), CallError> {
        if depth > MAX_DEPTH || self.builder.len() >= MAX_TEXT {
            return Err("toml: nested too deeply".into());
        }
        match value {
            TemplateValue::Text(text) => self.write_string(text),
            TemplateValue::Bool(..) | TemplateValue::Int(..) => {
                let text = scalar_text(value).unwrap_or_default();
                push_scalar(&mut self.builder, &text, &value.literal(), self.glue);
            }
            TemplateValue::Float(number, literal) => {
                push_scalar(&mut self.builder, &toml_float(*number), literal, self.glue);
            }
            TemplateValue::List(list) => {
                self.put("[");
                for (index, item) in list.items().iter().enumerate() {
                    if index > 0 {
                        self.put(", ");
                    }
                    self.write_value(item, depth + 1)?;
                }
                self.put("]");
            }
            TemplateValue::Map(map) => {
                self.put("{");
                for (index, (key, entry)) in map.entries().iter().enumerate() {
                    if index > 0 {
                        self.put(", ");
                    }
                    self.write_key(key, entry);
                    self.put(" = ");
                    self.write_value(&entry.value, depth + 1)?;
                }
                self.put("}");
            }
            TemplateValue::Nil(_) => return Err("toml: cannot encode array with nil element".into()),
            TemplateValue::Bytes(_) => return Err("toml: unsupported type".into()),
            TemplateValue::Object(object) => match object.to_scalar() {
                Some(text) => {
                    self.write_value(&OriginText::from_computed(self.glue, text).into(), depth + 1)?;
                }
                None => self.write_value(&object.to_plain(), depth + 1)?,
            },
        }
        Ok(())
    }
}

fn toml_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = format_float(number);
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

fn escape_toml(unit: EscapedUnit) -> Option<String> {
    let EscapedUnit::Char(char) = unit else { return Some("\u{fffd}".to_owned()) };
    Some(match char {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        char if char < ' ' || char == '\u{7f}' => format!("\\u{:04x}", u32::from(char)),
        _ => return None,
    })
}
