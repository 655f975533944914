//! Computes a document's value after an edit from the value alone, to hold the written text against.

use serde_yaml::{Mapping, Value};

use super::edit_refusal::path_label;
use super::{EditConventions, EditRefusal, YamlEdit};
use crate::yaml::PathStep;

/// The value of the document after the changes. Shares no code with the edit of the text.
///
/// # Errors
/// When the value is not of a kind that a path can lead through.
pub fn expected_value(
    conventions: EditConventions,
    before: &Value,
    ops: &[YamlEdit],
) -> Result<Value, EditRefusal> {
    let mut value = before.clone();
    for op in ops {
        match op {
            YamlEdit::Set { path, to } => *get_or_insert(&mut value, path)? = to.clone(),
            YamlEdit::Append { path, item } => append_item(get_or_insert(&mut value, path)?, item, path)?,
            YamlEdit::Remove { path } => remove_path(conventions, &mut value, path),
        }
    }
    Ok(value)
}

/// The place at the path, its missing parents made.
fn get_or_insert<'a>(mut value: &'a mut Value, path: &[PathStep]) -> Result<&'a mut Value, EditRefusal> {
    for (depth, step) in path.iter().enumerate() {
        value = match step {
            PathStep::Key(key) => {
                if value.is_null() {
                    *value = Value::Mapping(Mapping::new());
                }
                let map = value.as_mapping_mut().ok_or_else(|| wrong_kind(&path[..depth], "a mapping"))?;
                map.entry(Value::String(key.clone())).or_insert(Value::Null)
            }
            PathStep::Index(index) => {
                let list = value.as_sequence_mut().ok_or_else(|| wrong_kind(&path[..depth], "a list"))?;
                list.get_mut(*index).ok_or_else(|| EditRefusal::MissingItem(path_label(&path[..=depth])))?
            }
        };
    }
    Ok(value)
}

fn append_item(list: &mut Value, item: &Value, path: &[PathStep]) -> Result<(), EditRefusal> {
    if list.is_null() {
        *list = Value::Sequence(Vec::new());
    }
    let items = list.as_sequence_mut().ok_or_else(|| wrong_kind(path, "a list"))?;
    if !items.contains(item) {
        items.push(item.clone());
    }
    Ok(())
}

fn remove_path(conventions: EditConventions, root: &mut Value, path: &[PathStep]) {
    let Some((last, parents)) = path.split_last() else { return };
    let Some(parent) = find_value(root, parents) else { return };
    let left = match (parent, last) {
        (Value::Mapping(map), PathStep::Key(key)) => map.shift_remove(key.as_str()).map(|_| map.len()),
        (Value::Sequence(list), PathStep::Index(index)) if *index < list.len() => {
            list.remove(*index);
            Some(list.len())
        }
        _ => None,
    };
    let goes = match (parents.last(), last) {
        (Some(PathStep::Key(_)), PathStep::Index(_)) => true,
        (Some(PathStep::Key(key)), PathStep::Key(_)) => conventions.empty_is_absent.contains(&key.as_str()),
        _ => false,
    };
    if left == Some(0) && goes {
        remove_path(conventions, root, parents);
    }
}

fn find_value<'a>(value: &'a mut Value, path: &[PathStep]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.as_mapping_mut()?.get_mut(key.as_str()),
        PathStep::Index(index) => value.as_sequence_mut()?.get_mut(*index),
    })
}

fn wrong_kind(path: &[PathStep], wanted: &'static str) -> EditRefusal {
    EditRefusal::WrongKind { path: path_label(path), is: "another kind of value", expected: wanted }
}
