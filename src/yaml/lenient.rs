//! Keeps fields that may be missing or of a wrong type apart from good ones, for whoever reads manifests by types.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_yaml::Value;

/// The type name by which a lenient field makes itself known to serde; see [`super::deserialize`].
pub(crate) const LENIENT: &str = "Lenient";

/// The content of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Lenient<T> {
    /// Nothing, or null, which the API server reads as nothing.
    #[default]
    Absent,
    /// A value that is not of the field's type. What it was meant to be is unknown. It is rare, and takes no more room than
    /// that in all the fields that are right.
    Wrong(Box<Value>),
    Value(T),
}

/// A list, each of whose items is read on its own.
pub type LenientList<T> = Lenient<Vec<Lenient<T>>>;

/// A mapping, each of whose values is read on its own.
pub type LenientMap<T> = Lenient<BTreeMap<String, Lenient<T>>>;

impl<T> Lenient<T> {
    /// The value, where it is of the right type.
    #[must_use]
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Wrong(_) => None,
        }
    }

    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// True when the value written is not of the right type.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong(_))
    }

    /// True when the value is known and is this one.
    #[must_use]
    pub fn is<U: PartialEq + ?Sized>(&self, other: &U) -> bool
    where
        T: Borrow<U>,
    {
        self.get().is_some_and(|value| value.borrow() == other)
    }

    /// A field of the value; what is wrong with the whole is wrong with its parts.
    #[must_use]
    pub fn map_field<U: Clone>(&self, field: impl FnOnce(&T) -> &Lenient<U>) -> Lenient<U> {
        match self {
            Self::Absent => Lenient::Absent,
            Self::Wrong(value) => Lenient::Wrong(value.clone()),
            Self::Value(value) => field(value).clone(),
        }
    }
}

impl<T> Lenient<Vec<Lenient<T>>> {
    /// Takes out the items that could be read, with their place in the list.
    pub(crate) fn take_valid(&mut self) -> Vec<(usize, T)> {
        let Self::Value(items) = std::mem::take(self) else { return Vec::new() };
        let items = items.into_iter().enumerate();
        items
            .filter_map(|(at, item)| if let Lenient::Value(item) = item { Some((at, item)) } else { None })
            .collect()
    }

    /// The items that could be read, with their place in the list.
    pub fn valid_items(&self) -> impl Iterator<Item = (usize, &T)> {
        let items = self.get().into_iter().flatten().enumerate();
        items.filter_map(|(at, item)| item.get().map(|item| (at, item)))
    }
}

impl<T> Lenient<BTreeMap<String, Lenient<T>>> {
    /// The value at a key.
    #[must_use]
    pub fn value_at(&self, key: &str) -> &Lenient<T> {
        self.get().and_then(|map| map.get(key)).unwrap_or(&Lenient::Absent)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(LENIENT, LenientVisitor(PhantomData))
    }
}

/// Reads a field from a copy of its value, or from a deserializer that need not copy it.
struct LenientVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for LenientVisitor<T> {
    type Value = Lenient<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lenient<T>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match T::deserialize(&value) {
            _ if value.is_null() => Lenient::Absent,
            Ok(read) => Lenient::Value(read),
            Err(_) => Lenient::Wrong(Box::new(value)),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut questions: A) -> Result<Lenient<T>, A::Error> {
        if questions.next_element()? == Some(true) {
            return Ok(Lenient::Absent);
        }
        match questions.next_element() {
            Ok(Some(read)) => Ok(Lenient::Value(read)),
            _ => Ok(Lenient::Wrong(Box::new(questions.next_element()?.unwrap_or_default()))),
        }
    }
}
