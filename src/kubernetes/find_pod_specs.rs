//! Finds the pod specs that an object holds, of kinds known and unknown.

use super::ManifestObject;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// The deepest below an unknown object's `spec` that a pod template is searched.
const MAX_TEMPLATE_DEPTH: usize = 6;

/// API groups whose objects hold pod templates as patterns to match or to check, not to run.
const POLICY_GROUPS: [&str; 4] =
    ["kyverno.io", "policies.kyverno.io", "templates.gatekeeper.sh", "constraints.gatekeeper.sh"];

/// A pod spec: its mapping, the key that holds it, and the way to it from the document's root.
pub(super) struct PodSpecLocation {
    pub(super) spec: NodeId,
    pub(super) key: NodeId,
    pub(super) path: YamlPath,
}

/// The pod specs of an object, in the order of the file.
pub(super) fn find_pod_specs(tree: &YamlTree, object: &ManifestObject) -> Vec<PodSpecLocation> {
    let keys: &[&str] = match object.kind.as_str() {
        "Pod" => &["spec"],
        "PodTemplate" => &["template", "spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    };
    let core = matches!(
        object.kind.as_str(),
        "Pod"
            | "PodTemplate"
            | "CronJob"
            | "Deployment"
            | "StatefulSet"
            | "DaemonSet"
            | "ReplicaSet"
            | "ReplicationController"
            | "Job"
    );
    let known = follow_keys(tree, object, keys).filter(|found| core || holds_containers(tree, found.spec));
    match known {
        _ if is_policy_pattern(object) => Vec::new(),
        Some(found) => vec![found],
        None => search_templates(tree, object),
    }
}

fn is_policy_pattern(object: &ManifestObject) -> bool {
    object.kind == "CustomResourceDefinition" || POLICY_GROUPS.contains(&object.api_group())
}

fn follow_keys(tree: &YamlTree, object: &ManifestObject, keys: &[&str]) -> Option<PodSpecLocation> {
    let mut found: Option<PodSpecLocation> = None;
    for name in keys {
        let (node, path) = found.map_or((object.root, object.path.clone()), |found| (found.spec, found.path));
        let (key, value) = tree.find_entry(node, name)?;
        let path = [path.as_slice(), &[PathStep::from(*name)]].concat();
        found = Some(PodSpecLocation { spec: tree.resolve_alias(value), key, path });
    }
    found.filter(|found| tree.is_mapping(found.spec))
}

/// Any pod template below `spec`: a mapping at a key that ends in `template`, whose `spec` lists containers.
fn search_templates(tree: &YamlTree, object: &ManifestObject) -> Vec<PodSpecLocation> {
    let Some(start) = follow_keys(tree, object, &["spec"]) else { return Vec::new() };
    let mut found = Vec::new();
    let mut open = vec![(start.spec, "", 0)];
    while let Some((node, name, steps)) = open.pop() {
        let entry = if is_template_key(name) { tree.find_entry(node, "spec") } else { None };
        if let Some((key, value)) = entry.filter(|(_, spec)| holds_containers(tree, *spec)) {
            found.push(PodSpecLocation { spec: tree.resolve_alias(value), key, path: tree.path_to(value) });
        } else if steps < MAX_TEMPLATE_DEPTH {
            let from = open.len();
            open.extend(child_collections(tree, node).map(|(name, node)| (node, name, steps + 1)));
            open[from..].reverse();
        }
    }
    found
}

fn is_template_key(key: &str) -> bool {
    let end = key.len().saturating_sub("template".len());
    key.get(end..).is_some_and(|end| end.eq_ignore_ascii_case("template"))
}

/// The collections below a node with their keys. Aliases are not followed, so that each comes once.
fn child_collections(tree: &YamlTree, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
    let entries = tree.entries(node).iter();
    let entries = entries.filter_map(|(key, value)| Some((tree.scalar_text(*key)?, *value)));
    let items = tree.items(node).iter().map(|item| ("", *item));
    entries.chain(items).filter(|(_, node)| tree.is_collection(*node))
}

fn holds_containers(tree: &YamlTree, spec: NodeId) -> bool {
    tree.get_resolved(spec, "containers").is_some_and(|containers| !tree.items(containers).is_empty())
}
