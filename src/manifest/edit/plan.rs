//! From a change of the value to changes of the text, one at a time.

use serde_yaml::{Mapping, Value};

use super::page::Page;
use super::refusal::shown;
use super::{Op, Refusal, guard, insert, remove, replace};
use crate::manifest::tree::{Kind, NodeId};
use crate::manifest::{Path, Step};
use crate::text::Splice;

/// What remains to be done: a change, or a part of one.
enum Task {
    Do(Op),
    /// The list at the path has one more item, whether or not it holds an equal one.
    Push {
        path: Path,
        item: Value,
    },
}

/// What a task comes to: the text changes, or smaller tasks take its place.
enum Move {
    Write(Vec<Splice>),
    Split(Vec<Task>),
}

const NOTHING: Move = Move::Write(Vec::new());

/// Makes one change, reading the text again after each step.
pub(super) fn perform(page: &mut Page, op: &Op) -> Result<(), Refusal> {
    let mut tasks = vec![Task::Do(op.clone())];
    while let Some(task) = tasks.pop() {
        let next = match &task {
            Task::Do(Op::Set { path, to }) => set(page, path, to)?,
            Task::Do(Op::Append { path, item }) => append(page, path, item)?,
            Task::Do(Op::Remove { path }) => Move::Write(remove::remove(page, path)?),
            Task::Push { path, item } => push(page, path, item)?,
        };
        match next {
            Move::Write(splices) if splices.is_empty() => {}
            Move::Write(splices) => page.splice(&splices)?,
            Move::Split(parts) => tasks.extend(parts.into_iter().rev()),
        }
    }
    Ok(())
}

/// How far into the document a path leads: to the node at its end, or to the null or the mapping at which it stops.
pub(super) struct Reach {
    pub(super) node: NodeId,
    pub(super) depth: usize,
}

/// Follows a path through what may be edited.
pub(super) fn reach(page: &Page, path: &[Step]) -> Result<Reach, Refusal> {
    let mut node = page.tree().root().ok_or(Refusal::Empty)?;
    for (depth, step) in path.iter().enumerate() {
        let here = &path[..depth];
        guard::passable(page, node, here)?;
        let wrong = |wanted| Refusal::WrongKind { path: shown(here), is: kind(page, node), wanted };
        let stops = Ok(Reach { node, depth });
        node = match (&page.tree().node(node).kind, step) {
            (Kind::Mapping { .. }, Step::Key(key)) => match page.tree().get(node, key) {
                Some(value) => value,
                None => return stops,
            },
            (Kind::Sequence { .. }, Step::Index(index)) => {
                *page.tree().items(node).get(*index).ok_or_else(|| Refusal::NoItem(shown(&path[..=depth])))?
            }
            (_, Step::Key(_)) if page.value_at(here).is_some_and(Value::is_null) => return stops,
            (_, Step::Key(_)) => return Err(wrong("a mapping")),
            (_, Step::Index(_)) => return Err(wrong("a list")),
        };
    }
    guard::passable(page, node, path)?;
    Ok(Reach { node, depth: path.len() })
}

fn kind(page: &Page, node: NodeId) -> &'static str {
    match page.tree().node(node).kind {
        Kind::Scalar { .. } => "a single value",
        Kind::Mapping { .. } => "a mapping",
        Kind::Sequence { .. } => "a list",
        Kind::Alias => "an alias",
    }
}

fn set(page: &Page, path: &[Step], to: &Value) -> Result<Move, Refusal> {
    let reach = reach(page, path)?;
    let (here, rest) = path.split_at(reach.depth);
    match rest {
        [] => set_there(page, reach.node, path, to),
        [Step::Key(key), inner @ ..] if !page.tree().entries(reach.node).is_empty() => {
            insert::entry(page, reach.node, key, &wrapped(to, inner, path)?, here).map(Move::Write)
        }
        _ => replace::put(page, reach.node, here, &wrapped(to, rest, path)?).map(Move::Write),
    }
}

/// The value under the keys that lead to it.
fn wrapped(value: &Value, keys: &[Step], path: &[Step]) -> Result<Value, Refusal> {
    keys.iter().rev().try_fold(value.clone(), |value, step| match step {
        Step::Key(key) => Ok(Value::Mapping(Mapping::from_iter([(Value::from(key.as_str()), value)]))),
        Step::Index(_) => Err(Refusal::NoItem(shown(path))),
    })
}

/// Sets the value of a node that is there. Of two collections, only what differs changes.
fn set_there(page: &Page, node: NodeId, path: &[Step], to: &Value) -> Result<Move, Refusal> {
    let now = page.value_at(path).ok_or_else(|| Refusal::Layout(shown(path)))?;
    match (now, to) {
        _ if now == to => Ok(NOTHING),
        (Value::Mapping(now), Value::Mapping(to)) if !now.is_empty() && !to.is_empty() => {
            let sets = to.iter().map(|(k, v)| Ok(Op::Set { path: below(path, k)?, to: v.clone() }));
            let gone = now.keys().filter(|key| !to.contains_key(*key));
            let removals = gone.map(|k| Ok(Op::Remove { path: below(path, k)? }));
            sets.chain(removals).map(|op| op.map(Task::Do)).collect::<Result<_, _>>().map(Move::Split)
        }
        (Value::Sequence(now), Value::Sequence(to)) if !now.is_empty() && !to.is_empty() => {
            Ok(Move::Split(set_items(path, now.len(), to)))
        }
        (Value::Mapping(m), _) if !m.is_empty() => Err(unfit(page, node, path)),
        (Value::Sequence(s), _) if !s.is_empty() => Err(unfit(page, node, path)),
        _ => replace::put(page, node, path, to).map(Move::Write),
    }
}

fn set_items(path: &[Step], now: usize, to: &[Value]) -> Vec<Task> {
    let at = |index: usize| [path, &[Step::Index(index)]].concat();
    let sets = to.iter().take(now).enumerate();
    let sets = sets.map(|(index, item)| Task::Do(Op::Set { path: at(index), to: item.clone() }));
    let more = to.iter().skip(now).map(|item| Task::Push { path: path.to_vec(), item: item.clone() });
    let gone = (to.len()..now).rev().map(|index| Task::Do(Op::Remove { path: at(index) }));
    sets.chain(more).chain(gone).collect()
}

fn below(path: &[Step], key: &Value) -> Result<Path, Refusal> {
    let key = key.as_str().ok_or_else(|| Refusal::ComplexKey(shown(path)))?;
    Ok([path, &[Step::from(key)]].concat())
}

fn unfit(page: &Page, node: NodeId, path: &[Step]) -> Refusal {
    Refusal::WrongKind { path: shown(path), is: kind(page, node), wanted: "what belongs there" }
}

fn append(page: &Page, path: &[Step], item: &Value) -> Result<Move, Refusal> {
    match page.value_at(path) {
        Some(Value::Sequence(items)) if items.contains(item) => Ok(NOTHING),
        Some(Value::Sequence(items)) if !items.is_empty() => push(page, path, item),
        None | Some(Value::Null | Value::Sequence(_)) => {
            set(page, path, &Value::Sequence(vec![item.clone()]))
        }
        Some(_) => {
            let node = reach(page, path)?.node;
            Err(Refusal::WrongKind { path: shown(path), is: kind(page, node), wanted: "a list" })
        }
    }
}

fn push(page: &Page, path: &[Step], item: &Value) -> Result<Move, Refusal> {
    let list = reach(page, path)?.node;
    insert::item(page, list, item, path).map(Move::Write)
}
