//! Turns a tree into the value it stands for, aliases and merges followed.

use serde_yaml::{Mapping, Value};

use super::events::MAX_TREE_DEPTH;
use super::scalar_typing::{ScalarTyping, key_text, type_scalar};
use super::yaml_tree::{NodeId, NodeKind, YamlTree};

/// The most nodes a document's value may have for each one that is written, aliases followed: of a document that people
/// write, and of one so large that it is read slowly as it is.
const MAX_EXPANSION: usize = 10;
const MAX_EXPANSION_OF_LARGE: usize = 2;
/// The least number of nodes of a large value.
const LARGE_VALUE_NODES: usize = 100_000;

/// The value of a node, with aliases followed, and merge keys where the typing is kubectl's; the last of repeated keys
/// counts. None where aliases would make it far larger than its text, or where one stands for itself.
#[must_use]
pub fn value_of(tree: &YamlTree, id: NodeId, typing: ScalarTyping) -> Option<Value> {
    let written = tree.nodes.len();
    let budget =
        (written * MAX_EXPANSION).min(LARGE_VALUE_NODES).max(written * MAX_EXPANSION_OF_LARGE) + 1000;
    ValueBuilder { tree, typing, budget }.build_value(id, 0)
}

struct ValueBuilder<'a> {
    tree: &'a YamlTree,
    typing: ScalarTyping,
    budget: usize,
}

impl ValueBuilder<'_> {
    /// Its depth is bounded by that of the tree.
    fn build_value(&mut self, id: NodeId, depth: usize) -> Option<Value> {
        self.budget = self.budget.checked_sub(1)?;
        if depth > MAX_TREE_DEPTH {
            return None;
        }
        let id = self.tree.resolve_alias(id);
        let tree = self.tree;
        Some(match tree.node(id).kind {
            NodeKind::Scalar { .. } => match tree.plain_text(id) {
                Some(text) => type_scalar(text, self.typing),
                None => Value::String(tree.scalar_text(id)?.to_owned()),
            },
            NodeKind::Sequence { .. } => Value::Sequence(
                tree.items(id)
                    .iter()
                    .map(|item| self.build_value(*item, depth + 1))
                    .collect::<Option<_>>()?,
            ),
            NodeKind::Mapping { .. } => Value::Mapping(self.build_mapping(tree.entries(id), depth + 1)?),
            NodeKind::Alias => return None,
        })
    }

    fn build_key(&mut self, id: NodeId, depth: usize) -> Option<Value> {
        let own =
            self.tree.plain_text(self.tree.resolve_alias(id)).filter(|_| self.typing == ScalarTyping::GoYaml);
        match own {
            Some(text) => Some(Value::String(key_text(text).into_owned())),
            None => self.build_value(id, depth),
        }
    }

    fn build_mapping(&mut self, entries: &[(NodeId, NodeId)], depth: usize) -> Option<Mapping> {
        let mut mapping = Mapping::with_capacity(entries.len());
        for (key, value) in entries {
            let value = self.build_value(*value, depth)?;
            if self.typing == ScalarTyping::GoYaml && self.tree.is_merge(*key) {
                merge_entries(&mut mapping, value);
            } else {
                mapping.insert(self.build_key(*key, depth)?, value);
            }
        }
        Some(mapping)
    }
}

/// What a merge key brings in takes the place of what stands above it, as kubectl's parser has it; of several mappings the
/// first counts.
fn merge_entries(mapping: &mut Mapping, source: Value) {
    let sources = match source {
        Value::Sequence(sources) => sources,
        one => vec![one],
    };
    for source in sources.into_iter().rev() {
        if let Value::Mapping(source) = source {
            mapping.extend(source);
        }
    }
}
