//! Hands a node to serde as kubectl reads it, for types: from the tree itself, without a copy of its value.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_yaml::{Error, Value};

use super::lenient::LENIENT;
use super::scalar_typing;
use super::scalar_typing::{ScalarTyping, type_unless_text};
use super::yaml_tree::{NodeId, NodeKind, YamlTree};

/// A node of a tree without aliases, merges and repeated keys.
#[derive(Clone, Copy)]
pub(super) struct TreeDeserializer<'t> {
    pub tree: &'t YamlTree,
    pub node: NodeId,
}

impl<'t> TreeDeserializer<'t> {
    const fn at_node(self, node: NodeId) -> Self {
        Self { node, ..self }
    }
}

impl<'de> Deserializer<'de> for TreeDeserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self { tree, node } = self;
        if let Some(text) = tree.plain_text(node) {
            return match type_unless_text(text, ScalarTyping::GoYaml) {
                None => visitor.visit_borrowed_str(text),
                Some(Value::Bool(boolean)) => visitor.visit_bool(boolean),
                Some(Value::Number(number)) => number.deserialize_any(visitor),
                Some(_) => visitor.visit_unit(),
            };
        }
        match tree.node(node).kind {
            NodeKind::Scalar { .. } => visitor.visit_borrowed_str(tree.scalar_text(node).unwrap_or_default()),
            NodeKind::Sequence { .. } => {
                visitor.visit_seq(ItemSeqAccess { deserializer: self, items: tree.items(node) })
            }
            NodeKind::Mapping { .. } => visitor.visit_map(EntryMapAccess {
                deserializer: self,
                entries: tree.entries(node),
                value: None,
            }),
            NodeKind::Alias => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.tree.is_null(self.node) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// A lenient field tries a null first, then the field's type, and where that is refused any value at all.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == LENIENT {
            visitor.visit_seq(LenientSeqAccess { reader: self, is_asked: false })
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    /// A list is none, though serde would take its items for the fields in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if matches!(self.tree.node(self.node).kind, NodeKind::Sequence { .. }) {
            return Err(<Error as serde::de::Error>::custom("a list in the place of a mapping"));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier
    }
}

struct LenientSeqAccess<'t> {
    reader: TreeDeserializer<'t>,
    is_asked: bool,
}

impl<'t> SeqAccess<'t> for LenientSeqAccess<'t> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        if std::mem::replace(&mut self.is_asked, true) {
            return seed.deserialize(self.reader).map(Some);
        }
        let is_null = self.reader.tree.is_null(self.reader.node);
        seed.deserialize(is_null.into_deserializer()).map(Some)
    }
}

struct ItemSeqAccess<'t> {
    deserializer: TreeDeserializer<'t>,
    items: &'t [NodeId],
}

impl<'t> SeqAccess<'t> for ItemSeqAccess<'t> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((first, rest)) = self.items.split_first() else { return Ok(None) };
        self.items = rest;
        seed.deserialize(self.deserializer.at_node(*first)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct EntryMapAccess<'t> {
    deserializer: TreeDeserializer<'t>,
    entries: &'t [(NodeId, NodeId)],
    value: Option<NodeId>,
}

impl<'t> MapAccess<'t> for EntryMapAccess<'t> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(((key, value), rest)) = self.entries.split_first() else { return Ok(None) };
        self.entries = rest;
        self.value = Some(*value);
        // Never a number: serde would take it for a field by its place.
        match self.deserializer.tree.plain_text(*key).map(scalar_typing::key_text) {
            Some(Cow::Borrowed(text)) => seed.deserialize(BorrowedStrDeserializer::new(text)),
            Some(Cow::Owned(text)) => seed.deserialize(text.into_deserializer()),
            None => seed.deserialize(self.deserializer.at_node(*key)),
        }
        .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value =
            self.value.take().ok_or_else(|| <Error as serde::de::Error>::custom("a value without a key"))?;
        seed.deserialize(self.deserializer.at_node(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}
