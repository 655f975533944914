//! Helm's own functions: `include`, `tpl`, `required`, `lookup`; and sprig's `fail`.

use super::argument_access::{any, text};
use crate::template::function_spec::{CallResult, ExecutorFunction, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_error::TemplateErrorKind;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::executor("include", &[Text, Any], None, ExecutorFunction::Include),
    FunctionSpec::executor("tpl", &[Text, Any], None, ExecutorFunction::Tpl),
    FunctionSpec::new("required", &[Text, Any], call_required),
    FunctionSpec::new("fail", &[Text], |state, arguments| {
        let message = text(arguments, 0).as_str().into_owned();
        if state.settings.lenient {
            state.add_complaint(TemplateErrorKind::Fail, message);
            return Ok(state.plain_text("").into());
        }
        Err(message.into())
    }),
    FunctionSpec::new("lookup", &[Text, Text, Text, Text], |_, _| {
        Ok(TemplateValue::Map(ValueMap::default()))
    }),
    FunctionSpec::new("getHostByName", &[Text], |state, _| Ok(state.plain_text("").into())),
];

fn call_required(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let value = any(arguments, 1);
    let missing = match &value {
        TemplateValue::Nil(_) => true,
        TemplateValue::Text(text) => text.is_empty(),
        _ => false,
    };
    if !missing {
        return Ok(value);
    }
    let message = text(arguments, 0).as_str().into_owned();
    if state.settings.lenient {
        state.add_complaint(TemplateErrorKind::Required, message);
        return Ok(state.plain_text("").into());
    }
    Err(message.into())
}
