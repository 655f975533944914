//! Writes values as lines or in braces, in the document's own style, for edits.

use serde_yaml::Value;

use super::document_style::DocumentStyle;
use crate::yaml::yaml_tree::ScalarForm;

/// A mapping's entry as lines, the key at the first column.
pub(super) fn render_entry(hand: &DocumentStyle, key: &str, value: &Value) -> Vec<String> {
    let name = render_word(hand, key, None, false);
    let flow = hand.sample_for(key).is_some_and(|sample| sample.is_flow) && is_scalar_list(value);
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            prefix_key(name, render_body(hand, key, value), hand.mapping_indent)
        }
        Value::Sequence(items) if !items.is_empty() && !flow => {
            prefix_key(name, render_body(hand, key, value), hand.dash_indent)
        }
        _ => vec![format!("{name}: {}", FlowStyle::YAML.render_value(hand, Some(key), value))],
    }
}

/// The lines below a key: a mapping's entries or a list's items, at the first column.
pub(super) fn render_body(hand: &DocumentStyle, key: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            map.iter().flat_map(|(k, v)| render_entry(hand, k.as_str().unwrap_or_default(), v)).collect()
        }
        Value::Sequence(items) if !items.is_empty() => {
            items.iter().flat_map(|item| prefix_dash(&render_body(hand, key, item), "- ")).collect()
        }
        _ => vec![FlowStyle::YAML.render_value(hand, Some(key), value)],
    }
}

/// The lines after a dash, the later ones as far in as the first.
pub(super) fn prefix_dash(lines: &[String], dash: &str) -> Vec<String> {
    let further = " ".repeat(dash.len());
    let marks = std::iter::once(dash).chain(std::iter::repeat(further.as_str()));
    lines.iter().zip(marks).map(|(line, mark)| format!("{mark}{line}")).collect()
}

fn prefix_key(name: String, lines: Vec<String>, offset: usize) -> Vec<String> {
    std::iter::once(format!("{name}:")).chain(indent_lines(&lines, &" ".repeat(offset))).collect()
}

pub(super) fn indent_lines(lines: &[String], by: &str) -> Vec<String> {
    lines.iter().map(|line| format!("{by}{line}")).collect()
}

fn is_scalar_list(value: &Value) -> bool {
    value.as_sequence().is_some_and(|items| items.iter().all(|i| !i.is_mapping() && !i.is_sequence()))
}

/// The style of braces and brackets.
#[derive(Clone, Copy)]
pub(super) struct FlowStyle<'a> {
    /// Keys and strings are quoted, as JSON has it.
    pub(super) is_quoted: bool,
    /// The text between a key and its value.
    pub(super) colon: &'a str,
    /// The text after an entry where another follows on the line.
    pub(super) comma: &'a str,
    /// Set where each entry has its own line.
    pub(super) lines: Option<FlowLines<'a>>,
}

/// The lines' beginnings and ends in a collection that has one line for each entry.
#[derive(Clone, Copy)]
pub(super) struct FlowLines<'a> {
    pub(super) ending: &'a str,
    /// One level of indentation.
    pub(super) unit: &'a str,
}

impl FlowStyle<'_> {
    pub(super) const YAML: FlowStyle<'static> =
        FlowStyle { is_quoted: false, colon: ": ", comma: ", ", lines: None };

    pub(super) fn render_value(&self, hand: &DocumentStyle, key: Option<&str>, value: &Value) -> String {
        self.render_nested(hand, key, value, "")
    }

    pub(super) fn render_pair(
        &self,
        hand: &DocumentStyle,
        key: &str,
        value: &Value,
        indentation: &str,
    ) -> String {
        let name = self.render_scalar(hand, None, &Value::from(key));
        format!("{name}{}{}", self.colon, self.render_nested(hand, Some(key), value, indentation))
    }

    /// The value, its later lines in by `indentation` and more.
    pub(super) fn render_nested(
        &self,
        hand: &DocumentStyle,
        key: Option<&str>,
        value: &Value,
        indentation: &str,
    ) -> String {
        let deeper = self.lines.map_or(String::new(), |lines| format!("{indentation}{}", lines.unit));
        match value {
            Value::Mapping(map) => {
                let entries = map
                    .iter()
                    .map(|(k, v)| self.render_pair(hand, k.as_str().unwrap_or_default(), v, &deeper));
                self.wrap_in_braces("{", "}", entries.collect(), indentation)
            }
            Value::Sequence(items) => {
                let items = items.iter().map(|item| self.render_nested(hand, key, item, &deeper));
                self.wrap_in_braces("[", "]", items.collect(), indentation)
            }
            scalar => self.render_scalar(hand, key, scalar),
        }
    }

    fn wrap_in_braces(&self, open: &str, close: &str, members: Vec<String>, indentation: &str) -> String {
        match self.lines {
            Some(FlowLines { ending, unit }) if !members.is_empty() => {
                let between = format!(",{ending}{indentation}{unit}");
                let members = members.join(&between);
                format!("{open}{ending}{indentation}{unit}{members}{ending}{indentation}{close}")
            }
            _ => format!("{open}{}{close}", members.join(self.comma)),
        }
    }

    fn render_scalar(&self, hand: &DocumentStyle, key: Option<&str>, value: &Value) -> String {
        match value {
            Value::String(text) if self.is_quoted => quote_text(text, ScalarForm::DoubleQuoted),
            Value::String(text) => render_word(hand, text, key, true),
            other => plain_text(other),
        }
    }
}

/// A string as the document writes those under the same key; in quotes where it must be.
fn render_word(hand: &DocumentStyle, text: &str, key: Option<&str>, in_flow: bool) -> String {
    let style = key.and_then(|key| hand.sample_for(key)).map_or(ScalarForm::Plain, |sample| sample.style);
    match style {
        ScalarForm::SingleQuoted | ScalarForm::DoubleQuoted => quote_text(text, style),
        _ if is_plain_text(text) && !(in_flow && text.contains(['{', '}', '[', ']', ','])) => text.to_owned(),
        _ => quote_text(text, hand.quote_form),
    }
}

pub(super) fn quote_text(text: &str, style: ScalarForm) -> String {
    let simple = !text.contains(|c: char| c == '\'' || c.is_control());
    match style {
        ScalarForm::SingleQuoted if simple => format!("'{text}'"),
        _ => serde_json::to_string(text).unwrap_or_default(),
    }
}

/// True for a string that stands for itself without quotes, in YAML 1.1 too, where `yes`, `0644` and `12:30` do not.
pub(super) fn is_plain_text(text: &str) -> bool {
    let old_boolean = matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off");
    let old_number =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b':' | b'.' | b'+' | b'-'));
    !old_boolean && !old_number && plain_text(&Value::from(text)) == text
}

fn plain_text(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default().trim_end_matches('\n').to_owned()
}
