//! sprig's functions on strings that keep each byte's origin.

use super::argument_access::{any, int, text};
use crate::template::call_error::CallError;
use crate::template::format_verb::print_value;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::go_print::push_value;
use crate::template::go_quote::push_quoted;
use crate::template::origin_text::{MAX_TEXT, OriginText, TextBuilder};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::{self, find, find_all, trim_range, trim_space};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("trim", &[Text], |_, arguments| Ok(trim_space(&text(arguments, 0)).into())),
    FunctionSpec::new("trimAll", &[Text, Text], |_, arguments| Ok(trim_set(arguments))),
    FunctionSpec::new("trimall", &[Text, Text], |_, arguments| Ok(trim_set(arguments))),
    FunctionSpec::new("trimPrefix", &[Text, Text], |_, arguments| {
        let value = text(arguments, 1);
        let start =
            if value.bytes().starts_with(text(arguments, 0).bytes()) { text(arguments, 0).len() } else { 0 };
        Ok(value.slice(start..value.len()).into())
    }),
    FunctionSpec::new("trimSuffix", &[Text, Text], |_, arguments| {
        let value = text(arguments, 1);
        let cut =
            if value.bytes().ends_with(text(arguments, 0).bytes()) { text(arguments, 0).len() } else { 0 };
        Ok(value.slice(0..value.len() - cut).into())
    }),
    FunctionSpec::new("trunc", &[Int, Text], |_, arguments| {
        Ok(truncate(int(arguments, 0), &text(arguments, 1)))
    }),
    FunctionSpec::new("substr", &[Int, Int, Text], call_substr),
    FunctionSpec::new("replace", &[Text, Text, Text], call_replace),
    FunctionSpec::new("repeat", &[Int, Text], call_repeat),
    FunctionSpec::new("indent", &[Int, Text], |state, arguments| indent_lines(state, arguments, false)),
    FunctionSpec::new("nindent", &[Int, Text], |state, arguments| indent_lines(state, arguments, true)),
    FunctionSpec::new("contains", &[Text, Text], |_, arguments| {
        let (needle, value) = (text(arguments, 0), text(arguments, 1));
        Ok(TemplateValue::bool(needle.is_empty() || find(value.bytes(), needle.bytes()).is_some()))
    }),
    FunctionSpec::new("hasPrefix", &[Text, Text], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 1).bytes().starts_with(text(arguments, 0).bytes())))
    }),
    FunctionSpec::new("hasSuffix", &[Text, Text], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 1).bytes().ends_with(text(arguments, 0).bytes())))
    }),
    FunctionSpec::variadic("quote", &[], Any, |state, arguments| Ok(quote_all(state, arguments))),
    FunctionSpec::variadic("squote", &[], Any, |state, arguments| Ok(single_quote_all(state, arguments))),
    FunctionSpec::variadic("cat", &[], Any, |state, arguments| {
        let glue = state.glue();
        let mut builder = TextBuilder::default();
        for (index, value) in arguments.iter().filter(|value| !value.is_nil()).enumerate() {
            if index > 0 {
                builder.push_computed(" ", glue);
            }
            push_value(&mut builder, value, glue);
        }
        Ok(builder.finish().into())
    }),
    FunctionSpec::new("nospace", &[Text], |state, arguments| {
        let value = text(arguments, 0);
        if value.bytes().is_ascii() {
            return Ok(remove_spaces(&value).into());
        }
        // sprig goes through bytes and writes each as the character of that number.
        let chars = value.bytes().iter().map(|byte| char::from(*byte)).filter(|char| !char.is_whitespace());
        Ok(state.computed(chars.collect::<String>(), arguments).into())
    }),
    FunctionSpec::new("toString", &[Any], |state, arguments| Ok(to_text(state, &any(arguments, 0)).into())),
    FunctionSpec::new("plural", &[Text, Text, Int], |_, arguments| {
        Ok(any(arguments, if int(arguments, 2) == 1 { 0 } else { 1 }))
    }),
    FunctionSpec::new("hello", &[], |state, _| Ok(state.plain_text("Hello!").into())),
];

/// How many copies of a text are put together in the time of a step.
const REPEATS_PER_STEP: usize = 16;

/// A value as sprig's `toString` gives it, with the origin of what is printed as it is written.
pub(super) fn to_text(state: &mut RenderState, value: &TemplateValue) -> OriginText {
    match value {
        TemplateValue::Text(text) | TemplateValue::Bytes(text) => text.clone(),
        other => {
            let glue = state.glue_from(std::slice::from_ref(other));
            print_value(other, glue)
        }
    }
}

fn trim_set(arguments: &[TemplateValue]) -> TemplateValue {
    let (set, value) = (text(arguments, 0), text(arguments, 1));
    let set = set.as_str();
    value.slice(trim_range(value.bytes(), |char| set.contains(char), true, true)).into()
}

fn truncate(count: i64, value: &OriginText) -> TemplateValue {
    let length = value.len();
    let wish = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count < 0 && length > wish {
        return value.slice(length - wish..length).into();
    }
    if count >= 0 && length > wish {
        return value.slice(0..wish).into();
    }
    value.clone().into()
}

fn call_substr(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (start, end, value) = (int(arguments, 0), int(arguments, 1), text(arguments, 2));
    let length = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let (from, to) = match (start, end) {
        (start, end) if start < 0 => (0, end),
        (start, end) if end < 0 || end > length => (start, length),
        (start, end) => (start, end),
    };
    match (usize::try_from(from), usize::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to && to <= value.len() => Ok(value.slice(from..to).into()),
        _ => Err("runtime error: slice bounds out of range".into()),
    }
}

fn call_replace(_: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (from, to, value) = (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    Ok(text_edit::replace(&value, from.bytes(), &to, None).into())
}

fn call_repeat(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let value = text(arguments, 1);
    let count =
        usize::try_from(int(arguments, 0)).map_err(|_| CallError::new("strings: negative Repeat count"))?;
    if count.checked_mul(value.len()).is_none_or(|length| length >= MAX_TEXT) {
        return Err("strings: Repeat output length overflow".into());
    }
    state.charge_steps(count / REPEATS_PER_STEP)?;
    let mut builder = TextBuilder::default();
    if !value.is_empty() {
        for _ in 0..count {
            builder.push_text(&value);
        }
    }
    Ok(builder.finish().into())
}

fn indent_lines(state: &mut RenderState, arguments: &[TemplateValue], newline: bool) -> CallResult {
    let value = text(arguments, 1);
    let spaces =
        usize::try_from(int(arguments, 0)).map_err(|_| CallError::new("strings: negative Repeat count"))?;
    let lines = 1 + find_all(value.bytes(), b"\n", None).len();
    if spaces.checked_mul(lines).is_none_or(|length| length >= MAX_TEXT) {
        return Err("strings: Repeat output length overflow".into());
    }
    let glue = state.glue();
    Ok(text_edit::indent(&value, spaces, newline, glue).into())
}

fn quote_all(state: &mut RenderState, arguments: &[TemplateValue]) -> TemplateValue {
    let glue = state.glue_from(arguments);
    let mut builder = TextBuilder::default();
    for value in arguments.iter().filter(|value| !value.is_nil()) {
        if !builder.is_empty() {
            builder.push_computed(" ", glue);
        }
        let value = to_text(state, value);
        push_quoted(&mut builder, &value, glue, false);
    }
    builder.finish().into()
}

fn single_quote_all(state: &mut RenderState, arguments: &[TemplateValue]) -> TemplateValue {
    let glue = state.glue_from(arguments);
    let mut builder = TextBuilder::default();
    for value in arguments.iter().filter(|value| !value.is_nil()) {
        builder.push_computed(if builder.is_empty() { "'" } else { " '" }, glue);
        push_value(&mut builder, value, glue);
        builder.push_computed("'", glue);
    }
    builder.finish().into()
}

fn remove_spaces(value: &OriginText) -> OriginText {
    let string = value.as_str();
    let mut builder = TextBuilder::default();
    for (at, char) in string.char_indices() {
        if !char.is_whitespace() {
            builder.push_slice(value, at..at + char.len_utf8());
        }
    }
    builder.finish()
}
