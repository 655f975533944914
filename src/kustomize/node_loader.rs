//! Reads YAML and JSON into nodes that know their bytes, in the two dialects that kustomize reads.

use std::borrow::Cow;
use std::sync::Arc;

use serde_yaml::Value;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, NodeEntry, PartOrigin, SourcePart};
use super::inline_text::InlineText;
use super::source_library::SourceId;
use crate::text::Span;
use crate::yaml::scalar_typing::{ambiguous_boolean, key_text, type_unless_text};
use crate::yaml::split_documents::BYTE_ORDER_MARK;
use crate::yaml::yaml_tree::{NodeId, NodeKind, YamlTree};
use crate::yaml::{MAX_YAML_BYTES, ScalarTyping, load_tree, split_documents};

/// The two readings of a plain word, for kustomize reads with two libraries: in kustomizations and JSON patches `y` is a
/// boolean, a day is a text and of a key that stands twice the last one counts; in objects and patches of them `y` is a
/// text, a day is a moment, and keys are texts that stand once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordReading {
    Older,
    Object,
}

/// The most keys and values that a document may have for each one that is written, aliases followed: of one that people
/// write, and of a large one.
const MAX_EXPANSION: usize = 10;
const MAX_EXPANSION_OF_LARGE: usize = 2;
const LARGE_DOCUMENT: usize = 100_000;
const MAX_DEPTH: usize = 120;

/// Reads every document of a file.
pub(super) fn load_file(
    text: &Arc<str>,
    file: SourceId,
    reading: WordReading,
    by: PartOrigin,
) -> Result<Vec<BuiltNode>, BuildFault> {
    let place = |span: Span| SourcePart::new(file, span, by);
    load_documents(text, reading, &place)
}

/// Reads every document of a text that stands within a file.
pub(super) fn load_inline(
    inline: &InlineText,
    reading: WordReading,
    by: PartOrigin,
) -> Result<Vec<BuiltNode>, BuildFault> {
    let place = |span: Span| inline.part_of(span, by);
    load_documents(&inline.text, reading, &place)
}

fn load_documents(
    text: &Arc<str>,
    reading: WordReading,
    place: &dyn Fn(Span) -> SourcePart,
) -> Result<Vec<BuiltNode>, BuildFault> {
    if text.len() > MAX_YAML_BYTES {
        return Err(BuildFault::new("it is too large"));
    }
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut documents = Vec::new();
    for span in split_documents::split_documents(&text[start..]) {
        let tree = load_tree::load_tree(text, span.shift_by(start))
            .map_err(|error| BuildFault::new(format!("it is not YAML: {}", error.message)))?;
        let Some(root) = tree.root() else { continue };
        let nodes = tree.node_ids().count();
        let budget = (nodes * MAX_EXPANSION).min(LARGE_DOCUMENT).max(nodes * MAX_EXPANSION_OF_LARGE) + 1000;
        let mut loader = NodeLoader { tree: &tree, reading, place, budget };
        documents.push(loader.load_node(root, 0)?);
    }
    Ok(documents)
}

struct NodeLoader<'a> {
    tree: &'a YamlTree,
    reading: WordReading,
    place: &'a dyn Fn(Span) -> SourcePart,
    budget: usize,
}

impl NodeLoader<'_> {
    fn load_node(&mut self, id: NodeId, depth: usize) -> Result<BuiltNode, BuildFault> {
        let Some(budget) = self.budget.checked_sub(1).filter(|_| depth <= MAX_DEPTH) else {
            return Err(BuildFault::new("its aliases make it far larger than its text"));
        };
        self.budget = budget;
        let id = self.tree.resolve_alias(id);
        let value = match self.tree.node(id).kind {
            NodeKind::Scalar { .. } => self.scalar_value(id),
            NodeKind::Sequence { .. } => {
                let items = self.tree.items(id).to_vec();
                BuiltValue::List(
                    items
                        .into_iter()
                        .map(|item| self.load_node(item, depth + 1))
                        .collect::<Result<_, _>>()?,
                )
            }
            NodeKind::Mapping { .. } => BuiltValue::Map(self.load_entries(id, depth + 1)?),
            NodeKind::Alias => return Err(BuildFault::new("an alias stands for nothing")),
        };
        Ok(BuiltNode::new(value, vec![(self.place)(self.value_span(id))]))
    }

    fn load_entries(&mut self, id: NodeId, depth: usize) -> Result<Vec<NodeEntry>, BuildFault> {
        let (mut own, mut merged): (Vec<NodeEntry>, Vec<BuiltNode>) = (Vec::new(), Vec::new());
        for (key, value) in self.tree.entries(id).to_vec() {
            let node = self.load_node(value, depth)?;
            if self.tree.is_merge(key) {
                merged.push(node);
                continue;
            }
            let name = self.key_name(key)?;
            if let Some(at) = own.iter().position(|entry| entry.key == name) {
                if self.reading == WordReading::Object {
                    return Err(BuildFault::new(format!("the key `{name}` stands twice in one mapping")));
                }
                own.remove(at);
            }
            let written = Some((self.place)(self.value_span(key)));
            own.push(NodeEntry { key: name, written, node });
        }
        for source in merged {
            let sources = match source.value {
                BuiltValue::List(sources) => sources,
                value => vec![BuiltNode::new(value, Vec::new())],
            };
            for entry in sources.into_iter().flat_map(into_entries) {
                if own.iter().all(|known| known.key != entry.key) {
                    own.push(entry);
                }
            }
        }
        Ok(own)
    }

    fn key_name(&self, key: NodeId) -> Result<String, BuildFault> {
        let key = self.tree.resolve_alias(key);
        let text = self.tree.scalar_text(key).unwrap_or_default();
        match (self.tree.plain_text(key), self.reading) {
            (None, _) => Ok(text.to_owned()),
            (Some(plain), WordReading::Older) => Ok(key_text(plain).into_owned()),
            (Some(plain), WordReading::Object) if is_text_word(plain) => Ok(plain.to_owned()),
            (Some(plain), WordReading::Object) => {
                Err(BuildFault::new(format!("the key `{plain}` is no text: put it in quotes")))
            }
        }
    }

    /// The bytes of a scalar's own text, without quotes where it stands there as it is.
    fn value_span(&self, id: NodeId) -> Span {
        let whole = self.tree.span(id);
        match self.tree.node(id).kind {
            NodeKind::Scalar { .. } => self.tree.written_text(id).unwrap_or(whole),
            _ => whole,
        }
    }

    fn scalar_value(&self, id: NodeId) -> BuiltValue {
        let text = self.tree.scalar_text(id).unwrap_or_default();
        let Some(plain) = self.tree.plain_text(id) else {
            return self.tagged_value(id, text);
        };
        match self.reading {
            WordReading::Object => object_value(plain),
            WordReading::Older => typed_value(plain),
        }
    }

    fn tagged_value(&self, id: NodeId, text: &str) -> BuiltValue {
        match self.tree.tag_span(id).map(|tag| tag.slice(self.tree.file_text())) {
            Some("!!int" | "!!bool" | "!!float" | "!!null") => typed_value(text),
            _ => BuiltValue::Text(text.to_owned()),
        }
    }
}

/// A plain word of an object.
pub(super) fn object_value(plain: &str) -> BuiltValue {
    if ambiguous_boolean(plain).is_some() {
        return BuiltValue::Text(plain.to_owned());
    }
    match typed_value(plain) {
        BuiltValue::Text(text) => BuiltValue::Text(dated_text(&text).into_owned()),
        value => value,
    }
}

/// True for a word that is a text in an object without quotes.
pub(super) fn is_text_word(plain: &str) -> bool {
    matches!(object_value(plain), BuiltValue::Text(text) if text == plain)
}

fn typed_value(plain: &str) -> BuiltValue {
    match type_unless_text(plain, ScalarTyping::GoYaml) {
        Some(Value::Null) => BuiltValue::Null,
        Some(Value::Bool(boolean)) => BuiltValue::Bool(boolean),
        Some(Value::Number(number)) => {
            json_number(&number).map_or_else(|| BuiltValue::Text(plain.to_owned()), BuiltValue::Number)
        }
        _ => BuiltValue::Text(plain.to_owned()),
    }
}

/// A day without a time is written out as the moment at which it begins.
fn dated_text(plain: &str) -> Cow<'_, str> {
    let bytes = plain.as_bytes();
    let is_day = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_day { Cow::Owned(format!("{plain}T00:00:00Z")) } else { Cow::Borrowed(plain) }
}

fn json_number(number: &serde_yaml::Number) -> Option<serde_json::Number> {
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    if let Some(whole) = number.as_u64() {
        return Some(whole.into());
    }
    let float = number.as_f64()?;
    // A whole number is written as one, whatever it was written as.
    #[expect(clippy::cast_possible_truncation, reason = "what is small and whole fits")]
    if float.fract() == 0.0 && float.abs() < 1e15 {
        return Some((float as i64).into());
    }
    serde_json::Number::from_f64(float)
}

fn into_entries(node: BuiltNode) -> Vec<NodeEntry> {
    match node.value {
        BuiltValue::Map(entries) => entries,
        _ => Vec::new(),
    }
}
