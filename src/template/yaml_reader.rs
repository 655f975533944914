//! Reads YAML as Helm does, each scalar with the bytes that it is written as.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Tag, options};

use super::origin_table::{KeyPathId, OriginTable, PieceSource};
use super::origin_text::OriginText;
use super::template_value::{LiteralText, NilKind, TemplateValue};
use super::value_collection::{MapEntry, ValueList, ValueMap};
use super::value_copy::deep_copy;
use super::yaml_align::align_scalar;
use super::yaml_message::{go_message, show_key, show_plain};
use super::yaml_repair::{MAX_REPAIRS, TextRepair, find_line_end, keeps_line_ends, read_meaning};
use super::yaml_resolve::{ResolvedScalar, decode_binary, resolve_scalar, resolve_tagged};

/// How many nodes a document may have, aliases counted as often as they stand there.
const MAX_NODES: usize = 400_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    pub offset: usize,
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl YamlError {
    /// An error of Helm's own reading, which does not name the YAML reader.
    fn without_prefix(mut self) -> Self {
        if let Some(message) = self.message.strip_prefix("yaml: ") {
            self.message = message.to_owned();
        }
        self
    }
}

/// The keys of a values file, which its scalars' origins name.
pub struct KeyRegister<'a> {
    pub table: &'a mut OriginTable,
    pub root: KeyPathId,
}

/// The first document of a text; nothing but blanks and comments is null. Helm reads no further, whatever stands there.
pub fn read_yaml(text: &OriginText, mut keys: Option<KeyRegister<'_>>) -> Result<TemplateValue, YamlError> {
    let mut string = text.as_str();
    if string.len() != text.len() {
        return Err(YamlError {
            offset: 0,
            line: 1,
            message: "yaml: invalid leading UTF-8 octet".to_owned(),
        });
    }
    if let Some(error) = check_start(&string) {
        return Err(error);
    }
    for _ in 0..MAX_REPAIRS {
        let own = keys.as_mut().map(|keys| KeyRegister { table: &mut *keys.table, root: keys.root });
        match read_document(text, &string, own) {
            (Ok(value), None) => return Ok(value),
            (read, Some(repair)) => match repair.apply(&string) {
                Some(repaired) => string = repaired.into(),
                None => return read,
            },
            (read, None) => return read,
        }
    }
    match read_document(text, &string, keys) {
        (Ok(_), Some(_)) => Err(YamlError {
            offset: 0,
            line: 1,
            message: format!("yaml: more than {MAX_REPAIRS} unusual ends of lines"),
        }),
        (read, _) => read,
    }
}

/// The first document of `string`, which has the text's length, and what is to be repaired before it counts.
fn read_document(
    text: &OriginText,
    string: &str,
    keys: Option<KeyRegister<'_>>,
) -> (Result<TemplateValue, YamlError>, Option<TextRepair>) {
    let options = options! {
        emit_comments: false,
        block_scalar_eof_without_line_feed: true,
        simple_key_max_lookahead: 1024,
    };
    let root = keys.as_ref().map(|keys| keys.root);
    let mut reader = YamlReader {
        text,
        string,
        events: Parser::new_from_str_with_options(string, options),
        keys: keys.map(|keys| keys.table),
        anchors: HashMap::new(),
        nodes: 0,
        repair: None,
        kept: Vec::new(),
    };
    let value = reader.read_root(root);
    let repair = reader.repair.or_else(|| find_line_end(string, &reader.kept).map(TextRepair::LineEnds));
    (value, repair)
}

/// What go-yaml refuses at a text's start and the event parser does not: a tab before the first node, an end before a
/// beginning.
fn check_start(text: &str) -> Option<YamlError> {
    let line = text.lines().find(|line| {
        let content = line.trim_start_matches(' ');
        !content.is_empty() && !content.starts_with('#')
    })?;
    let message = if line.trim_start_matches(' ').starts_with('\t') {
        "yaml: found character that cannot start any token"
    } else if line == "..." {
        "yaml: did not find expected node content"
    } else {
        return None;
    };
    Some(YamlError { offset: 0, line: 1, message: message.to_owned() })
}

struct YamlReader<'a, 't> {
    text: &'a OriginText,
    string: &'a str,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    keys: Option<&'t mut OriginTable>,
    anchors: HashMap<usize, TemplateValue>,
    nodes: usize,
    /// What the parser refuses and go-yaml reads.
    repair: Option<TextRepair>,
    /// Where the scalars stand in which a character of YAML 1.1 ends no line for itself.
    kept: Vec<Range<usize>>,
}

/// A node, and what it is as a key.
struct ReadNode {
    value: TemplateValue,
    scalar: Option<ReadScalar>,
}

struct ReadScalar {
    text: OriginText,
    key: Option<String>,
    is_merge: bool,
}

type LocatedEvent<'a> = (Event<'a>, Range<usize>);

impl<'a> YamlReader<'a, '_> {
    fn read_root(&mut self, key: Option<KeyPathId>) -> Result<TemplateValue, YamlError> {
        loop {
            match self.next_event()? {
                Some((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _)) => {}
                None | Some((Event::StreamEnd, _)) => return Ok(TemplateValue::NIL),
                Some(event) => {
                    let value = self.read_node(event, key)?.value;
                    self.finish_document()?;
                    return Ok(value);
                }
            }
        }
    }

    fn next_event(&mut self) -> Result<Option<LocatedEvent<'a>>, YamlError> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                Ok(Some((event, range)))
            }
            Some(Err(error)) => {
                let offset = error.marker().byte_offset().unwrap_or_default();
                let line = self.line_at(offset);
                self.repair = match error.kind() {
                    ErrorKind::CommentNotSeparated => Some(TextRepair::GluedComment(offset)),
                    ErrorKind::UnknownQuotedScalarEscape => Some(TextRepair::Apostrophes(offset)),
                    _ => None,
                };
                let message = go_message(error.kind(), self.string, offset, line);
                Err(YamlError { offset, line, message: format!("yaml: {message}") })
            }
        }
    }

    /// Reads what stands behind a document's node, since it may be wrong.
    fn finish_document(&mut self) -> Result<(), YamlError> {
        while !matches!(self.next_event()?, None | Some((Event::DocumentEnd, _))) {}
        Ok(())
    }

    /// From 1.
    fn line_at(&self, offset: usize) -> usize {
        let before = self.text.bytes().get(..offset.min(self.text.len())).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    fn error(&self, offset: usize, message: &str) -> YamlError {
        YamlError { offset, line: self.line_at(offset), message: format!("yaml: {message}") }
    }

    fn next_node(&mut self, offset: usize) -> Result<LocatedEvent<'a>, YamlError> {
        match self.next_event()? {
            Some(event) => Ok(event),
            None => Err(self.error(offset, "unexpected end")),
        }
    }

    fn count_node(&mut self, offset: usize) -> Result<(), YamlError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.error(offset, "document contains excessive aliasing"));
        }
        Ok(())
    }

    fn read_node(
        &mut self,
        (event, span): LocatedEvent<'a>,
        key: Option<KeyPathId>,
    ) -> Result<ReadNode, YamlError> {
        self.count_node(span.start)?;
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let node = self.read_scalar(&value, style, tag.as_deref(), span, key)?;
                self.keep_anchor(anchor, &node.value);
                Ok(node)
            }
            Event::SequenceStart(_, anchor, _) => {
                let value = self.read_sequence(span, key)?;
                self.keep_anchor(anchor, &value);
                Ok(ReadNode { value, scalar: None })
            }
            Event::MappingStart(_, anchor, _) => {
                let value = self.read_mapping(span, key)?;
                self.keep_anchor(anchor, &value);
                Ok(ReadNode { value, scalar: None })
            }
            Event::Alias(anchor) => {
                let Some(value) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.error(span.start, "unknown anchor referenced"));
                };
                let mut left = MAX_NODES.saturating_sub(self.nodes);
                let before = left;
                let Some(value) = deep_copy(&value, &mut left) else {
                    return Err(self.error(span.start, "document contains excessive aliasing"));
                };
                self.nodes += before - left;
                let scalar = self.scalar_of(&value);
                Ok(ReadNode { value, scalar })
            }
            _ => Err(self.error(span.start, "did not find expected node content")),
        }
    }

    fn keep_anchor(&mut self, anchor: usize, value: &TemplateValue) {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
    }

    fn scalar_of(&self, value: &TemplateValue) -> Option<ReadScalar> {
        let text = value.literal()?;
        let key = Some(text.as_str().into_owned());
        matches!(value, TemplateValue::Text(_)).then_some(ReadScalar { text, key, is_merge: false })
    }

    /// The bytes of the file as pieces of the key's value.
    fn written(&self, text: OriginText, key: Option<KeyPathId>) -> OriginText {
        let Some(key) = key else { return text };
        text.map_sources(|source| match source {
            PieceSource::Text { offset, .. } => PieceSource::Value { key, offset },
            other => other,
        })
    }

    fn read_scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
        key: Option<KeyPathId>,
    ) -> Result<ReadNode, YamlError> {
        let written = self.text.bytes().get(span.clone()).unwrap_or_default();
        if keeps_line_ends(written, value, style) {
            self.kept.push(span.clone());
        }
        let meaning = read_meaning(written, value, style);
        let meaning = meaning.map_err(|message| self.error(span.start, message))?;
        let is_own = |tag: &&Tag| tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() == Some("binary");
        let decoded = tag.filter(is_own).map(|_| decode_binary(&meaning)).transpose();
        let decoded = decoded.map_err(|message| YamlError { message, ..self.error(span.start, "") })?;
        let value = decoded.as_deref().unwrap_or(&meaning);
        let text = self.written(align_scalar(self.text, span.clone(), style, value), key);
        let resolved = match tag {
            None if style == ScalarStyle::Plain => resolve_scalar(value),
            None => ResolvedScalar::Text,
            Some(tag) if tag.is_yaml_core_schema() => {
                resolve_tagged(value, tag.suffix()).map_err(|message| YamlError {
                    message: format!("yaml: {message}"),
                    ..self.error(span.start, "")
                })?
            }
            Some(_) => ResolvedScalar::Text,
        };
        let literal: LiteralText = Some(text.clone());
        let (result, name) = match resolved {
            ResolvedScalar::Null => (TemplateValue::Nil(NilKind::Interface), None),
            ResolvedScalar::Bool(flag) => (TemplateValue::Bool(flag, literal), Some(flag.to_string())),
            ResolvedScalar::Int(number) => {
                (TemplateValue::Float(number as f64, literal), Some(number.to_string()))
            }
            ResolvedScalar::Uint(number) => {
                (TemplateValue::Float(number as f64, literal), Some(number.to_string()))
            }
            ResolvedScalar::Float(number) if !number.is_finite() => {
                let name = super::go_number::format_float(number);
                let message = format!("json: unsupported value: {name}");
                return Err(YamlError { message, ..self.error(span.start, "") });
            }
            ResolvedScalar::Float(number) => {
                let name = super::go_number::format_float(f64::from(number as f32));
                (TemplateValue::Float(number, literal), Some(name))
            }
            ResolvedScalar::Timestamp | ResolvedScalar::Text => {
                (TemplateValue::Text(text.clone()), Some(value.to_owned()))
            }
        };
        let is_merge = value == "<<" && style == ScalarStyle::Plain;
        Ok(ReadNode { value: result, scalar: Some(ReadScalar { text, key: name, is_merge }) })
    }

    /// The text of an empty collection that is written with brackets only.
    fn empty_literal(
        &self,
        span: &Range<usize>,
        end: usize,
        brackets: &[u8],
        key: Option<KeyPathId>,
    ) -> LiteralText {
        let range = span.start..end.min(self.text.len());
        let written = self.text.bytes().get(range.clone())?;
        (written == brackets).then(|| self.written(self.text.slice(range), key))
    }

    fn read_sequence(
        &mut self,
        span: Range<usize>,
        key: Option<KeyPathId>,
    ) -> Result<TemplateValue, YamlError> {
        let mut items = Vec::new();
        loop {
            let event = self.next_node(span.start)?;
            if matches!(event.0, Event::SequenceEnd) {
                let literal =
                    if items.is_empty() { self.empty_literal(&span, event.1.end, b"[]", key) } else { None };
                return Ok(TemplateValue::List(ValueList::written(items, key, literal)));
            }
            let own = self.key_below(key, |table, key| table.add_index(key, items.len()));
            items.push(self.read_node(event, own)?.value);
        }
    }

    fn key_below(
        &mut self,
        key: Option<KeyPathId>,
        add: impl FnOnce(&mut OriginTable, KeyPathId) -> KeyPathId,
    ) -> Option<KeyPathId> {
        let table = self.keys.as_deref_mut()?;
        key.map(|key| add(table, key))
    }

    fn read_mapping(
        &mut self,
        span: Range<usize>,
        key: Option<KeyPathId>,
    ) -> Result<TemplateValue, YamlError> {
        let mut entries: BTreeMap<Rc<str>, MapEntry> = BTreeMap::new();
        loop {
            let event = self.next_node(span.start)?;
            if matches!(event.0, Event::MappingEnd) {
                let literal = if entries.is_empty() {
                    self.empty_literal(&span, event.1.end, b"{}", key)
                } else {
                    None
                };
                return Ok(TemplateValue::Map(ValueMap::written(entries, key, literal)));
            }
            let offset = event.1.start;
            let name = self.read_node(event, None)?;
            let value_event = self.next_node(offset)?;
            let Some(scalar) = name.scalar else {
                return Err(self.error(offset, &format!("invalid map key: {}", show_key(&name.value))));
            };
            if scalar.is_merge {
                let value = self.read_node(value_event, key)?.value;
                self.merge_entries(&mut entries, &value, offset)?;
                continue;
            }
            let Some(name) = scalar.key else {
                // Go's words, formats that do not fit included.
                let message = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ";
                let value = self.read_node(value_event, None)?.value;
                return Err(self.error(offset, &format!("{message}{}", show_plain(&value))).without_prefix());
            };
            let own = self.key_below(key, |table, key| table.add_key(key, &name));
            let value = self.read_node(value_event, own)?.value;
            // A key is text of the values file: it is no scalar that can be set to another.
            entries.insert(name.into(), MapEntry { key_text: Some(scalar.text), value });
        }
    }

    /// `<<`: what the merged map has; of a list of maps the first wins.
    fn merge_entries(
        &self,
        entries: &mut BTreeMap<Rc<str>, MapEntry>,
        value: &TemplateValue,
        offset: usize,
    ) -> Result<(), YamlError> {
        match value {
            TemplateValue::Map(map) => {
                for (name, entry) in map.entries() {
                    entries.insert(name, entry);
                }
                Ok(())
            }
            TemplateValue::List(list) => {
                for item in list.items().iter().rev() {
                    if !matches!(item, TemplateValue::Map(_)) {
                        return Err(
                            self.error(offset, "map merge requires map or sequence of maps as the value")
                        );
                    }
                    self.merge_entries(entries, item, offset)?;
                }
                Ok(())
            }
            _ => Err(self.error(offset, "map merge requires map or sequence of maps as the value")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a text, and for each the bytes of its source that it says it stands on.
    fn read(text: &str) -> TemplateValue {
        let mut table = OriginTable::default();
        let file = table.add_file("values.yaml");
        let root = table.add_root_key(file);
        let source = OriginText::from_file(file, 0, text);
        read_yaml(&source, Some(KeyRegister { table: &mut table, root })).expect("YAML")
    }

    #[test]
    fn yaml_1_1_and_floats_are_read_as_helm_reads_them() {
        let TemplateValue::Map(map) = read("on: 0644\nb: [yes, ~, 1e3]\n? 2\n: d\n") else { panic!("a map") };
        assert!(matches!(map.get("true"), Some(TemplateValue::Float(number, _)) if number == 420.0));
        assert!(map.contains("2"));
        let Some(TemplateValue::List(list)) = map.get("b") else { panic!("a list") };
        assert!(matches!(
            list.items(),
            [TemplateValue::Bool(true, _), TemplateValue::Nil(_), TemplateValue::Float(..)]
        ));
    }

    #[test]
    fn each_byte_of_a_scalar_stands_where_it_is_written() {
        for text in [
            "a: plain",
            "a: \"quo\\ted\"",
            "a: 'it''s'",
            "a: |\n  one\n    two\n",
            "a: >-\n  one\n  two\n",
            "a: one\n  two",
        ] {
            let TemplateValue::Map(map) = read(text) else { panic!("a map") };
            let Some(TemplateValue::Text(value)) = map.get("a") else { panic!("a text") };
            for (index, byte) in value.bytes().iter().enumerate() {
                let Some(PieceSource::Value { offset, .. }) = value.source_at(index) else {
                    panic!("{text}: no value")
                };
                let written = text.as_bytes()[offset as usize];
                // An escape and a folded line's end stand for another byte.
                assert!(written == *byte || matches!(written, b'\\' | b'\n'), "{text}: byte {index}");
            }
        }
    }
}
