//! Strings to lists and back.

use std::rc::Rc;

use super::argument_access::{any, int, text};
use super::text_functions::to_text;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::{OriginText, TextBuilder};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::split;
use crate::template::value_collection::{ListType, MapEntry, MapType, ValueList, ValueMap};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("split", &[Text, Text], |_, arguments| {
        Ok(numbered(split(&text(arguments, 1), text(arguments, 0).bytes(), None)))
    }),
    FunctionSpec::new("splitn", &[Text, Int, Text], |_, arguments| {
        let limit = usize::try_from(int(arguments, 1)).ok();
        Ok(numbered(split(&text(arguments, 2), text(arguments, 0).bytes(), limit)))
    }),
    FunctionSpec::new("splitList", &[Text, Text], |_, arguments| {
        Ok(strings(split(&text(arguments, 1), text(arguments, 0).bytes(), None)))
    }),
    FunctionSpec::new("toStrings", &[Any], |state, arguments| {
        let texts = texts_of(state, &any(arguments, 0));
        Ok(strings(texts))
    }),
    FunctionSpec::new("join", &[Text, Any], call_join),
    FunctionSpec::new("sortAlpha", &[Any], |state, arguments| {
        let mut texts = texts_of(state, &any(arguments, 0));
        texts.sort_by(|one, other| one.bytes().cmp(other.bytes()));
        Ok(strings(texts))
    }),
];

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
pub(super) fn texts_of(state: &mut RenderState, value: &TemplateValue) -> Vec<OriginText> {
    match value.to_plain() {
        TemplateValue::List(list) => {
            let items = list.items().iter().filter(|item| !item.is_nil());
            items.map(|item| to_text(state, item)).collect()
        }
        TemplateValue::Nil(_) if value.is_nil() => Vec::new(),
        _ => vec![to_text(state, value)],
    }
}

/// `_0`, `_1` and so on.
fn numbered(parts: Vec<OriginText>) -> TemplateValue {
    let map = ValueMap::typed(MapType::Strings);
    for (index, part) in parts.into_iter().enumerate() {
        let key: Rc<str> = format!("_{index}").into();
        map.insert_entry(key, MapEntry { key_text: None, value: TemplateValue::Text(part) });
    }
    TemplateValue::Map(map)
}

fn call_join(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let separator = text(arguments, 0);
    let mut builder = TextBuilder::default();
    for (index, part) in texts_of(state, &any(arguments, 1)).iter().enumerate() {
        if index > 0 {
            builder.push_text(&separator);
        }
        builder.push_text(part);
    }
    Ok(builder.finish().into())
}
