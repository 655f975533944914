//! Where an object holds pod specs.

use super::tree::{NodeId, Tree};
use super::{Object, Path, Step};

/// How many steps below an unknown object's `spec` a pod template is looked for.
const MAX_STEPS: usize = 6;

/// API groups whose objects hold pod templates as patterns to match or to check, not to run.
const POLICY_GROUPS: [&str; 4] =
    ["kyverno.io", "policies.kyverno.io", "templates.gatekeeper.sh", "constraints.gatekeeper.sh"];

/// A pod spec: its mapping, the key that holds it, and the way to it from the document's root.
pub(super) struct Found {
    pub(super) spec: NodeId,
    pub(super) key: NodeId,
    pub(super) path: Path,
}

/// The pod specs of an object, in the order of the file.
pub(super) fn pod_specs(tree: &Tree, object: &Object) -> Vec<Found> {
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
    let known = follow(tree, object, keys).filter(|found| core || holds_containers(tree, found.spec));
    match known {
        _ if is_pattern(object) => Vec::new(),
        Some(found) => vec![found],
        None => search(tree, object),
    }
}

fn is_pattern(object: &Object) -> bool {
    object.kind == "CustomResourceDefinition" || POLICY_GROUPS.contains(&object.group())
}

fn follow(tree: &Tree, object: &Object, keys: &[&str]) -> Option<Found> {
    let mut found: Option<Found> = None;
    for name in keys {
        let (node, path) = found.map_or((object.root, object.path.clone()), |found| (found.spec, found.path));
        let (key, value) = tree.entry(node, name)?;
        let path = [path.as_slice(), &[Step::from(*name)]].concat();
        found = Some(Found { spec: tree.resolve(value), key, path });
    }
    found.filter(|found| tree.is_mapping(found.spec))
}

/// Any pod template below `spec`: a mapping at a key that ends in `template`, whose `spec` lists containers.
fn search(tree: &Tree, object: &Object) -> Vec<Found> {
    let Some(start) = follow(tree, object, &["spec"]) else { return Vec::new() };
    let mut found = Vec::new();
    let mut open = vec![(start.spec, "", 0)];
    while let Some((node, name, steps)) = open.pop() {
        let entry = if is_template(name) { tree.entry(node, "spec") } else { None };
        if let Some((key, value)) = entry.filter(|(_, spec)| holds_containers(tree, *spec)) {
            found.push(Found { spec: tree.resolve(value), key, path: tree.path(value) });
        } else if steps < MAX_STEPS {
            let from = open.len();
            open.extend(below(tree, node).map(|(name, node)| (node, name, steps + 1)));
            open[from..].reverse();
        }
    }
    found
}

fn is_template(key: &str) -> bool {
    let end = key.len().saturating_sub("template".len());
    key.get(end..).is_some_and(|end| end.eq_ignore_ascii_case("template"))
}

/// The collections below a node with their keys. Aliases are not followed, so that each is met once.
fn below(tree: &Tree, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
    let entries = tree.entries(node).iter();
    let entries = entries.filter_map(|(key, value)| Some((tree.scalar(*key)?, *value)));
    let items = tree.items(node).iter().map(|item| ("", *item));
    entries.chain(items).filter(|(_, node)| tree.is_collection(*node))
}

fn holds_containers(tree: &Tree, spec: NodeId) -> bool {
    tree.look(spec, "containers").is_some_and(|containers| !tree.items(containers).is_empty())
}
