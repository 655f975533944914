//! What a document's value must be after an edit, worked out on the value alone: what the written text is held against.

use serde_yaml::{Mapping, Value};

use super::refusal::shown;
use super::{EditConventions, Op, Refusal};
use crate::manifest::Step;

/// The value of the document after the changes. Shares no code with the edit of the text.
///
/// # Errors
/// When the value is not of a kind that a path can lead through.
pub fn expected(conventions: EditConventions, before: &Value, ops: &[Op]) -> Result<Value, Refusal> {
    let mut value = before.clone();
    for op in ops {
        match op {
            Op::Set { path, to } => *made(&mut value, path)? = to.clone(),
            Op::Append { path, item } => append(made(&mut value, path)?, item, path)?,
            Op::Remove { path } => remove(conventions, &mut value, path),
        }
    }
    Ok(value)
}

/// The place at the path, its missing parents made.
fn made<'a>(mut value: &'a mut Value, path: &[Step]) -> Result<&'a mut Value, Refusal> {
    for (depth, step) in path.iter().enumerate() {
        value = match step {
            Step::Key(key) => {
                if value.is_null() {
                    *value = Value::Mapping(Mapping::new());
                }
                let map = value.as_mapping_mut().ok_or_else(|| wrong(&path[..depth], "a mapping"))?;
                map.entry(Value::String(key.clone())).or_insert(Value::Null)
            }
            Step::Index(index) => {
                let list = value.as_sequence_mut().ok_or_else(|| wrong(&path[..depth], "a list"))?;
                list.get_mut(*index).ok_or_else(|| Refusal::NoItem(shown(&path[..=depth])))?
            }
        };
    }
    Ok(value)
}

fn append(list: &mut Value, item: &Value, path: &[Step]) -> Result<(), Refusal> {
    if list.is_null() {
        *list = Value::Sequence(Vec::new());
    }
    let items = list.as_sequence_mut().ok_or_else(|| wrong(path, "a list"))?;
    if !items.contains(item) {
        items.push(item.clone());
    }
    Ok(())
}

fn remove(conventions: EditConventions, root: &mut Value, path: &[Step]) {
    let Some((last, parents)) = path.split_last() else { return };
    let Some(parent) = found(root, parents) else { return };
    let left = match (parent, last) {
        (Value::Mapping(map), Step::Key(key)) => map.shift_remove(key.as_str()).map(|_| map.len()),
        (Value::Sequence(list), Step::Index(index)) if *index < list.len() => {
            list.remove(*index);
            Some(list.len())
        }
        _ => None,
    };
    let goes = match (parents.last(), last) {
        (Some(Step::Key(_)), Step::Index(_)) => true,
        (Some(Step::Key(key)), Step::Key(_)) => conventions.empty_is_absent.contains(&key.as_str()),
        _ => false,
    };
    if left == Some(0) && goes {
        remove(conventions, root, parents);
    }
}

fn found<'a>(value: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.as_mapping_mut()?.get_mut(key.as_str()),
        Step::Index(index) => value.as_sequence_mut()?.get_mut(*index),
    })
}

fn wrong(path: &[Step], wanted: &'static str) -> Refusal {
    Refusal::WrongKind { path: shown(path), is: "another kind of value", wanted }
}
