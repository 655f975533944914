//! Lists and maps of a template's values, shared. A list never changes; `set` and `merge` change a map for everybody who
//! holds it, as in Go.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::origin_table::KeyPathId;
use super::origin_text::OriginText;
use super::template_value::{LiteralText, NilKind, TemplateValue};

/// Go's type of a list, which some functions and comparisons tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    Any,
    Strings,
    Ints,
    Lists,
    Maps,
}

impl ListType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "[]interface {}",
            Self::Strings => "[]string",
            Self::Ints => "[]int",
            Self::Lists => "[][]interface {}",
            Self::Maps => "[]map[string]interface {}",
        }
    }
}

#[derive(Debug)]
struct ListData {
    list_type: ListType,
    items: Vec<TemplateValue>,
    key: Option<KeyPathId>,
    literal: LiteralText,
    is_nil: bool,
}

#[derive(Clone, Debug)]
pub struct ValueList(Rc<ListData>);

impl ValueList {
    pub fn new(items: Vec<TemplateValue>) -> Self {
        Self::typed(ListType::Any, items)
    }

    pub fn typed(list_type: ListType, items: Vec<TemplateValue>) -> Self {
        Self(Rc::new(ListData { list_type, items, key: None, literal: None, is_nil: false }))
    }

    /// The items, or where there are none Go's nil slice: an empty list that JSON and YAML write as null.
    pub fn typed_or_nil(list_type: ListType, items: Vec<TemplateValue>) -> Self {
        let is_nil = items.is_empty();
        Self(Rc::new(ListData { list_type, items, key: None, literal: None, is_nil }))
    }

    /// A list as it is written in a values file, under `key`; `literal` is `[]` where it is written so.
    pub fn written(items: Vec<TemplateValue>, key: Option<KeyPathId>, literal: LiteralText) -> Self {
        Self(Rc::new(ListData { list_type: ListType::Any, items, key, literal, is_nil: false }))
    }

    pub fn list_type(&self) -> ListType {
        self.0.list_type
    }

    pub fn items(&self) -> &[TemplateValue] {
        &self.0.items
    }

    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// True for Go's nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.is_nil
    }

    /// Where the list is written.
    pub fn key(&self) -> Option<KeyPathId> {
        self.0.key
    }

    pub fn literal(&self) -> LiteralText {
        self.0.literal.clone()
    }

    /// Whether both are one list, not only alike.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The items if nobody else holds the list, so that what is deeply nested can be taken apart without recursion.
    pub(super) fn into_items(self) -> Vec<TemplateValue> {
        Rc::try_unwrap(self.0).map_or_else(|_| Vec::new(), |mut data| std::mem::take(&mut data.items))
    }
}

impl Drop for ListData {
    fn drop(&mut self) {
        drop_flat(std::mem::take(&mut self.items));
    }
}

/// Go's type of a map, which decides on what a missing key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapType {
    Any,
    Values,
    Strings,
}

impl MapType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::Values => "common.Values",
            Self::Strings => "map[string]string",
        }
    }

    /// What a key is that is not there.
    pub fn missing(self) -> TemplateValue {
        match self {
            Self::Any | Self::Values => TemplateValue::Nil(NilKind::Interface),
            Self::Strings => TemplateValue::Text(OriginText::default()),
        }
    }
}

/// A key's value, and the key as it is written.
#[derive(Clone, Debug)]
pub struct MapEntry {
    pub key_text: LiteralText,
    pub value: TemplateValue,
}

#[derive(Debug)]
struct MapData {
    key: Option<KeyPathId>,
    literal: LiteralText,
    is_nil: bool,
    entries: RefCell<BTreeMap<Rc<str>, MapEntry>>,
}

/// A hold on a map. One map may be held under two types, as a subchart's values are.
#[derive(Clone, Debug)]
pub struct ValueMap(Rc<MapData>, MapType);

impl Default for ValueMap {
    fn default() -> Self {
        Self::typed(MapType::Any)
    }
}

impl ValueMap {
    pub fn typed(map_type: MapType) -> Self {
        Self::build(map_type, BTreeMap::new(), None, None)
    }

    /// A map as it is written in a values file, under `key`; `literal` is `{}` where it is written so.
    pub fn written(
        entries: BTreeMap<Rc<str>, MapEntry>,
        key: Option<KeyPathId>,
        literal: LiteralText,
    ) -> Self {
        Self::build(MapType::Any, entries, key, literal)
    }

    /// Go's nil map: an empty map that JSON and YAML write as null.
    pub fn nil(map_type: MapType) -> Self {
        let entries = RefCell::default();
        Self(Rc::new(MapData { key: None, literal: None, is_nil: true, entries }), map_type)
    }

    fn build(
        map_type: MapType,
        entries: BTreeMap<Rc<str>, MapEntry>,
        key: Option<KeyPathId>,
        literal: LiteralText,
    ) -> Self {
        Self(Rc::new(MapData { key, literal, is_nil: false, entries: RefCell::new(entries) }), map_type)
    }

    pub fn is_nil(&self) -> bool {
        self.0.is_nil
    }

    /// Another map of the same entries, which share what lies below.
    pub fn shallow_copy(&self, map_type: MapType) -> Self {
        Self::build(map_type, self.0.entries.borrow().clone(), self.0.key, self.0.literal.clone())
    }

    pub fn map_type(&self) -> MapType {
        self.1
    }

    /// The same map under another type.
    pub fn with_type(&self, map_type: MapType) -> Self {
        Self(self.0.clone(), map_type)
    }

    /// Where the map is written.
    pub fn key(&self) -> Option<KeyPathId> {
        self.0.key
    }

    pub fn literal(&self) -> LiteralText {
        self.0.literal.clone()
    }

    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, key: &str) -> Option<TemplateValue> {
        self.0.entries.borrow().get(key).map(|entry| entry.value.clone())
    }

    pub fn contains(&self, key: &str) -> bool {
        self.0.entries.borrow().contains_key(key)
    }

    pub fn insert(&self, key: &str, value: TemplateValue) {
        let mut entries = self.0.entries.borrow_mut();
        let old = match entries.get_mut(key) {
            Some(entry) => Some(std::mem::replace(&mut entry.value, value)),
            None => {
                entries.insert(key.into(), MapEntry { key_text: None, value });
                None
            }
        };
        drop(entries);
        drop(old);
    }

    pub fn insert_entry(&self, key: Rc<str>, entry: MapEntry) {
        let old = self.0.entries.borrow_mut().insert(key, entry);
        drop(old);
    }

    pub fn remove(&self, key: &str) -> Option<TemplateValue> {
        let old = self.0.entries.borrow_mut().remove(key);
        old.map(|entry| entry.value)
    }

    pub fn clear(&self) {
        let entries = std::mem::take(&mut *self.0.entries.borrow_mut());
        drop_flat(entries.into_values().map(|entry| entry.value).collect());
    }

    pub fn keys(&self) -> Vec<Rc<str>> {
        self.0.entries.borrow().keys().cloned().collect()
    }

    /// The entries as they are now, sorted by the keys' bytes.
    pub fn entries(&self) -> Vec<(Rc<str>, MapEntry)> {
        self.0.entries.borrow().iter().map(|(key, entry)| (key.clone(), entry.clone())).collect()
    }

    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    fn into_values(self) -> Vec<TemplateValue> {
        let Ok(mut data) = Rc::try_unwrap(self.0) else { return Vec::new() };
        std::mem::take(data.entries.get_mut()).into_values().map(|entry| entry.value).collect()
    }
}

impl Drop for MapData {
    fn drop(&mut self) {
        let entries = std::mem::take(self.entries.get_mut());
        drop_flat(entries.into_values().map(|entry| entry.value).collect());
    }
}

/// Drops values without recursion, since a hostile template can nest them as deep as it has steps.
pub(super) fn drop_flat(mut values: Vec<TemplateValue>) {
    while let Some(value) = values.pop() {
        match value {
            TemplateValue::List(list) => values.extend(list.into_items()),
            TemplateValue::Map(map) => values.extend(map.into_values()),
            _ => {}
        }
    }
}
