//! Finds the Kubernetes objects of a document: itself, or the items of a list.

use std::collections::BTreeMap;

use super::kinds::{FoundNode, PlaceContent, find_nodes, places_of};
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
    /// From the document's root to it; empty unless it is an item of a list, or stands within another object.
    pub path: YamlPath,
    /// True for one within another object, which a controller makes in a namespace of its own choice.
    pub is_embedded: bool,
}

/// The annotation by which Helm knows what it runs beside a release.
const HOOK_ANNOTATION: &str = "helm.sh/hook";

impl ManifestObject {
    /// True for a chart's test, which runs when a person asks for it.
    #[must_use]
    pub fn is_chart_test(&self) -> bool {
        let hooks = self.annotations.get(HOOK_ANNOTATION);
        hooks.is_some_and(|hooks| hooks.split(',').any(|hook| hook.trim().starts_with("test")))
    }

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

/// A node that may be an object.
struct ObjectPlace {
    node: NodeId,
    path: YamlPath,
    /// The list that it is an item of.
    list: Option<ManifestObject>,
    is_embedded: bool,
    depth: usize,
}

/// The objects of a document, in the order of the file.
pub(super) fn read_objects(tree: &YamlTree) -> Vec<ManifestObject> {
    let mut objects = Vec::new();
    let root = |node| ObjectPlace { node, path: YamlPath::new(), list: None, is_embedded: false, depth: 0 };
    let mut open: Vec<ObjectPlace> = tree.root().map(root).into_iter().collect();
    while let Some(ObjectPlace { node, path, list, is_embedded, depth }) = open.pop() {
        let Some(object) = read_object(tree, tree.resolve_alias(node), path, list.as_ref()) else { continue };
        let object = ManifestObject { is_embedded, ..object };
        let depth = depth + 1;
        let items = tree.get_resolved(object.root, "items").map(|items| tree.items(items));
        match items {
            _ if depth > MAX_NESTED_LISTS => objects.push(object),
            Some(items) if object.kind.ends_with("List") => {
                let inside = |at: usize| [object.path.as_slice(), &["items".into(), at.into()]].concat();
                let list = || Some(object.clone());
                let items = items.iter().enumerate();
                let item = |(at, node): (usize, &NodeId)| ObjectPlace {
                    node: *node,
                    path: inside(at),
                    list: list(),
                    is_embedded,
                    depth,
                };
                open.extend(items.map(item).rev());
            }
            _ => {
                let inside = embedded_nodes(tree, &object).into_iter().rev();
                let embedded = |FoundNode { node, path, .. }: FoundNode| ObjectPlace {
                    node,
                    path,
                    list: None,
                    is_embedded: true,
                    depth,
                };
                open.extend(inside.map(embedded));
                objects.push(object);
            }
        }
    }
    objects.shrink_to_fit();
    objects
}

/// The objects that stand within an object, by its kind: a template's, a composition's.
fn embedded_nodes(tree: &YamlTree, object: &ManifestObject) -> Vec<FoundNode> {
    let places = places_of(object.api_group(), &object.kind).iter();
    let manifests = places.filter(|place| place.is_whole && place.content == PlaceContent::Manifest);
    manifests.flat_map(|place| find_nodes(tree, object.root, &object.path, place.path)).collect()
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
        is_embedded: false,
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
