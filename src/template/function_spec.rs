//! What a function of the language takes: Go checks each argument's type before it calls.

use super::call_error::CallError;
use super::render_state::RenderState;
use super::template_value::{IntType, NilKind, TemplateValue};
use super::value_collection::{ListType, MapType};

pub type CallResult = Result<TemplateValue, CallError>;

/// Go's type of a date.
pub const TIME_TYPE: &str = "time.Time";

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    Any,
    Text,
    Bool,
    Int,
    Int64,
    Float,
    /// `map[string]interface {}`
    Map,
    /// `[]interface {}`
    List,
    /// `time.Time`
    Time,
}

impl ParamType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Text => "string",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::Map => MapType::Any.name(),
            Self::List => ListType::Any.name(),
            Self::Time => TIME_TYPE,
        }
    }

    /// The value as an argument of this type, or Go's refusal.
    pub fn validate(self, value: TemplateValue) -> Result<TemplateValue, String> {
        let fits = match (self, &value) {
            (Self::Any, TemplateValue::Nil(_)) => return Ok(TemplateValue::NIL),
            (Self::Map | Self::List, TemplateValue::Nil(NilKind::Invalid)) => return Ok(value),
            (_, TemplateValue::Nil(NilKind::Invalid)) => {
                return Err(format!("invalid value; expected {}", self.name()));
            }
            (_, TemplateValue::Nil(NilKind::Interface)) => false,
            (Self::Any, _)
            | (Self::Text, TemplateValue::Text(_))
            | (Self::Bool, TemplateValue::Bool(..))
            | (Self::Int, TemplateValue::Int(_, IntType::Int, _))
            | (Self::Int64, TemplateValue::Int(_, IntType::Int64, _))
            | (Self::Float, TemplateValue::Float(..)) => true,
            (Self::Map, TemplateValue::Map(map)) => map.map_type() != MapType::Strings,
            (Self::List, TemplateValue::List(list)) => list.list_type() == ListType::Any,
            (Self::Time, TemplateValue::Object(object)) => object.type_name() == TIME_TYPE,
            _ => false,
        };
        if fits {
            return Ok(match &value {
                TemplateValue::Object(object) => object.argument_copy().unwrap_or(value),
                TemplateValue::Map(map) if self == Self::Map => {
                    TemplateValue::Map(map.with_type(MapType::Any))
                }
                _ => value,
            });
        }
        let actual = if value.is_nil() { "interface {}" } else { value.type_name() };
        Err(format!("wrong type for value; expected {}; got {actual}", self.name()))
    }
}

/// A function of the language.
#[derive(Debug)]
pub struct FunctionSpec {
    pub name: &'static str,
    pub params: &'static [ParamType],
    /// The type of any further arguments.
    pub rest: Option<ParamType>,
    pub call: FunctionCall,
}

/// What computes a function from its arguments and the state of the render.
pub type PlainFunction = fn(&mut RenderState, &[TemplateValue]) -> CallResult;

#[derive(Clone, Copy, Debug)]
pub enum FunctionCall {
    Plain(PlainFunction),
    Executor(ExecutorFunction),
}

/// The functions that run templates or choose which arguments are evaluated: the executor does them itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutorFunction {
    /// `and`, `or`: the operand at which it stops is false, or true.
    Connective {
        stops_at: bool,
    },
    Include,
    Tpl,
}

impl FunctionSpec {
    pub const fn new(name: &'static str, params: &'static [ParamType], call: PlainFunction) -> Self {
        Self { name, params, rest: None, call: FunctionCall::Plain(call) }
    }

    pub const fn variadic(
        name: &'static str,
        params: &'static [ParamType],
        rest: ParamType,
        call: PlainFunction,
    ) -> Self {
        Self { name, params, rest: Some(rest), call: FunctionCall::Plain(call) }
    }

    pub const fn executor(
        name: &'static str,
        params: &'static [ParamType],
        rest: Option<ParamType>,
        function: ExecutorFunction,
    ) -> Self {
        Self { name, params, rest, call: FunctionCall::Executor(function) }
    }

    pub fn param(&self, index: usize) -> Option<ParamType> {
        self.params.get(index).copied().or(self.rest)
    }

    /// Go's refusal of a wrong number of arguments.
    pub fn check_count(&self, count: usize) -> Result<(), String> {
        let fixed = self.params.len();
        match self.rest {
            Some(_) if count < fixed => {
                Err(format!("wrong number of args for {}: want at least {fixed} got {count}", self.name))
            }
            None if count != fixed => {
                Err(format!("wrong number of args for {}: want {fixed} got {count}", self.name))
            }
            _ => Ok(()),
        }
    }
}
