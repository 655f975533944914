//! The Kubernetes objects of a document: itself, or the items of a list.

use std::collections::BTreeMap;

use super::Path;
use super::tree::{NodeId, Tree};

/// How deep lists are followed into lists.
const MAX_LISTS: usize = 4;

/// One Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub api_version: String,
    pub kind: String,
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    /// Its mapping.
    pub root: NodeId,
    /// From the document's root to it; empty unless it is an item of a list.
    pub path: Path,
}

impl Object {
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
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

/// The objects of a document, in the order of the file.
pub(super) fn objects(tree: &Tree) -> Vec<Object> {
    let mut objects = Vec::new();
    let mut open: Vec<(NodeId, Path, Option<Object>, usize)> = Vec::new();
    open.extend(tree.root().map(|root| (root, Path::new(), None, 0)));
    while let Some((node, path, list, depth)) = open.pop() {
        let Some(object) = object(tree, tree.resolve(node), path, list.as_ref()) else { continue };
        let items = tree.look(object.root, "items").map(|items| tree.items(items));
        match items {
            Some(items) if object.kind.ends_with("List") && depth < MAX_LISTS => {
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

/// The object at a node. An item of a typed list need not say what it is.
fn object(tree: &Tree, root: NodeId, path: Path, list: Option<&Object>) -> Option<Object> {
    let text = |node, key| text(tree, node, key);
    let own = |key| text(root, key);
    let kind = own("kind").or_else(|| Some(list?.kind.strip_suffix("List")?.to_owned()))?;
    let api_version = own("apiVersion").or_else(|| Some(list?.api_version.clone()))?;
    if kind.is_empty() {
        return None;
    }
    let metadata = tree.look(root, "metadata");
    let texts = |key| metadata.map(|node| texts(tree, node, key)).unwrap_or_default();
    Some(Object {
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
pub(super) fn text(tree: &Tree, node: NodeId, key: &str) -> Option<String> {
    let value = tree.look(node, key)?;
    (!tree.is_null(value)).then(|| tree.scalar(value).map(str::to_owned))?
}

/// The scalar entries of a mapping of a mapping.
pub(super) fn texts(tree: &Tree, node: NodeId, key: &str) -> BTreeMap<String, String> {
    let Some(mapping) = tree.look(node, key) else { return BTreeMap::new() };
    let entries = tree.entries(mapping).iter();
    let texts = entries.filter_map(|(key, value)| {
        let value = tree.scalar(tree.resolve(*value))?;
        Some((tree.scalar(*key)?.to_owned(), value.to_owned()))
    });
    texts.collect()
}
