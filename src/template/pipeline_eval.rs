//! Evaluates pipelines, commands and operands, with Go's rules for what may be called and what may be missing.

use super::call_error::CallError;
use super::function_spec::{CallResult, ExecutorFunction, FunctionCall, FunctionSpec, ParamType};
use super::functions::find_function;
use super::number_lexer::NumberConstant;
use super::template_error::{TemplateError, TemplateErrorKind};
use super::template_executor::TemplateExecutor;
use super::template_tree::{CommandNode, OperandKind, OperandNode, PipelineNode};
use super::template_value::TemplateValue;
use super::template_walk::TemplateRun;

/// How many variables are looked through in the time of a step.
const VARIABLES_PER_STEP: usize = 64;

/// The operands behind the first one, and the value that a pipe brings as the last.
#[derive(Clone, Copy)]
pub(super) struct CommandArguments<'a> {
    pub(super) operands: &'a [OperandNode],
    pub(super) piped: Option<&'a TemplateValue>,
}

impl CommandArguments<'_> {
    pub(super) const NONE: CommandArguments<'static> = CommandArguments { operands: &[], piped: None };

    pub(super) fn is_empty(&self) -> bool {
        self.operands.is_empty() && self.piped.is_none()
    }

    pub(super) fn count(&self) -> usize {
        self.operands.len() + usize::from(self.piped.is_some())
    }
}

impl TemplateExecutor {
    pub(super) fn eval_pipeline(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        pipe: &PipelineNode,
    ) -> Result<TemplateValue, TemplateError> {
        self.state.enter()?;
        let mut value = None;
        for command in &pipe.commands {
            let result = self.eval_command(run, dot, command, value.as_ref())?;
            value = Some(result.unwrap_interface());
        }
        self.state.leave();
        let value = value.unwrap_or(TemplateValue::NIL);
        for name in &pipe.variables {
            if pipe.is_assign {
                if !run.assign(name, value.clone()) {
                    return Err(self.fail(format!("undefined variable: {name}")));
                }
            } else {
                run.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn eval_command(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        command: &CommandNode,
        piped: Option<&TemplateValue>,
    ) -> Result<TemplateValue, TemplateError> {
        self.state.charge_step()?;
        let Some((first, operands)) = command.operands.split_first() else { return Ok(TemplateValue::NIL) };
        let arguments = CommandArguments { operands, piped };
        let callable = matches!(
            first.kind,
            OperandKind::Field(_)
                | OperandKind::Chain(..)
                | OperandKind::Function(_)
                | OperandKind::Variable(..)
        );
        if !callable && !arguments.is_empty() {
            let text = run.body.source.text.slice(first.span.clone());
            return Err(self.fail(format!("can't give argument to non-function {}", text.as_str())));
        }
        if matches!(first.kind, OperandKind::Nil) {
            return Err(self.fail("nil is not a command"));
        }
        self.eval_callable(run, dot, first, arguments)
    }

    pub(super) fn fail(&self, message: impl Into<String>) -> TemplateError {
        self.state.error_here(TemplateErrorKind::Execution, message)
    }

    /// An operand with the arguments that a command gives it.
    fn eval_callable(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        operand: &OperandNode,
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        match &operand.kind {
            OperandKind::Dot => Ok(dot.clone()),
            OperandKind::Nil => Ok(TemplateValue::NIL),
            OperandKind::Bool(value) => {
                let literal = run.body.source.text.slice(operand.span.clone());
                Ok(TemplateValue::Bool(*value, Some(literal)))
            }
            OperandKind::Number(number) => self.ideal_constant(run, operand, *number),
            OperandKind::Text(text) => Ok(TemplateValue::Text(text.clone())),
            OperandKind::Field(names) => self.eval_fields(run, dot, dot.clone(), names, arguments),
            OperandKind::Variable(name, names) => {
                self.state.charge_steps(run.variables.len() / VARIABLES_PER_STEP)?;
                let Some(value) = run.variable(name).cloned() else {
                    return Err(self.fail(format!("undefined variable: {name}")));
                };
                if names.is_empty() {
                    if !arguments.is_empty() {
                        return Err(self.fail(format!("can't give argument to non-function {name}")));
                    }
                    return Ok(value);
                }
                self.eval_fields(run, dot, value, names, arguments)
            }
            OperandKind::Function(name) => self.eval_function(run, dot, name, arguments),
            OperandKind::Pipeline(pipe) => self.eval_pipeline(run, dot, pipe),
            OperandKind::Chain(first, names) => {
                if matches!(first.kind, OperandKind::Nil) {
                    return Err(self.fail("indirection through explicit nil"));
                }
                let value = self.eval_callable(run, dot, first, CommandArguments::NONE)?;
                self.eval_fields(run, dot, value, names, arguments)
            }
        }
    }

    /// A constant where any type is welcome: whole numbers are `int`, those with a point or exponent `float64`.
    fn ideal_constant(
        &mut self,
        run: &TemplateRun<'_>,
        operand: &OperandNode,
        number: NumberConstant,
    ) -> Result<TemplateValue, TemplateError> {
        let literal = Some(run.body.source.text.slice(operand.span.clone()));
        match (number.is_fraction, number.float, number.int) {
            (true, Some(value), _) => Ok(TemplateValue::Float(value, literal)),
            (_, _, Some(value)) => {
                Ok(TemplateValue::Int(value, super::template_value::IntType::Int, literal))
            }
            _ => Err(self.fail("constant overflows int")),
        }
    }

    /// An operand as an argument of a type.
    pub(super) fn eval_argument(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        operand: &OperandNode,
        param: ParamType,
    ) -> Result<TemplateValue, TemplateError> {
        let constant = match &operand.kind {
            OperandKind::Nil => {
                return match param {
                    ParamType::Any | ParamType::Map | ParamType::List => Ok(TemplateValue::NIL),
                    _ => Err(self.fail(format!("cannot assign nil to {}", param.name()))),
                };
            }
            OperandKind::Number(number) => Some(self.typed_constant(run, operand, *number, param)?),
            OperandKind::Bool(_) | OperandKind::Text(_) => {
                Some(self.eval_callable(run, dot, operand, CommandArguments::NONE)?)
            }
            _ => None,
        };
        if let Some(value) = constant {
            return param.validate(value).map_err(|_| {
                let text = run.body.source.text.slice(operand.span.clone());
                self.fail(format!("expected {}; found {}", param.name(), text.as_str()))
            });
        }
        let value = self.eval_callable(run, dot, operand, CommandArguments::NONE)?;
        param.validate(value).map_err(|message| self.fail(message))
    }

    fn typed_constant(
        &mut self,
        run: &TemplateRun<'_>,
        operand: &OperandNode,
        number: NumberConstant,
        param: ParamType,
    ) -> Result<TemplateValue, TemplateError> {
        use super::template_value::IntType;
        let literal = Some(run.body.source.text.slice(operand.span.clone()));
        match (param, number.int, number.float) {
            (ParamType::Int, Some(value), _) => Ok(TemplateValue::Int(value, IntType::Int, literal)),
            (ParamType::Int64, Some(value), _) => Ok(TemplateValue::Int(value, IntType::Int64, literal)),
            (ParamType::Float, _, Some(value)) => Ok(TemplateValue::Float(value, literal)),
            (ParamType::Any, ..) => self.ideal_constant(run, operand, number),
            _ => {
                let text = run.body.source.text.slice(operand.span.clone());
                Err(self.fail(format!("expected {}; found {}", param.name(), text.as_str())))
            }
        }
    }

    fn eval_function(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        name: &str,
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        let Some(spec) = find_function(name) else {
            return Err(self.fail(format!("{name:?} is not a defined function")));
        };
        spec.check_count(arguments.count()).map_err(|message| self.fail(message))?;
        if let FunctionCall::Executor(ExecutorFunction::Connective { stops_at }) = spec.call {
            return self.eval_connective(run, dot, stops_at, arguments);
        }
        let values = self.eval_arguments(run, dot, spec, arguments)?;
        self.state.charge_inputs(&values)?;
        let result = match spec.call {
            FunctionCall::Plain(call) => call(&mut self.state, &values),
            FunctionCall::Executor(function) => self.call_template(function, &values),
        };
        self.finish_call(name, result)
    }

    fn call_template(&mut self, function: ExecutorFunction, values: &[TemplateValue]) -> CallResult {
        let [TemplateValue::Text(text), data] = values else { return Ok(TemplateValue::NIL) };
        Ok(match function {
            ExecutorFunction::Include => self.include(&text.as_str(), data.clone())?.into(),
            ExecutorFunction::Tpl => self.execute_text(text, data.clone())?.into(),
            ExecutorFunction::Connective { .. } => TemplateValue::NIL,
        })
    }

    fn eval_arguments(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        spec: &FunctionSpec,
        arguments: CommandArguments<'_>,
    ) -> Result<Vec<TemplateValue>, TemplateError> {
        let mut values = Vec::with_capacity(arguments.count());
        for operand in arguments.operands {
            let param = spec.param(values.len()).unwrap_or(ParamType::Any);
            values.push(self.eval_argument(run, dot, operand, param)?);
        }
        if let Some(piped) = arguments.piped {
            let param = spec.param(values.len()).unwrap_or(ParamType::Any);
            values.push(param.validate(piped.clone()).map_err(|message| self.fail(message))?);
        }
        Ok(values)
    }

    /// What a call gave, charged for, or its error at this action.
    pub(super) fn finish_call(
        &mut self,
        name: &str,
        result: Result<TemplateValue, CallError>,
    ) -> Result<TemplateValue, TemplateError> {
        match result {
            Ok(value) => {
                self.state.charge_values(1)?;
                match &value {
                    TemplateValue::Text(text) => self.state.charge_text(text)?,
                    TemplateValue::List(list) => {
                        self.state.charge_steps(list.len())?;
                        self.state.charge_bytes_of::<TemplateValue>(list.len())?;
                    }
                    _ => {}
                }
                Ok(value)
            }
            Err(CallError::Inner(error)) => Err(*error),
            Err(CallError::Message(message)) if name == "required" => {
                Err(self.state.error_here(TemplateErrorKind::Required, message))
            }
            Err(CallError::Message(message)) if name == "fail" => {
                Err(self.state.error_here(TemplateErrorKind::Fail, message))
            }
            Err(CallError::Message(message)) => Err(self.fail(format!("error calling {name}: {message}"))),
        }
    }

    /// `and` and `or` give back the operand that decides and do not look at the rest.
    fn eval_connective(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        stops_at: bool,
        arguments: CommandArguments<'_>,
    ) -> Result<TemplateValue, TemplateError> {
        let mut value = TemplateValue::NIL;
        for operand in arguments.operands {
            value = self.eval_argument(run, dot, operand, ParamType::Any)?;
            if value.is_true() == stops_at {
                return Ok(value);
            }
        }
        Ok(arguments.piped.cloned().unwrap_or(value))
    }
}
