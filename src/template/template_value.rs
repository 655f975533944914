//! The values of a template, with Go's types and with an origin on each node.

use std::fmt;
use std::rc::Rc;

use super::call_error::CallError;
use super::date_moment::DateMoment;
use super::origin_table::ComputedId;
use super::origin_text::OriginText;
use super::value_collection::{ValueList, ValueMap};

/// How a number or a truth is written where it was written; it is printed with that origin if it still reads so.
pub type LiteralText = Option<OriginText>;

/// Go tells a nil that came out of a container from one that is no value at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NilKind {
    Invalid,
    Interface,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntType {
    Int,
    Int64,
    Uint8,
    Uint64,
}

impl IntType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint64 => "uint64",
        }
    }
}

#[derive(Clone, Debug)]
pub enum TemplateValue {
    Nil(NilKind),
    Bool(bool, LiteralText),
    Int(i64, IntType, LiteralText),
    Float(f64, LiteralText),
    Text(OriginText),
    Bytes(OriginText),
    List(ValueList),
    Map(ValueMap),
    Object(ObjectNode),
}

/// What Go's `reflect` calls the kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoKind {
    Invalid,
    Bool,
    Int,
    Float,
    String,
    Slice,
    Map,
    Struct,
    Pointer,
}

impl TemplateValue {
    pub const NIL: Self = Self::Nil(NilKind::Invalid);

    /// A whole number made by a function that says `int`.
    pub fn int(value: i64) -> Self {
        Self::Int(value, IntType::Int, None)
    }

    pub fn bool(value: bool) -> Self {
        Self::Bool(value, None)
    }

    pub fn list(items: Vec<Self>) -> Self {
        Self::List(ValueList::new(items))
    }

    pub fn default_text() -> Self {
        Self::Text(OriginText::default())
    }

    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil(_))
    }

    /// The same value after an interface is taken off it, as at the end of a pipeline.
    pub fn unwrap_interface(self) -> Self {
        if self.is_nil() { Self::NIL } else { self }
    }

    pub fn kind(&self) -> GoKind {
        match self {
            Self::Nil(_) => GoKind::Invalid,
            Self::Bool(..) => GoKind::Bool,
            Self::Int(..) => GoKind::Int,
            Self::Float(..) => GoKind::Float,
            Self::Text(_) => GoKind::String,
            Self::Bytes(_) | Self::List(_) => GoKind::Slice,
            Self::Map(_) => GoKind::Map,
            Self::Object(object) => object.kind(),
        }
    }

    /// The kind's name as sprig's `kindOf` gives it.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Int(_, int_type, _) => int_type.name(),
            _ => match self.kind() {
                GoKind::Invalid => "invalid",
                GoKind::Bool => "bool",
                GoKind::Int => "int",
                GoKind::Float => "float64",
                GoKind::String => "string",
                GoKind::Slice => "slice",
                GoKind::Map => "map",
                GoKind::Struct => "struct",
                GoKind::Pointer => "ptr",
            },
        }
    }

    /// The type's name as `printf "%T"` gives it.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Nil(_) => "<nil>",
            Self::Bool(..) => "bool",
            Self::Int(_, int_type, _) => int_type.name(),
            Self::Float(..) => "float64",
            Self::Text(_) => "string",
            Self::Bytes(_) => "[]uint8",
            Self::List(list) => list.list_type().name(),
            Self::Map(map) => map.map_type().name(),
            Self::Object(object) => object.type_name(),
        }
    }

    /// Go's truth: anything that is not zero, empty or missing.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil(_) => false,
            Self::Bool(value, _) => *value,
            Self::Int(value, ..) => *value != 0,
            Self::Float(value, _) => *value != 0.0,
            Self::Text(text) | Self::Bytes(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => match object.kind() {
                GoKind::Map | GoKind::Slice => object.to_plain().is_true(),
                _ => true,
            },
        }
    }

    /// The list or map that an object of the chart is, for all who only read.
    pub fn to_plain(&self) -> Self {
        match self {
            Self::Object(object) if matches!(object.kind(), GoKind::Map | GoKind::Slice) => object.to_plain(),
            other => other.clone(),
        }
    }

    /// The text that the scalar is written as, where it was written.
    pub fn literal(&self) -> LiteralText {
        match self {
            Self::Bool(_, literal) | Self::Int(_, _, literal) | Self::Float(_, literal) => literal.clone(),
            Self::Text(text) | Self::Bytes(text) => Some(text.clone()),
            Self::List(list) => list.literal(),
            Self::Map(map) => map.literal(),
            Self::Nil(_) | Self::Object(_) => None,
        }
    }
}

impl From<OriginText> for TemplateValue {
    fn from(text: OriginText) -> Self {
        Self::Text(text)
    }
}

impl From<Rc<dyn TemplateObject>> for TemplateValue {
    fn from(object: Rc<dyn TemplateObject>) -> Self {
        Self::Object(ObjectNode::new(object))
    }
}

/// What a method of an object may ask of the render that calls it.
pub trait MethodCaller {
    /// Bytes that the running action puts in of its own.
    fn glue(&mut self) -> ComputedId;

    /// A text that the running action computes from these values.
    fn computed_text(&mut self, text: Vec<u8>, from: &[TemplateValue]) -> OriginText;

    /// Takes what as many values hold that the method is about to make, beside their bytes.
    fn charge_values(&mut self, count: usize) -> Result<(), CallError>;

    /// A text that Helm draws at random or from the clock.
    fn random_text(&mut self, text: Vec<u8>) -> OriginText;
}

/// What a chart puts into its templates that is no plain value, with Go's fields and methods: files, capabilities, dates,
/// versions.
pub trait TemplateObject {
    fn type_name(&self) -> &'static str;

    fn kind(&self) -> GoKind;

    /// A field of the struct, or a key of the map.
    fn field(&self, name: &str) -> Option<TemplateValue>;

    /// Calls the method of that name; none where there is no such method.
    fn call_method(
        &self,
        _caller: &mut dyn MethodCaller,
        _name: &str,
        _arguments: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        None
    }

    fn has_method(&self, _name: &str) -> bool {
        false
    }

    /// The list, map or scalar that this is for who only reads: `range`, `len`, JSON, YAML.
    fn to_plain(&self) -> TemplateValue;

    /// How `%v` prints it.
    fn print(&self) -> String;

    /// What a function gets for it, where that is a copy which lacks the methods of its address.
    fn argument_copy(&self) -> Option<TemplateValue> {
        None
    }

    /// Whether chance or the clock had a part in it.
    fn is_random(&self) -> bool {
        false
    }

    /// The moment that it is, with its zone.
    fn as_moment(&self) -> Option<DateMoment> {
        None
    }

    /// The text that JSON, YAML and TOML hold for it, where it is no list and no map.
    fn to_scalar(&self) -> Option<String> {
        None
    }
}

#[derive(Clone)]
pub struct ObjectNode(Rc<dyn TemplateObject>);

impl ObjectNode {
    pub fn new(object: Rc<dyn TemplateObject>) -> Self {
        Self(object)
    }

    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for ObjectNode {
    type Target = dyn TemplateObject;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for ObjectNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ObjectNode").field(&self.0.type_name()).finish()
    }
}
