//! Finds the Kubernetes objects of a document: itself, or the items of a list.

use std::collections::BTreeMap;

use crate::yaml::YamlPath;
use crate::yaml::yaml_tree::{NodeId, YamlTree};

/// The deepest that lists are followed into lists.
const MAX_NESTED_LISTS: usize = 4;

/// One Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestObject {
    pub api_version: String,
    pub kind: String,
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    /// Its mapping.
    pub root: NodeId,
    /// From the document's root to it; empty unless it is an item of a list.
    pub path: YamlPath,
}

impl ManifestObject {
    /// As people name it: `Deployment/api`, or the kind alone where it has no name.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{}/{name}", self.kind),
            None => self.kind.clone(),
        }
    }

    /// The group of its API version, empty for the core.
    #[must_use]
    pub fn api_group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

/// The objects of a document, in the order of the file.
pub(super) fn read_objects(tree: &YamlTree) -> Vec<ManifestObject> {
    let mut objects = Vec::new();
    let mut open: Vec<(NodeId, YamlPath, Option<ManifestObject>, usize)> = Vec::new();
    open.extend(tree.root().map(|root| (root, YamlPath::new(), None, 0)));
    while let Some((node, path, list, depth)) = open.pop() {
        let Some(object) = read_object(tree, tree.resolve_alias(node), path, list.as_ref()) else { continue };
        let items = tree.get_resolved(object.root, "items").map(|items| tree.items(items));
        match items {
            Some(items) if object.kind.ends_with("List") && depth < MAX_NESTED_LISTS => {
                let inside = |at: usize| [object.path.as_slice(), &["items".into(), at.into()]].concat();
                let item =
                    |(at, node): (usize, &NodeId)| (*node, inside(at), Some(object.clone()), depth + 1);
                open.extend(items.iter().enumerate().map(item).rev());
            }
            _ => objects.push(object),
        }
    }
    objects.shrink_to_fit();
    objects
}

/// The object at a node. An item of a typed list need not have a kind.
fn read_object(
    tree: &YamlTree,
    root: NodeId,
    path: YamlPath,
    list: Option<&ManifestObject>,
) -> Option<ManifestObject> {
    let text = |node, key| text_at(tree, node, key);
    let own = |key| text(root, key);
    let kind = own("kind").or_else(|| Some(list?.kind.strip_suffix("List")?.to_owned()))?;
    let api_version = own("apiVersion").or_else(|| Some(list?.api_version.clone()))?;
    if kind.is_empty() {
        return None;
    }
    let metadata = tree.get_resolved(root, "metadata");
    let texts = |key| metadata.map(|node| texts_at(tree, node, key)).unwrap_or_default();
    Some(ManifestObject {
        api_version,
        kind,
        name: metadata.and_then(|node| text(node, "name").or_else(|| text(node, "generateName"))),
        namespace: metadata.and_then(|node| text(node, "namespace")),
        labels: texts("labels"),
        annotations: texts("annotations"),
        root,
        path,
    })
}

/// The text of a mapping's scalar value; none for null.
pub(super) fn text_at(tree: &YamlTree, node: NodeId, key: &str) -> Option<String> {
    let value = tree.get_resolved(node, key)?;
    (!tree.is_null(value)).then(|| tree.scalar_text(value).map(str::to_owned))?
}

/// The scalar entries of a mapping of a mapping.
pub(super) fn texts_at(tree: &YamlTree, node: NodeId, key: &str) -> BTreeMap<String, String> {
    let Some(mapping) = tree.get_resolved(node, key) else { return BTreeMap::new() };
    let entries = tree.entries(mapping).iter();
    let texts = entries.filter_map(|(key, value)| {
        let value = tree.scalar_text(tree.resolve_alias(*value))?;
        Some((tree.scalar_text(*key)?.to_owned(), value.to_owned()))
    });
    texts.collect()
}
