//! Turns a change of the value into changes of the text, one at a time, for edits.

use serde_yaml::{Mapping, Value};

use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use super::{EditRefusal, YamlEdit, block_insert, edit_guard, remove_value, replace_value};
use crate::text::Splice;
use crate::yaml::yaml_tree::{NodeId, NodeKind};
use crate::yaml::{PathStep, YamlPath};

/// A task that remains to be done: a change, or a part of one.
enum EditTask {
    Apply(YamlEdit),
    /// The list at the path has one more item, whether or not it holds an equal one.
    Push {
        path: YamlPath,
        item: Value,
    },
}

/// The result of a task: text changes, or smaller tasks that take its place.
enum EditStep {
    Splice(Vec<Splice>),
    Split(Vec<EditTask>),
}

const NO_CHANGE: EditStep = EditStep::Splice(Vec::new());

/// Makes one change, reading the text again after each step.
pub(super) fn apply_edit(page: &mut EditBuffer, op: &YamlEdit) -> Result<(), EditRefusal> {
    let mut tasks = vec![EditTask::Apply(op.clone())];
    while let Some(task) = tasks.pop() {
        let next = match &task {
            EditTask::Apply(YamlEdit::Set { path, to }) => set_value(page, path, to)?,
            EditTask::Apply(YamlEdit::Append { path, item }) => append_step(page, path, item)?,
            EditTask::Apply(YamlEdit::Remove { path }) => {
                EditStep::Splice(remove_value::remove_value(page, path)?)
            }
            EditTask::Push { path, item } => push_item(page, path, item)?,
        };
        match next {
            EditStep::Splice(splices) if splices.is_empty() => {}
            EditStep::Splice(splices) => page.apply_splices(&splices)?,
            EditStep::Split(parts) => tasks.extend(parts.into_iter().rev()),
        }
    }
    Ok(())
}

/// The place in the document that a path leads to: the node at its end, or the null or the mapping at which it stops.
pub(super) struct PathLookup {
    pub(super) node: NodeId,
    pub(super) depth: usize,
}

/// Follows a path through what may be edited.
pub(super) fn look_up_path(page: &EditBuffer, path: &[PathStep]) -> Result<PathLookup, EditRefusal> {
    let mut node = page.tree().root().ok_or(EditRefusal::EmptyDocument)?;
    for (depth, step) in path.iter().enumerate() {
        let here = &path[..depth];
        edit_guard::check_editable(page, node, here)?;
        let wrong = |wanted| EditRefusal::WrongKind {
            path: path_label(here),
            is: kind_name(page, node),
            expected: wanted,
        };
        let stops = Ok(PathLookup { node, depth });
        node = match (&page.tree().node(node).kind, step) {
            (NodeKind::Mapping { .. }, PathStep::Key(key)) => match page.tree().get(node, key) {
                Some(value) => value,
                None => return stops,
            },
            (NodeKind::Sequence { .. }, PathStep::Index(index)) => *page
                .tree()
                .items(node)
                .get(*index)
                .ok_or_else(|| EditRefusal::MissingItem(path_label(&path[..=depth])))?,
            (_, PathStep::Key(_)) if page.value_at(here).is_some_and(Value::is_null) => return stops,
            (_, PathStep::Key(_)) => return Err(wrong("a mapping")),
            (_, PathStep::Index(_)) => return Err(wrong("a list")),
        };
    }
    edit_guard::check_editable(page, node, path)?;
    Ok(PathLookup { node, depth: path.len() })
}

fn kind_name(page: &EditBuffer, node: NodeId) -> &'static str {
    match page.tree().node(node).kind {
        NodeKind::Scalar { .. } => "a single value",
        NodeKind::Mapping { .. } => "a mapping",
        NodeKind::Sequence { .. } => "a list",
        NodeKind::Alias => "an alias",
    }
}

fn set_value(page: &EditBuffer, path: &[PathStep], to: &Value) -> Result<EditStep, EditRefusal> {
    let reach = look_up_path(page, path)?;
    let (here, rest) = path.split_at(reach.depth);
    match rest {
        [] => set_existing(page, reach.node, path, to),
        [PathStep::Key(key), inner @ ..] if !page.tree().entries(reach.node).is_empty() => {
            block_insert::insert_entry(page, reach.node, key, &wrap_in_keys(to, inner, path)?, here)
                .map(EditStep::Splice)
        }
        _ => replace_value::replace_value(page, reach.node, here, &wrap_in_keys(to, rest, path)?)
            .map(EditStep::Splice),
    }
}

/// The value under the keys that lead to it.
fn wrap_in_keys(value: &Value, keys: &[PathStep], path: &[PathStep]) -> Result<Value, EditRefusal> {
    keys.iter().rev().try_fold(value.clone(), |value, step| match step {
        PathStep::Key(key) => Ok(Value::Mapping(Mapping::from_iter([(Value::from(key.as_str()), value)]))),
        PathStep::Index(_) => Err(EditRefusal::MissingItem(path_label(path))),
    })
}

/// Sets the value of a node that is there. Of two collections, only what differs changes.
fn set_existing(
    page: &EditBuffer,
    node: NodeId,
    path: &[PathStep],
    to: &Value,
) -> Result<EditStep, EditRefusal> {
    let now = page.value_at(path).ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))?;
    match (now, to) {
        _ if now == to && page.kubectl_value_of(node).is_none_or(|read| read == *to) => Ok(NO_CHANGE),
        (Value::Mapping(now), Value::Mapping(to)) if !now.is_empty() && !to.is_empty() => {
            let sets =
                to.iter().map(|(k, v)| Ok(YamlEdit::Set { path: child_path(path, k)?, to: v.clone() }));
            let gone = now.keys().filter(|key| !to.contains_key(*key));
            let removals = gone.map(|k| Ok(YamlEdit::Remove { path: child_path(path, k)? }));
            sets.chain(removals)
                .map(|op| op.map(EditTask::Apply))
                .collect::<Result<_, _>>()
                .map(EditStep::Split)
        }
        (Value::Sequence(now), Value::Sequence(to)) if !now.is_empty() && !to.is_empty() => {
            Ok(EditStep::Split(set_items(path, now.len(), to)))
        }
        (Value::Mapping(m), _) if !m.is_empty() => Err(unfit_kind(page, node, path)),
        (Value::Sequence(s), _) if !s.is_empty() => Err(unfit_kind(page, node, path)),
        _ => replace_value::replace_value(page, node, path, to).map(EditStep::Splice),
    }
}

fn set_items(path: &[PathStep], now: usize, to: &[Value]) -> Vec<EditTask> {
    let at = |index: usize| [path, &[PathStep::Index(index)]].concat();
    let sets = to.iter().take(now).enumerate();
    let sets = sets.map(|(index, item)| EditTask::Apply(YamlEdit::Set { path: at(index), to: item.clone() }));
    let more = to.iter().skip(now).map(|item| EditTask::Push { path: path.to_vec(), item: item.clone() });
    let gone = (to.len()..now).rev().map(|index| EditTask::Apply(YamlEdit::Remove { path: at(index) }));
    sets.chain(more).chain(gone).collect()
}

fn child_path(path: &[PathStep], key: &Value) -> Result<YamlPath, EditRefusal> {
    let key = key.as_str().ok_or_else(|| EditRefusal::ComplexKey(path_label(path)))?;
    Ok([path, &[PathStep::from(key)]].concat())
}

fn unfit_kind(page: &EditBuffer, node: NodeId, path: &[PathStep]) -> EditRefusal {
    EditRefusal::WrongKind {
        path: path_label(path),
        is: kind_name(page, node),
        expected: "what belongs there",
    }
}

fn append_step(page: &EditBuffer, path: &[PathStep], item: &Value) -> Result<EditStep, EditRefusal> {
    match page.value_at(path) {
        Some(Value::Sequence(items)) if items.contains(item) => Ok(NO_CHANGE),
        Some(Value::Sequence(items)) if !items.is_empty() => push_item(page, path, item),
        None | Some(Value::Null | Value::Sequence(_)) => {
            set_value(page, path, &Value::Sequence(vec![item.clone()]))
        }
        Some(_) => {
            let node = look_up_path(page, path)?.node;
            Err(EditRefusal::WrongKind {
                path: path_label(path),
                is: kind_name(page, node),
                expected: "a list",
            })
        }
    }
}

fn push_item(page: &EditBuffer, path: &[PathStep], item: &Value) -> Result<EditStep, EditRefusal> {
    let list = look_up_path(page, path)?.node;
    block_insert::insert_item(page, list, item, path).map(EditStep::Splice)
}
