//! From a tree to the value it stands for.

use serde_yaml::{Mapping, Value};

use super::build::MAX_DEPTH;
use super::scalar::{Typing, typed};
use super::tree::{Kind, NodeId, Style, Tree};

/// How many nodes a document's value may have for each one that is written, aliases followed.
const EXPANSION: usize = 10;

/// The value of a node, with aliases followed; the last of repeated keys counts. None where aliases would make it far
/// larger than its text, or where one stands for itself.
#[must_use]
pub fn value_of(tree: &Tree, id: NodeId, typing: Typing) -> Option<Value> {
    let budget = tree.nodes.len().saturating_mul(EXPANSION).saturating_add(1000);
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
        let node = self.tree.node(id);
        Some(match &node.kind {
            Kind::Scalar { style: Style::Plain, text } if node.tag.is_none() => typed(text, self.typing),
            Kind::Scalar { text, .. } => Value::String(text.clone()),
            Kind::Sequence { items, .. } => {
                Value::Sequence(items.iter().map(|item| self.value(*item, depth + 1)).collect::<Option<_>>()?)
            }
            Kind::Mapping { entries, .. } => {
                let mut mapping = Mapping::with_capacity(entries.len());
                for (key, value) in entries {
                    mapping.insert(self.value(*key, depth + 1)?, self.value(*value, depth + 1)?);
                }
                Value::Mapping(mapping)
            }
            Kind::Alias => return None,
        })
    }
}
