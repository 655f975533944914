//! Applies a JSON patch (RFC 6902) with kustomize's leniency: `replace` adds what is absent, other faults end the build.

use std::collections::HashMap;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, NodeEntry, RemovedKey, SourcePart};

/// How deep values may stand in an object, and how many it may have, once copies are made.
const MAX_DEPTH: usize = 250;
const MAX_VALUES: usize = 200_000;

/// The most operations of one patch.
const MAX_OPERATIONS: usize = 20_000;
/// So many that set keys of one map, one after the other, look these up together.
const MANY_SETS: usize = 32;

/// The operations of a patch.
#[derive(Clone, Debug)]
pub(super) struct JsonPatch(Vec<BuiltNode>);

impl JsonPatch {
    /// A document as a patch, where it is a list of operations.
    pub(super) fn from_node(node: BuiltNode) -> Option<Self> {
        match node.value {
            BuiltValue::List(items) if items.iter().all(|item| item.text_at(&["op"]).is_some()) => {
                Some(Self(items))
            }
            _ => None,
        }
    }

    pub(super) fn apply(&self, root: &mut BuiltNode) -> Result<(), BuildFault> {
        if self.0.len() > MAX_OPERATIONS {
            return Err(BuildFault::new(format!("a patch has more than {MAX_OPERATIONS} operations")));
        }
        let mut rest = self.0.as_slice();
        while let Some((first, others)) = rest.split_first() {
            let sets = sets_of_one_map(rest);
            if sets.len() >= MANY_SETS && set_keys(root, sets) {
                rest = &rest[sets.len()..];
            } else {
                apply_operation(root, first)?;
                rest = others;
            }
        }
        Ok(())
    }
}

fn verb_of(operation: &BuiltNode) -> &str {
    operation.text_at(&["op"]).unwrap_or_default()
}

fn pointer_of(operation: &BuiltNode) -> &str {
    operation.text_at(&["path"]).unwrap_or_default()
}

/// The operations at the beginning that set keys of one map.
fn sets_of_one_map(operations: &[BuiltNode]) -> &[BuiltNode] {
    let map_of = |operation| {
        let is_set = matches!(verb_of(operation), "add" | "replace");
        pointer_of(operation).rsplit_once('/').filter(|_| is_set).map(|(map, _)| map)
    };
    let first = operations.first().and_then(map_of);
    let count = operations.iter().take_while(|own| first.is_some() && map_of(own) == first).count();
    &operations[..count]
}

/// Sets keys of one map, each looked up in a table, as [`apply_operation`] does one by one; false where that is no map.
fn set_keys(root: &mut BuiltNode, operations: &[BuiltNode]) -> bool {
    let paths: Option<Vec<Vec<String>>> =
        operations.iter().map(|operation| parse_pointer(pointer_of(operation))).collect();
    let Some(paths) = paths else { return false };
    let Some((_, above)) = paths.first().and_then(|path| path.split_last()) else { return false };
    let Some(map) = find_parent(root, above).filter(|_| above.len() < MAX_DEPTH) else { return false };
    let BuiltNode { value: BuiltValue::Map(entries), gone, .. } = map else { return false };
    let keys = entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at));
    let mut places: HashMap<String, usize> = HashMap::new();
    keys.for_each(|(key, at)| {
        places.entry(key).or_insert(at);
    });
    for (operation, mut path) in operations.iter().zip(paths) {
        let node = operation.get("value").cloned().unwrap_or_default();
        let Some(key) = path.pop() else { return false };
        let Some(at) = places.get(&key) else {
            places.insert(key.clone(), entries.len());
            entries.push(NodeEntry { key, written: None, node });
            continue;
        };
        let own = &mut entries[*at];
        if own.node.scalar_text().is_none() {
            let place = operation.get("path").and_then(BuiltNode::first_part);
            gone.extend(place.map(|part| RemovedKey { key, part }));
        }
        own.node = node;
    }
    true
}

fn apply_operation(root: &mut BuiltNode, operation: &BuiltNode) -> Result<(), BuildFault> {
    let verb = verb_of(operation);
    let pointer = pointer_of(operation);
    let refuse = |why: &str| BuildFault::new(format!("a patch's `{verb}` of {pointer} {why}"));
    let path = parse_pointer(pointer).ok_or_else(|| refuse("has no path"))?;
    let value = || operation.get("value").cloned().unwrap_or_default();
    let from = || operation.text_at(&["from"]).and_then(parse_pointer).ok_or_else(|| refuse("has no `from`"));
    if path.len() > MAX_DEPTH {
        return Err(refuse("goes too deep"));
    }
    let place = operation.get("path").and_then(BuiltNode::first_part);
    let is_same = find_value(root, &path).is_some_and(|old| verb != "remove" && old.scalar_text().is_some());
    if matches!(verb, "add" | "replace" | "remove") && !is_same && find_value(root, &path).is_some() {
        note_removal(root, &path, place);
    }
    match verb {
        "add" => add_value(root, &path, value()).map_err(|why| refuse(&why)),
        "replace" => replace_value(root, &path, value()).map_err(|why| refuse(&why)),
        "remove" => take_value(root, &path).map(drop).map_err(|why| refuse(&why)),
        "test" => {
            let found = find_value(root, &path);
            let wanted = value();
            let holds = found.map_or_else(|| wanted.is_null(), |found| found.equals(&wanted));
            if holds { Ok(()) } else { Err(refuse("fails")) }
        }
        "move" => {
            let value = take_value(root, &from()?).map_err(|why| refuse(&why))?;
            if value.extent().1 + path.len() > MAX_DEPTH {
                return Err(refuse("goes too deep"));
            }
            add_value(root, &path, value).map_err(|why| refuse(&why))
        }
        "copy" => {
            let value = find_value(root, &from()?).cloned().ok_or_else(|| refuse("has nothing to copy"))?;
            let ((own, _), (added, depth)) = (root.extent(), value.extent());
            if own + added > MAX_VALUES || depth + path.len() > MAX_DEPTH {
                return Err(refuse("makes the object too large"));
            }
            add_value(root, &path, value).map_err(|why| refuse(&why))
        }
        _ => Err(refuse("is no operation")),
    }
}

/// Remembers at a map that an operation takes a key out of it, or puts another map or list for one.
fn note_removal(root: &mut BuiltNode, path: &[String], place: Option<SourcePart>) {
    if let Some((key, above)) = path.split_last()
        && let Some(parent) = find_parent(root, above).filter(|parent| !parent.entries().is_empty())
    {
        parent.note_removal(key, place);
    }
}

fn parse_pointer(pointer: &str) -> Option<Vec<String>> {
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect())
}

fn find_value<'a>(root: &'a BuiltNode, path: &[String]) -> Option<&'a BuiltNode> {
    path.iter().try_fold(root, |node, key| match &node.value {
        BuiltValue::List(items) => items.get(list_index(key, items.len())?),
        _ => node.get(key),
    })
}

fn find_parent<'a>(root: &'a mut BuiltNode, path: &[String]) -> Option<&'a mut BuiltNode> {
    path.iter().try_fold(root, |node, key| match &mut node.value {
        BuiltValue::List(items) => {
            let at = list_index(key, items.len())?;
            items.get_mut(at)
        }
        BuiltValue::Map(entries) => {
            entries.iter_mut().find(|entry| entry.key == *key).map(|entry| &mut entry.node)
        }
        _ => None,
    })
}

/// The index of an element; negative ones count from the end.
fn list_index(key: &str, length: usize) -> Option<usize> {
    let index: i64 = key.parse().ok()?;
    let at = if index < 0 { index + i64::try_from(length).ok()? } else { index };
    usize::try_from(at).ok()
}

fn parent_and_key<'a, 'b>(
    root: &'a mut BuiltNode,
    path: &'b [String],
) -> Result<(&'a mut BuiltNode, &'b str), String> {
    let (key, above) = path.split_last().ok_or("has no path")?;
    let parent = find_parent(root, above).filter(|parent| !parent.is_null());
    Ok((parent.ok_or("has nothing to stand in")?, key))
}

fn add_value(root: &mut BuiltNode, path: &[String], value: BuiltNode) -> Result<(), String> {
    let (parent, key) = parent_and_key(root, path)?;
    match &mut parent.value {
        BuiltValue::Map(_) => parent.set(key, value),
        BuiltValue::List(items) if key == "-" => items.push(value),
        BuiltValue::List(items) => {
            let at = list_index(key, items.len() + 1).filter(|at| *at <= items.len());
            items.insert(at.ok_or("is beyond the list's end")?, value);
        }
        _ => return Err("stands in no map and no list".to_owned()),
    }
    Ok(())
}

fn replace_value(root: &mut BuiltNode, path: &[String], value: BuiltNode) -> Result<(), String> {
    let (parent, key) = parent_and_key(root, path)?;
    match &mut parent.value {
        BuiltValue::Map(_) => parent.set(key, value),
        BuiltValue::List(items) => {
            let at = list_index(key, items.len()).filter(|at| *at < items.len());
            items[at.ok_or("is beyond the list's end")?] = value;
        }
        _ => return Err("stands in no map and no list".to_owned()),
    }
    Ok(())
}

fn take_value(root: &mut BuiltNode, path: &[String]) -> Result<BuiltNode, String> {
    let (parent, key) = parent_and_key(root, path)?;
    match &mut parent.value {
        BuiltValue::Map(_) => parent.remove(key).map(|entry| entry.node).ok_or("finds nothing".to_owned()),
        BuiltValue::List(items) => {
            let at = list_index(key, items.len()).filter(|at| *at < items.len());
            Ok(items.remove(at.ok_or("is beyond the list's end")?))
        }
        _ => Err("stands in no map and no list".to_owned()),
    }
}
