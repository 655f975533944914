//! Strings to lists and back.

use std::rc::Rc;

use super::argument_access::{any, int, text};
use super::text_functions::to_text;
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::{OriginText, TextBuilder};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::{count_parts, split};
use crate::template::value_collection::{ListType, MapEntry, MapType, ValueList, ValueMap};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("split", &[Text, Text], |state, arguments| {
        let parts = split_text(state, &text(arguments, 1), &text(arguments, 0), None)?;
        numbered(state, parts)
    }),
    FunctionSpec::new("splitn", &[Text, Int, Text], |state, arguments| {
        let limit = usize::try_from(int(arguments, 1)).ok();
        let parts = split_text(state, &text(arguments, 2), &text(arguments, 0), limit)?;
        numbered(state, parts)
    }),
    FunctionSpec::new("splitList", &[Text, Text], |state, arguments| {
        Ok(strings(split_text(state, &text(arguments, 1), &text(arguments, 0), None)?))
    }),
    FunctionSpec::new("toStrings", &[Any], |state, arguments| {
        Ok(strings(texts_of(state, &any(arguments, 0))?))
    }),
    FunctionSpec::new("join", &[Text, Any], call_join),
    FunctionSpec::new("sortAlpha", &[Any], |state, arguments| {
        let mut texts = texts_of(state, &any(arguments, 0))?;
        texts.sort_by(|one, other| one.bytes().cmp(other.bytes()));
        Ok(strings(texts))
    }),
];

/// The parts of a text, which are paid for before they are made.
fn split_text(
    state: &mut RenderState,
    value: &OriginText,
    separator: &OriginText,
    limit: Option<usize>,
) -> Result<Vec<OriginText>, CallError> {
    state.charge_values(count_parts(value, separator.bytes(), limit))?;
    Ok(split(value, separator.bytes(), limit))
}

/// A list of strings, of Go's type for it.
pub(super) fn strings(texts: Vec<OriginText>) -> TemplateValue {
    TemplateValue::List(ValueList::typed(
        ListType::Strings,
        texts.into_iter().map(TemplateValue::Text).collect(),
    ))
}

/// The same where Go has a nil slice for none.
pub(super) fn strings_or_nil(texts: Vec<OriginText>) -> TemplateValue {
    let items = texts.into_iter().map(TemplateValue::Text).collect();
    TemplateValue::List(ValueList::typed_or_nil(ListType::Strings, items))
}

/// The items as strings without those that are nil; one that is no list is a list of one.
pub(super) fn texts_of(state: &mut RenderState, value: &TemplateValue) -> Result<Vec<OriginText>, CallError> {
    Ok(match value.to_plain() {
        TemplateValue::List(list) => {
            state.charge_values(list.len())?;
            let items = list.items().iter().filter(|item| !item.is_nil());
            items.map(|item| to_text(state, item)).collect()
        }
        TemplateValue::Nil(_) if value.is_nil() => Vec::new(),
        _ => vec![to_text(state, value)],
    })
}

/// `_0`, `_1` and so on.
fn numbered(state: &mut RenderState, parts: Vec<OriginText>) -> CallResult {
    state.charge_map(parts.len())?;
    state.charge_steps(parts.len())?;
    let map = ValueMap::typed(MapType::Strings);
    for (index, part) in parts.into_iter().enumerate() {
        let key: Rc<str> = format!("_{index}").into();
        map.insert_entry(key, MapEntry { key_text: None, value: TemplateValue::Text(part) });
    }
    Ok(TemplateValue::Map(map))
}

fn call_join(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let separator = text(arguments, 0);
    let mut builder = TextBuilder::default();
    for (index, part) in texts_of(state, &any(arguments, 1))?.iter().enumerate() {
        if index > 0 {
            builder.push_text(&separator);
        }
        builder.push_text(part);
    }
    Ok(builder.finish().into())
}
