//! Holds an object as it is built: a tree in which each leaf knows the bytes that it comes from.

use serde_json::{Map, Number, Value};

use super::source_library::SourceId;
use crate::text::Span;

/// The ways in which a value gets into an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOrigin {
    Resource,
    Patch,
    JsonPatch,
    Images,
    Replicas,
    Namespace,
    NamePrefix,
    NameSuffix,
    Labels,
    Annotations,
    Generator,
    Replacement,
    Variable,
    Default,
}

impl PartOrigin {
    /// The word for it in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Patch => "patch",
            Self::JsonPatch => "json-patch",
            Self::Images => "images",
            Self::Replicas => "replicas",
            Self::Namespace => "namespace",
            Self::NamePrefix => "name-prefix",
            Self::NameSuffix => "name-suffix",
            Self::Labels => "labels",
            Self::Annotations => "annotations",
            Self::Generator => "generator",
            Self::Replacement => "replacement",
            Self::Variable => "var",
            Self::Default => "default",
        }
    }
}

/// A stretch of a file that a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcePart {
    pub file: SourceId,
    start: u32,
    end: u32,
    pub by: PartOrigin,
}

impl SourcePart {
    #[must_use]
    pub fn new(file: SourceId, span: Span, by: PartOrigin) -> Self {
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: small(span.start), end: small(span.end), by }
    }

    #[must_use]
    pub const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The same bytes, brought in another way.
    #[must_use]
    pub const fn brought_by(self, by: PartOrigin) -> Self {
        Self { by, ..self }
    }
}

/// A value, and the bytes that it comes from, in order.
#[derive(Clone, Debug, Default)]
pub struct BuiltNode {
    pub value: BuiltValue,
    /// Those of a leaf; of a map and a list where they begin, as far as that is known.
    pub parts: Vec<SourcePart>,
    /// Of a map the keys that a patch took out of it, or put something else for.
    pub gone: Vec<RemovedKey>,
}

/// A key that a patch took out of a map, and the bytes of the patch that say so.
#[derive(Clone, Debug)]
pub struct RemovedKey {
    pub key: String,
    pub part: SourcePart,
}

#[derive(Clone, Debug, Default)]
pub enum BuiltValue {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<BuiltNode>),
    Map(Vec<NodeEntry>),
}

/// A key of a map, where it was written, and its value.
#[derive(Clone, Debug)]
pub struct NodeEntry {
    pub key: String,
    pub written: Option<SourcePart>,
    pub node: BuiltNode,
}

impl BuiltNode {
    #[must_use]
    pub const fn new(value: BuiltValue, parts: Vec<SourcePart>) -> Self {
        Self { value, parts, gone: Vec::new() }
    }

    /// Remembers that a patch takes a key out, or puts something else for it.
    pub fn note_removal(&mut self, key: &str, part: Option<SourcePart>) {
        self.gone.extend(part.map(|part| RemovedKey { key: key.to_owned(), part }));
    }

    #[must_use]
    pub const fn text_of(text: String, parts: Vec<SourcePart>) -> Self {
        Self::new(BuiltValue::Text(text), parts)
    }

    #[must_use]
    pub const fn empty_map() -> Self {
        Self::new(BuiltValue::Map(Vec::new()), Vec::new())
    }

    #[must_use]
    pub const fn empty_list() -> Self {
        Self::new(BuiltValue::List(Vec::new()), Vec::new())
    }

    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.value, BuiltValue::Null)
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            BuiltValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first bytes that anything in it comes from.
    #[must_use]
    pub fn first_part(&self) -> Option<SourcePart> {
        let written =
            || self.entries().iter().find_map(|entry| entry.written.or_else(|| entry.node.first_part()));
        let own = self.parts.first().copied();
        own.or_else(written).or_else(|| self.items().iter().find_map(Self::first_part))
    }

    /// A scalar as it would be written.
    #[must_use]
    pub fn scalar_text(&self) -> Option<String> {
        match &self.value {
            BuiltValue::Text(text) => Some(text.clone()),
            BuiltValue::Number(number) => Some(number.to_string()),
            BuiltValue::Bool(boolean) => Some(boolean.to_string()),
            BuiltValue::Null => Some(String::new()),
            BuiltValue::List(_) | BuiltValue::Map(_) => None,
        }
    }

    #[must_use]
    pub fn entries(&self) -> &[NodeEntry] {
        match &self.value {
            BuiltValue::Map(entries) => entries,
            _ => &[],
        }
    }

    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            BuiltValue::List(items) => items,
            _ => &[],
        }
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            BuiltValue::Map(entries) => {
                entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
            }
            _ => None,
        }
    }

    /// The node at the end of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    #[must_use]
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_text()
    }

    /// Sets a key's value. Does nothing to what is no map.
    pub fn set(&mut self, key: &str, node: Self) {
        if let Some(own) = self.get_mut(key) {
            *own = node;
        } else {
            self.push_entry(key, node);
        }
    }

    /// Puts a key behind the others of a map, none of which is the same.
    pub(super) fn push_entry(&mut self, key: &str, node: Self) {
        if let BuiltValue::Map(entries) = &mut self.value {
            entries.push(NodeEntry { key: key.to_owned(), written: None, node });
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<NodeEntry> {
        let BuiltValue::Map(entries) = &mut self.value else { return None };
        let at = entries.iter().position(|entry| entry.key == key)?;
        Some(entries.remove(at))
    }

    /// The map at a key, made where there is none.
    pub fn map_at(&mut self, key: &str) -> Option<&mut Self> {
        if self.get(key).is_none_or(Self::is_null) {
            self.set(key, Self::empty_map());
        }
        self.get_mut(key)
    }

    /// Says of all of it that it came another way.
    pub fn brought_by(mut self, by: PartOrigin) -> Self {
        self.set_origin(by);
        self
    }

    fn set_origin(&mut self, by: PartOrigin) {
        self.parts.iter_mut().for_each(|part| part.by = by);
        match &mut self.value {
            BuiltValue::List(items) => items.iter_mut().for_each(|item| item.set_origin(by)),
            BuiltValue::Map(entries) => {
                for entry in entries {
                    entry.written = entry.written.map(|part| part.brought_by(by));
                    entry.node.set_origin(by);
                }
            }
            _ => {}
        }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.value {
            BuiltValue::Null => Value::Null,
            BuiltValue::Bool(boolean) => Value::Bool(*boolean),
            BuiltValue::Number(number) => Value::Number(number.clone()),
            BuiltValue::Text(text) => Value::String(text.clone()),
            BuiltValue::List(items) => items.iter().map(Self::to_json).collect(),
            BuiltValue::Map(entries) => Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// How many values it holds, itself included, and how deep they stand.
    #[must_use]
    pub fn extent(&self) -> (usize, usize) {
        let inner: Vec<(usize, usize)> = match &self.value {
            BuiltValue::List(items) => items.iter().map(Self::extent).collect(),
            BuiltValue::Map(entries) => entries.iter().map(|entry| entry.node.extent()).collect(),
            _ => Vec::new(),
        };
        let count = inner.iter().map(|(count, _)| count).sum::<usize>() + 1;
        (count, inner.iter().map(|(_, depth)| *depth).max().unwrap_or(0) + 1)
    }

    /// Equal values, wherever they come from.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (BuiltValue::Map(own), BuiltValue::Map(others)) => {
                own.len() == others.len()
                    && own.iter().all(|entry| other.get(&entry.key).is_some_and(|it| entry.node.equals(it)))
            }
            (BuiltValue::List(own), BuiltValue::List(others)) => {
                own.len() == others.len() && own.iter().zip(others).all(|(a, b)| a.equals(b))
            }
            (BuiltValue::Number(a), BuiltValue::Number(b)) => a.as_f64() == b.as_f64(),
            _ => self.to_json() == other.to_json(),
        }
    }
}
