//! Fields and methods: `.a.b`, with Go's difference between what is missing and what cannot have fields.

use std::rc::Rc;

use super::function_spec::ParamType;
use super::pipeline_eval::CommandArguments;
use super::template_error::TemplateError;
use super::template_executor::TemplateExecutor;
use super::template_value::{NilKind, TemplateValue};
use super::template_walk::TemplateRun;
use super::value_collection::{MapType, ValueMap};
use super::values_method::{call_values_method, has_values_method};

impl TemplateExecutor {
    /// A chain of fields, the last of which gets the arguments.
    pub(super) fn eval_fields(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        receiver: TemplateValue,
        names: &[Rc<str>],
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        let mut value = receiver;
        for (index, name) in names.iter().enumerate() {
            let own = if index + 1 == names.len() { arguments } else { CommandArguments::NONE };
            value = self.eval_field(run, dot, value, name, own)?;
        }
        Ok(value)
    }

    fn eval_field(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        receiver: TemplateValue,
        name: &str,
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        match &receiver {
            TemplateValue::Nil(NilKind::Invalid) => Ok(TemplateValue::NIL),
            TemplateValue::Nil(NilKind::Interface) => {
                Err(self.fail(format!("nil pointer evaluating interface {{}}.{name}")))
            }
            TemplateValue::Map(map) => self.eval_map_field(run, dot, map, name, arguments),
            TemplateValue::Object(object) if object.has_method(name) => {
                let values = self.eval_method_arguments(run, dot, arguments)?;
                match object.call_method(&mut self.state, name, &values) {
                    Some(result) => self.finish_call(name, result),
                    None => {
                        Err(self.fail(format!("can't evaluate field {name} in type {}", object.type_name())))
                    }
                }
            }
            TemplateValue::Object(object) => match object.field(name) {
                Some(_) if !arguments.is_empty() => {
                    Err(self.fail(format!("{name} has arguments but cannot be invoked as function")))
                }
                Some(value) => Ok(value),
                None => Err(self.fail(format!("can't evaluate field {name} in type {}", object.type_name()))),
            },
            other => {
                let message = format!("can't evaluate field {name} in type {}", interface_name(other));
                Err(self.fail(message))
            }
        }
    }

    fn eval_map_field(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        map: &ValueMap,
        name: &str,
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        if map.map_type() == MapType::Values && has_values_method(name) {
            let values = self.eval_method_arguments(run, dot, arguments)?;
            let result = call_values_method(&mut self.state, map, name, &values);
            return self.finish_call(name, result);
        }
        if !arguments.is_empty() {
            return Err(self.fail(format!("{name} is not a method but has arguments")));
        }
        Ok(map.get(name).map_or_else(|| map.map_type().missing(), mark_interface))
    }

    fn eval_method_arguments(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        arguments: CommandArguments<'_>,
    ) -> Result<Vec<TemplateValue>, TemplateError> {
        let mut values = Vec::with_capacity(arguments.count());
        for operand in arguments.operands {
            values.push(self.eval_argument(run, dot, operand, ParamType::Any)?);
        }
        values.extend(arguments.piped.cloned());
        Ok(values)
    }
}

/// A nil that comes out of a map is one in an interface, however it got there.
fn mark_interface(value: TemplateValue) -> TemplateValue {
    if value.is_nil() { TemplateValue::Nil(NilKind::Interface) } else { value }
}

fn interface_name(value: &TemplateValue) -> &str {
    match value {
        TemplateValue::Text(_) | TemplateValue::Bool(..) | TemplateValue::Float(..) => "interface {}",
        other => other.type_name(),
    }
}
