//! Finds what looks like containers in objects of kinds that are not known, by its shape.

use super::pod_location::{ContainerLocation, PodCompleteness, PodLocation};
use crate::kubernetes::container_role::ContainerRole;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// The deepest below the object's root that is searched.
const MAX_SEARCH_DEPTH: usize = 12;

/// The fields of which a container has some beside its name and image.
const CONTAINER_FIELDS: [&str; 7] =
    ["command", "args", "env", "volumeMounts", "securityContext", "resources", "ports"];

/// The mappings below a node, which lies at `start`, that look like pod specs: each holds a list of what looks like
/// containers.
pub(super) fn find_by_shape(tree: &YamlTree, from: NodeId, start: &[PathStep]) -> Vec<PodLocation> {
    let mut found = Vec::new();
    let mut open: Vec<(NodeId, NodeId, YamlPath)> = vec![(from, from, start.to_vec())];
    while let Some((node, key, path)) = open.pop() {
        if let Some(place) = pod_place(tree, node, key, &path) {
            found.push(place);
        } else if path.len() < start.len() + MAX_SEARCH_DEPTH {
            let first = open.len();
            for (key, value) in tree.entries(node) {
                if let Some(name) = tree.scalar_text(*key).filter(|name| *name != "status") {
                    open.push((*value, *key, [path.as_slice(), &[name.into()]].concat()));
                }
            }
            for (at, item) in tree.items(node).iter().enumerate() {
                open.push((*item, *item, [path.as_slice(), &[at.into()]].concat()));
            }
            open[first..].reverse();
        }
    }
    found
}

fn pod_place(tree: &YamlTree, node: NodeId, key: NodeId, path: &[PathStep]) -> Option<PodLocation> {
    let mut containers = Vec::new();
    for (name, list) in tree.entries(node) {
        let Some(name) = tree.scalar_text(*name) else { continue };
        let items = tree.items(tree.resolve_alias(*list));
        let is_list = name == "containers" && !items.is_empty();
        if !is_list && !items.iter().any(|item| looks_like_container(tree, tree.resolve_alias(*item))) {
            continue;
        }
        let role = role_of_list(name);
        containers.extend(items.iter().enumerate().map(|(index, item)| ContainerLocation {
            role,
            index,
            node: tree.resolve_alias(*item),
            path: [path, &[name.into(), index.into()]].concat(),
            is_whole: false,
            defaults: None,
        }));
    }
    containers.retain(|container| tree.is_mapping(container.node));
    let place = PodLocation {
        spec: node,
        key,
        path: path.to_vec(),
        completeness: PodCompleteness::Unknown,
        context: None,
        containers: Some(containers),
    };
    place.containers.as_ref().is_some_and(|containers| !containers.is_empty()).then_some(place)
}

/// Containers of a list of that name start before the others, or not.
pub(super) fn role_of_list(name: &str) -> ContainerRole {
    if name.to_ascii_lowercase().starts_with("init") { ContainerRole::Init } else { ContainerRole::Main }
}

fn looks_like_container(tree: &YamlTree, node: NodeId) -> bool {
    let has = |key: &&str| tree.find_entry(node, key).is_some();
    has(&"name") && has(&"image") && CONTAINER_FIELDS.iter().filter(|key| has(key)).count() >= 2
}
