//! From a tree to the value it stands for.

use serde_yaml::{Mapping, Value};

use super::build::MAX_DEPTH;
use super::scalar::{Typing, key, typed};
use super::tree::{Kind, NodeId, Tree};

/// How many nodes a document's value may have for each one that is written, aliases followed: of a document that people
/// write, and of one so large that it is read slowly as it is.
const EXPANSION: usize = 10;
const EXPANSION_OF_LARGE: usize = 2;
/// From so many nodes on a value is large.
const LARGE: usize = 100_000;

/// The value of a node, with aliases followed, and merge keys where the typing is kubectl's; the last of repeated keys
/// counts. None where aliases would make it far larger than its text, or where one stands for itself.
#[must_use]
pub fn value_of(tree: &Tree, id: NodeId, typing: Typing) -> Option<Value> {
    let written = tree.nodes.len();
    let budget = (written * EXPANSION).min(LARGE).max(written * EXPANSION_OF_LARGE) + 1000;
    Reader { tree, typing, budget }.value(id, 0)
}

struct Reader<'a> {
    tree: &'a Tree,
    typing: Typing,
    budget: usize,
}

impl Reader<'_> {
    /// Its depth is bounded by that of the tree.
    fn value(&mut self, id: NodeId, depth: usize) -> Option<Value> {
        self.budget = self.budget.checked_sub(1)?;
        if depth > MAX_DEPTH {
            return None;
        }
        let id = self.tree.resolve(id);
        let tree = self.tree;
        Some(match tree.node(id).kind {
            Kind::Scalar { .. } => match tree.plain(id) {
                Some(text) => typed(text, self.typing),
                None => Value::String(tree.scalar(id)?.to_owned()),
            },
            Kind::Sequence { .. } => Value::Sequence(
                tree.items(id).iter().map(|item| self.value(*item, depth + 1)).collect::<Option<_>>()?,
            ),
            Kind::Mapping { .. } => Value::Mapping(self.mapping(tree.entries(id), depth + 1)?),
            Kind::Alias => return None,
        })
    }

    fn key(&mut self, id: NodeId, depth: usize) -> Option<Value> {
        let own = self.tree.plain(self.tree.resolve(id)).filter(|_| self.typing == Typing::Kubectl);
        match own {
            Some(text) => Some(Value::String(key(text).into_owned())),
            None => self.value(id, depth),
        }
    }

    fn mapping(&mut self, entries: &[(NodeId, NodeId)], depth: usize) -> Option<Mapping> {
        let mut mapping = Mapping::with_capacity(entries.len());
        let mut merged = Vec::new();
        for (key, value) in entries {
            let value = self.value(*value, depth)?;
            if self.typing == Typing::Kubectl && self.tree.is_merge(*key) {
                merged.push(value);
            } else {
                mapping.insert(self.key(*key, depth)?, value);
            }
        }
        merged.into_iter().for_each(|source| merge(&mut mapping, source));
        Some(mapping)
    }
}

/// A mapping's own keys come before merged ones, and of merged ones the first.
fn merge(mapping: &mut Mapping, source: Value) {
    let sources = match source {
        Value::Sequence(sources) => sources,
        one => vec![one],
    };
    for source in sources {
        if let Value::Mapping(source) = source {
            for (key, value) in source {
                mapping.entry(key).or_insert(value);
            }
        }
    }
}
