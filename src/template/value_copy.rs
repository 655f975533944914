//! Copies of values that share nothing with what they were made from.

use super::template_value::TemplateValue;
use super::value_collection::{MapEntry, ValueList};

/// How deep a value may be nested that is copied; one that holds itself has no end.
const MAX_DEPTH: usize = 400;

/// For how many nodes a map counts that was read: room for some entries is made at once.
pub(super) const MAP_NODES: usize = 4;

/// The nodes of a tree of values that was read.
pub fn count_nodes(value: &TemplateValue) -> usize {
    match value {
        TemplateValue::List(list) => 1 + list.items().iter().map(count_nodes).sum::<usize>(),
        TemplateValue::Map(map) => {
            MAP_NODES + map.entries().iter().map(|(_, entry)| 1 + count_nodes(&entry.value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// A copy down to the leaves, taking a node off `left` for each; none where they do not suffice.
pub fn deep_copy(value: &TemplateValue, left: &mut usize) -> Option<TemplateValue> {
    copy_nested(value, left, 0)
}

fn copy_nested(value: &TemplateValue, left: &mut usize, depth: usize) -> Option<TemplateValue> {
    *left = left.checked_sub(1)?;
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match value {
        TemplateValue::List(list) => {
            let items = list.items().iter().map(|item| copy_nested(item, left, depth + 1));
            let items = items.collect::<Option<Vec<_>>>()?;
            match list.list_type() {
                super::value_collection::ListType::Any => {
                    TemplateValue::List(ValueList::written(items, list.key(), list.literal()))
                }
                other => TemplateValue::List(ValueList::typed(other, items)),
            }
        }
        TemplateValue::Map(map) => {
            let copy = map.shallow_copy(map.map_type());
            for (key, entry) in map.entries() {
                let value = copy_nested(&entry.value, left, depth + 1)?;
                copy.insert_entry(key, MapEntry { key_text: entry.key_text, value });
            }
            TemplateValue::Map(copy)
        }
        other => other.clone(),
    })
}
