//! sprig's questions about types.

use super::argument_access::{any, text};
use crate::template::function_spec::{FunctionSpec, ParamType::*};
use crate::template::template_value::TemplateValue;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("typeOf", &[Any], |state, arguments| {
        Ok(state.plain_text(any(arguments, 0).type_name()).into())
    }),
    FunctionSpec::new("typeIs", &[Text, Any], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 0).as_str() == any(arguments, 1).type_name()))
    }),
    FunctionSpec::new("typeIsLike", &[Text, Any], |_, arguments| {
        let wish = text(arguments, 0);
        let value = any(arguments, 1);
        let name = value.type_name();
        Ok(TemplateValue::bool(
            wish.as_str() == name || name.strip_prefix('*').is_some_and(|name| wish.as_str() == name),
        ))
    }),
    FunctionSpec::new("kindOf", &[Any], |state, arguments| {
        Ok(state.plain_text(any(arguments, 0).kind_name()).into())
    }),
    FunctionSpec::new("kindIs", &[Text, Any], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 0).as_str() == any(arguments, 1).kind_name()))
    }),
    FunctionSpec::new("deepEqual", &[Any, Any], |state, arguments| {
        Ok(TemplateValue::bool(state.values_equal(&any(arguments, 0), &any(arguments, 1))?))
    }),
];
