//! Writes YAML byte for byte as Helm's `toYaml` does, each scalar with its origin.

use std::rc::Rc;

use super::call_error::CallError;
use super::go_number::{format_float, format_json_float};
use super::origin_table::ComputedId;
use super::origin_text::{OriginText, TextBuilder};
use super::template_value::{LiteralText, TemplateValue};
use super::value_collection::{MapEntry, ValueMap};
use super::yaml_key_order::sort_by_key;
use super::yaml_repair::{NEXT_LINE, fold_next_lines};
use super::yaml_style::{ScalarLook, StringStyle, choose_style, is_break};

/// How deep written values may be nested.
const MAX_DEPTH: usize = 400;

/// Keys longer than this are written with `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// How wide a line may get before a space in a text folds it.
const BEST_WIDTH: usize = 80;

/// A value as `toYaml` writes it, without the last line's end. What YAML cannot say is nothing, as in Helm.
pub fn write_yaml(value: &TemplateValue, glue: ComputedId) -> Result<OriginText, CallError> {
    write_with(value, glue, false)
}

/// A value as `toYamlPretty` writes it: lists indented under their keys, nothing folded.
pub fn write_yaml_pretty(value: &TemplateValue, glue: ComputedId) -> Result<OriginText, CallError> {
    write_with(value, glue, true)
}

fn write_with(value: &TemplateValue, glue: ComputedId, pretty: bool) -> Result<OriginText, CallError> {
    let mut writer = YamlWriter {
        builder: TextBuilder::default(),
        glue,
        pretty,
        column: 0,
        indent: -1,
        whitespace: true,
        indention: true,
        unwritable: false,
        depth: 0,
    };
    writer.write_node(value, NodeContext::Root)?;
    if writer.unwritable {
        return Ok(OriginText::default());
    }
    let text = writer.builder.finish();
    let end = text.len() - usize::from(text.bytes().ends_with(b"\n"));
    Ok(text.slice(0..end))
}

const fn is_refused_in_yaml(char: char) -> bool {
    matches!(char, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Where a node stands, which decides on indents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NodeContext {
    Root,
    Item,
    Value,
    SimpleKey,
    ComplexKey,
}

struct YamlWriter {
    builder: TextBuilder,
    glue: ComputedId,
    pretty: bool,
    column: usize,
    indent: isize,
    /// The last character was white space, or nothing is written yet.
    whitespace: bool,
    /// Only indents stand on the line yet.
    indention: bool,
    unwritable: bool,
    depth: usize,
}

impl YamlWriter {
    fn put(&mut self, text: &str) {
        self.builder.push_computed(text, self.glue);
        self.column += text.chars().count();
    }

    fn put_break(&mut self) {
        self.builder.push_computed("\n", self.glue);
        self.column = 0;
    }

    /// A line's end of the text itself.
    fn put_written_break(&mut self, text: &OriginText, range: std::ops::Range<usize>) {
        self.builder.push_slice(text, range);
        self.column = 0;
        self.indention = true;
    }

    fn put_slice(&mut self, text: &OriginText, range: std::ops::Range<usize>) {
        self.column += text.bytes()[range.clone()].iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.builder.push_slice(text, range);
    }

    fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        let missing = indent.saturating_sub(self.column);
        self.put(&" ".repeat(missing));
        self.whitespace = true;
        self.indention = true;
    }

    fn write_indicator(&mut self, indicator: &str, needs_space: bool, is_space: bool, is_indention: bool) {
        if needs_space && !self.whitespace {
            self.put(" ");
        }
        self.put(indicator);
        self.whitespace = is_space;
        self.indention = self.indention && is_indention;
    }

    /// One level deeper; gives back the indent to return to.
    fn increase_indent(&mut self, flow: bool, indentless: bool) -> isize {
        let outer = self.indent;
        if self.indent < 0 {
            self.indent = if flow { 2 } else { 0 };
        } else if !indentless {
            self.indent += 2;
        }
        outer
    }

    fn write_node(&mut self, value: &TemplateValue, context: NodeContext) -> Result<(), CallError> {
        if self.depth > MAX_DEPTH || self.builder.len() >= super::origin_text::MAX_TEXT {
            return Err("the value is nested too deeply or too large for YAML".into());
        }
        self.depth += 1;
        let result = self.write_any(value, context);
        self.depth -= 1;
        result
    }

    fn write_any(&mut self, value: &TemplateValue, context: NodeContext) -> Result<(), CallError> {
        match value {
            TemplateValue::Map(map) if map.is_nil() && !self.pretty => self.write_plain_word("null", &None),
            TemplateValue::Map(map) if map.is_empty() => self.write_empty("{}", &map.literal()),
            TemplateValue::List(list) if list.is_nil() && !self.pretty => {
                self.write_plain_word("null", &None);
            }
            TemplateValue::List(list) if list.is_empty() => self.write_empty("[]", &list.literal()),
            TemplateValue::Map(map) => return self.write_mapping(map),
            TemplateValue::List(list) => return self.write_sequence(list.items(), context),
            TemplateValue::Object(object) => match object.to_scalar() {
                Some(text) => self.write_string(&OriginText::from_computed(self.glue, text), context),
                None => return self.write_node(&object.to_plain(), context),
            },
            TemplateValue::Nil(_) => self.write_plain_word("null", &None),
            TemplateValue::Bool(flag, literal) => self.write_plain_word(&flag.to_string(), literal),
            TemplateValue::Int(number, ..) => self.write_plain_word(&number.to_string(), &value.literal()),
            TemplateValue::Float(number, literal) => match self.float_text(*number) {
                Some(text) => self.write_plain_word(&text, literal),
                None => self.unwritable = true,
            },
            TemplateValue::Text(text) => self.write_string(text, context),
            TemplateValue::Bytes(bytes) => {
                let text = super::base_encoding::encode_base64(bytes.bytes());
                let text = OriginText::from_computed(self.glue, text);
                self.write_string(&text, context);
            }
        }
        Ok(())
    }

    /// JSON's form if that is a whole number, else the shortest: the value goes through JSON first.
    fn float_text(&self, number: f64) -> Option<String> {
        if self.pretty {
            return Some(format_float(number));
        }
        let json = format_json_float(number)?;
        let digits = json.strip_prefix('-').unwrap_or(&json);
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        let fits = json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok();
        if whole && fits {
            return Some(if json == "-0" { "0".to_owned() } else { json });
        }
        Some(format_float(number))
    }

    fn write_empty(&mut self, brackets: &str, literal: &LiteralText) {
        if !self.whitespace {
            self.put(" ");
        }
        match literal {
            Some(written) => self.put_slice(written, 0..written.len()),
            None => self.put(brackets),
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn write_plain_word(&mut self, word: &str, literal: &LiteralText) {
        if !self.whitespace {
            self.put(" ");
        }
        match literal {
            Some(written) if written.bytes() == word.as_bytes() => self.put_slice(written, 0..written.len()),
            _ => self.put(word),
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn write_sequence(&mut self, items: &[TemplateValue], context: NodeContext) -> Result<(), CallError> {
        let indentless = context == NodeContext::Value && !self.indention && !self.pretty;
        let outer = self.increase_indent(false, indentless);
        for item in items {
            self.write_indent();
            self.write_indicator("-", true, false, true);
            self.write_node(item, NodeContext::Item)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn write_mapping(&mut self, map: &ValueMap) -> Result<(), CallError> {
        let outer = self.increase_indent(false, false);
        let entries = sort_by_key(map.entries(), |(key, _)| key);
        for (key, entry) in &entries {
            self.write_indent();
            self.write_entry(key, entry)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn write_entry(&mut self, key: &Rc<str>, entry: &MapEntry) -> Result<(), CallError> {
        let text = match &entry.key_text {
            Some(text) if text.bytes() == key.as_bytes() => text.clone(),
            _ => OriginText::from_computed(self.glue, key.as_bytes()),
        };
        if key.len() <= MAX_SIMPLE_KEY && !key.contains(is_break) {
            self.write_string(&text, NodeContext::SimpleKey);
            self.write_indicator(":", false, false, false);
        } else {
            self.write_indicator("?", true, false, true);
            self.write_string(&text, NodeContext::ComplexKey);
            self.write_indent();
            self.write_indicator(":", true, false, true);
        }
        self.write_node(&entry.value, NodeContext::Value)
    }

    fn write_string(&mut self, text: &OriginText, context: NodeContext) {
        let mut string = text.as_str().into_owned();
        if !self.pretty && string.contains(NEXT_LINE) {
            // No key of JSON may reach over a line.
            self.unwritable |= matches!(context, NodeContext::SimpleKey | NodeContext::ComplexKey);
            string = fold_next_lines(&string);
        }
        let text = if string.len() == text.len() {
            text.clone()
        } else {
            OriginText::from_computed(self.glue, string.as_bytes())
        };
        // `toYaml` goes by JSON, which leaves these as they are, and reads it as YAML, which refuses them.
        self.unwritable |= !self.pretty && string.contains(is_refused_in_yaml);
        let look = ScalarLook::of(&string);
        let style = choose_style(&string, &look, context == NodeContext::SimpleKey, self.pretty);
        let outer = self.increase_indent(true, false);
        let breaks = context != NodeContext::SimpleKey && !self.pretty;
        match style {
            StringStyle::Plain => self.write_plain(&text, breaks),
            StringStyle::SingleQuoted => self.write_single_quoted(&text, breaks),
            StringStyle::DoubleQuoted => self.write_double_quoted(&text, &string, breaks),
            StringStyle::Literal => self.write_literal(&text),
        }
        self.indent = outer;
    }

    /// Whether a single space at `at` may become a line's end.
    fn folds_at(&self, bytes: &[u8], at: usize, breaks: bool, spaces: bool) -> bool {
        breaks && !spaces && self.column > BEST_WIDTH && bytes.get(at + 1).is_some_and(|next| *next != b' ')
    }

    fn write_plain(&mut self, text: &OriginText, breaks: bool) {
        if !self.whitespace && !text.is_empty() {
            self.put(" ");
        }
        self.write_folded(text, breaks, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single_quoted(&mut self, text: &OriginText, breaks: bool) {
        self.write_indicator("'", true, false, false);
        self.write_folded(text, breaks, true);
        self.write_indicator("'", false, false, false);
    }

    /// The text of a plain or single-quoted scalar: long lines end at single spaces.
    fn write_folded(&mut self, text: &OriginText, breaks: bool, quoted: bool) {
        let string = text.as_str();
        let bytes = text.bytes();
        let (mut spaces, mut after_break) = (false, false);
        for (at, char) in string.char_indices() {
            let end = at + char.len_utf8();
            if char == ' ' {
                let inner = !quoted || (at > 0 && at + 1 < bytes.len());
                if inner && self.folds_at(bytes, at, breaks, spaces) {
                    self.write_indent();
                } else {
                    self.put_slice(text, at..end);
                }
                spaces = true;
                continue;
            }
            if is_break(char) {
                self.put_written_break(text, at..end);
                after_break = true;
                continue;
            }
            if after_break {
                self.write_indent();
            }
            if quoted && char == '\'' {
                self.put("'");
            }
            self.put_slice(text, at..end);
            self.indention = false;
            (spaces, after_break) = (false, false);
        }
    }

    fn write_double_quoted(&mut self, text: &OriginText, string: &str, breaks: bool) {
        self.write_indicator("\"", true, false, false);
        let bytes = text.bytes();
        let mut spaces = false;
        for (at, char) in string.char_indices() {
            let end = at + char.len_utf8();
            if let Some(escaped) = super::yaml_style::escape_double_quoted(char) {
                self.put(&escaped);
                spaces = false;
            } else if char == ' ' {
                if at > 0 && at + 1 < bytes.len() && breaks && !spaces && self.column > BEST_WIDTH {
                    self.write_indent();
                    if bytes.get(at + 1) == Some(&b' ') {
                        self.put("\\");
                    }
                } else {
                    self.put_slice(text, at..end);
                }
                spaces = true;
            } else {
                self.put_slice(text, at..end);
                spaces = false;
            }
        }
        self.write_indicator("\"", false, false, false);
    }

    fn write_literal(&mut self, text: &OriginText) {
        self.write_indicator("|", true, false, false);
        let string = text.as_str();
        if string.starts_with(|first| first == ' ' || is_break(first)) {
            self.put("2");
        }
        let mut last = string.chars().rev().map(is_break);
        match (last.next(), last.next()) {
            (Some(true), None | Some(true)) => self.put("+"),
            (Some(true), _) => {}
            _ => self.put("-"),
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut at = 0;
        while at < string.len() {
            let end = string[at..].find(is_break).map_or(string.len(), |next| at + next);
            if end > at {
                self.write_indent();
                self.put_slice(text, at..end);
                self.indention = false;
                self.whitespace = false;
            }
            at = end + string[end..].chars().next().map_or(0, char::len_utf8);
            if at > end {
                self.put_written_break(text, end..at);
                self.whitespace = true;
            }
        }
    }
}
