//! Follows the path of a place through an object, for the search of pods and of objects within objects.

use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// A node that a path leads to.
pub(in crate::kubernetes) struct FoundNode {
    pub(in crate::kubernetes) node: NodeId,
    /// The mapping that holds it, or that holds the list that it is an item of.
    pub(in crate::kubernetes) holder: NodeId,
    /// The way from the document's root.
    pub(in crate::kubernetes) path: YamlPath,
}

/// The nodes that the path leads to from a node, which lies at `start`, in the order of the file.
pub(in crate::kubernetes) fn find_nodes(
    tree: &YamlTree,
    from: NodeId,
    start: &[PathStep],
    path: &str,
) -> Vec<FoundNode> {
    let mut found = vec![FoundNode { node: from, holder: from, path: start.to_vec() }];
    for step in path.split('/') {
        found = found.iter().flat_map(|at| children_at(tree, at, step)).collect();
    }
    found
}

fn children_at(tree: &YamlTree, at: &FoundNode, step: &str) -> Vec<FoundNode> {
    let child = |holder: NodeId, node: NodeId, step: PathStep| FoundNode {
        node: tree.resolve_alias(node),
        holder,
        path: [at.path.as_slice(), &[step]].concat(),
    };
    match step {
        "[]" => {
            let items = tree.items(at.node).iter().enumerate();
            items.map(|(index, item)| child(at.holder, *item, index.into())).collect()
        }
        "{}" => {
            let entries = tree.entries(at.node).iter();
            let named = entries.filter_map(|(key, value)| Some((tree.scalar_text(*key)?, *value)));
            named.map(|(key, value)| child(at.node, value, PathStep::from(key))).collect()
        }
        key => {
            let value = tree.get_resolved(at.node, key);
            value.map(|value| child(at.node, value, PathStep::from(key))).into_iter().collect()
        }
    }
}
