//! Values as the lines or the braces in which a document's own hand would write them.

use serde_yaml::Value;

use super::style::Hand;
use crate::manifest::tree::Style;

/// A mapping's entry as lines, the key at the first column.
pub(super) fn entry(hand: &Hand, key: &str, value: &Value) -> Vec<String> {
    let name = word(hand, key, None, false);
    let flow = hand.sample(key).is_some_and(|sample| sample.flow) && is_words(value);
    match value {
        Value::Mapping(map) if !map.is_empty() => headed(name, body(hand, key, value), hand.step),
        Value::Sequence(items) if !items.is_empty() && !flow => {
            headed(name, body(hand, key, value), hand.dash)
        }
        _ => vec![format!("{name}: {}", Flow::YAML.value(hand, Some(key), value))],
    }
}

/// What stands below a key: a mapping's entries or a list's items, at the first column.
pub(super) fn body(hand: &Hand, key: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            map.iter().flat_map(|(k, v)| entry(hand, k.as_str().unwrap_or_default(), v)).collect()
        }
        Value::Sequence(items) if !items.is_empty() => {
            items.iter().flat_map(|item| dashed(&body(hand, key, item), "- ")).collect()
        }
        _ => vec![Flow::YAML.value(hand, Some(key), value)],
    }
}

/// The lines after a dash, the later ones as far in as the first.
pub(super) fn dashed(lines: &[String], dash: &str) -> Vec<String> {
    let further = " ".repeat(dash.len());
    let marks = std::iter::once(dash).chain(std::iter::repeat(further.as_str()));
    lines.iter().zip(marks).map(|(line, mark)| format!("{mark}{line}")).collect()
}

fn headed(name: String, lines: Vec<String>, offset: usize) -> Vec<String> {
    std::iter::once(format!("{name}:")).chain(indented(&lines, &" ".repeat(offset))).collect()
}

pub(super) fn indented(lines: &[String], by: &str) -> Vec<String> {
    lines.iter().map(|line| format!("{by}{line}")).collect()
}

fn is_words(value: &Value) -> bool {
    value.as_sequence().is_some_and(|items| items.iter().all(|i| !i.is_mapping() && !i.is_sequence()))
}

/// How braces and brackets are written.
#[derive(Clone, Copy)]
pub(super) struct Flow<'a> {
    /// Keys and strings are quoted, as JSON has it.
    pub(super) quoted: bool,
    /// What stands between a key and its value.
    pub(super) colon: &'a str,
    /// What stands after an entry where another follows on the line.
    pub(super) comma: &'a str,
    /// Set where each entry has its own line.
    pub(super) lines: Option<Lines<'a>>,
}

/// What the lines of a collection that has one for each entry begin and end with.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub(super) ending: &'a str,
    /// One level of indentation.
    pub(super) unit: &'a str,
}

impl Flow<'_> {
    pub(super) const YAML: Flow<'static> = Flow { quoted: false, colon: ": ", comma: ", ", lines: None };

    pub(super) fn value(&self, hand: &Hand, key: Option<&str>, value: &Value) -> String {
        self.nested(hand, key, value, "")
    }

    pub(super) fn entry(&self, hand: &Hand, key: &str, value: &Value, indentation: &str) -> String {
        let name = self.scalar(hand, None, &Value::from(key));
        format!("{name}{}{}", self.colon, self.nested(hand, Some(key), value, indentation))
    }

    /// The value, its later lines in by `indentation` and more.
    pub(super) fn nested(&self, hand: &Hand, key: Option<&str>, value: &Value, indentation: &str) -> String {
        let deeper = self.lines.map_or(String::new(), |lines| format!("{indentation}{}", lines.unit));
        match value {
            Value::Mapping(map) => {
                let entries =
                    map.iter().map(|(k, v)| self.entry(hand, k.as_str().unwrap_or_default(), v, &deeper));
                self.braced("{", "}", entries.collect(), indentation)
            }
            Value::Sequence(items) => {
                let items = items.iter().map(|item| self.nested(hand, key, item, &deeper));
                self.braced("[", "]", items.collect(), indentation)
            }
            scalar => self.scalar(hand, key, scalar),
        }
    }

    fn braced(&self, open: &str, close: &str, members: Vec<String>, indentation: &str) -> String {
        match self.lines {
            Some(Lines { ending, unit }) if !members.is_empty() => {
                let between = format!(",{ending}{indentation}{unit}");
                let members = members.join(&between);
                format!("{open}{ending}{indentation}{unit}{members}{ending}{indentation}{close}")
            }
            _ => format!("{open}{}{close}", members.join(self.comma)),
        }
    }

    fn scalar(&self, hand: &Hand, key: Option<&str>, value: &Value) -> String {
        match value {
            Value::String(text) if self.quoted => quoted(text, Style::DoubleQuoted),
            Value::String(text) => word(hand, text, key, true),
            other => plain(other),
        }
    }
}

/// A string as the document writes those under the same key; in quotes where it must be.
fn word(hand: &Hand, text: &str, key: Option<&str>, in_flow: bool) -> String {
    let style = key.and_then(|key| hand.sample(key)).map_or(Style::Plain, |sample| sample.style);
    match style {
        Style::SingleQuoted | Style::DoubleQuoted => quoted(text, style),
        _ if is_plain(text) && !(in_flow && text.contains(['{', '}', '[', ']', ','])) => text.to_owned(),
        _ => quoted(text, hand.quote),
    }
}

pub(super) fn quoted(text: &str, style: Style) -> String {
    let simple = !text.contains(|c: char| c == '\'' || c.is_control());
    match style {
        Style::SingleQuoted if simple => format!("'{text}'"),
        _ => serde_json::to_string(text).unwrap_or_default(),
    }
}

/// Whether a string stands for itself without quotes, in YAML 1.1 too, where `yes`, `0644` and `12:30` are none.
pub(super) fn is_plain(text: &str) -> bool {
    let old_boolean = matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off");
    let old_number =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b':' | b'.' | b'+' | b'-'));
    !old_boolean && !old_number && plain(&Value::from(text)) == text
}

fn plain(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default().trim_end_matches('\n').to_owned()
}
