//! Finds the pods of an object: where its kind is known to hold them, else by their shape.

use super::default_places::{defaults_of, reaches_path};
use super::kind_table::{KindPlace, PlaceContent, places_of};
use super::place_search::{FoundNode, find_nodes};
use super::pod_location::{ContainerLocation, PodCompleteness, PodLocation};
use super::shape_search::{find_by_shape, role_of_list};
use crate::kubernetes::container_role::ContainerRole;
use crate::kubernetes::manifest_object::ManifestObject;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// The kinds of Kubernetes itself that run pods.
const OWN_KINDS: [&str; 9] = [
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
];

/// The API groups that they are of, or were; a kind in the wrong one of them is still meant so.
const OWN_GROUPS: [&str; 4] = ["", "apps", "batch", "extensions"];

/// Groups whose objects hold pods as patterns to match or to check, or whose containers run elsewhere.
const FOREIGN_GROUPS: [&str; 18] = [
    "admissionregistration.k8s.io",
    "app.azure.com",
    "build.openshift.io",
    "chainsaw.kyverno.io",
    "cli.kyverno.io",
    "constraints.gatekeeper.sh",
    "containerinstance.azure.com",
    "instancetype.kubevirt.io",
    "karpenter.sh",
    "kubevirt.io",
    "kueue.x-k8s.io",
    "kyverno.io",
    "mutations.gatekeeper.sh",
    "policies.kyverno.io",
    "run.cnrm.cloud.google.com",
    "servicebinding.io",
    "templates.gatekeeper.sh",
    "workstations.cnrm.cloud.google.com",
];

/// Kinds that are alike, or that only a controller writes, by group.
const FOREIGN_KINDS: [(&str, &str); 9] = [
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("argoproj.io", "WorkflowTaskSet"),
    ("cert-manager.io", "Certificate"),
    ("cluster.x-k8s.io", "MachineDeployment"),
    ("core.strimzi.io", "StrimziPodSet"),
    ("kube-state-metrics.github.io", "CustomResourceState"),
    ("policy.open-cluster-management.io", "ConfigurationPolicy"),
    ("serving.kserve.io", "InferenceGraph"),
    ("test.kyverno.io", "Test"),
];

/// The key of a patch that changes the containers beside it.
const PATCH_KEY: &str = "podSpecPatch";

/// The pods of an object, in the order of the file.
pub(in crate::kubernetes) fn find_pod_places(tree: &YamlTree, object: &ManifestObject) -> Vec<PodLocation> {
    let (group, kind) = (object.api_group(), object.kind.as_str());
    if FOREIGN_GROUPS.contains(&group) || FOREIGN_KINDS.contains(&(group, kind)) {
        return Vec::new();
    }
    if is_own_workload(object) {
        return own_pod(tree, object).into_iter().collect();
    }
    let places = places_of(group, kind);
    if places.is_empty() {
        return find_by_shape(tree, object.root, &object.path);
    }
    let mut found = Vec::new();
    for place in places {
        for node in find_nodes(tree, object.root, &object.path, place.path) {
            add_place(tree, object, (place, &node), &mut found);
        }
    }
    drop_nested(&mut found);
    find_contexts(tree, object, places, &mut found);
    found.sort_by_key(|place| tree.span(place.spec).start);
    found
}

/// True for a kind of Kubernetes itself that runs pods.
pub(in crate::kubernetes) fn is_own_workload(object: &ManifestObject) -> bool {
    OWN_KINDS.contains(&object.kind.as_str()) && OWN_GROUPS.contains(&object.api_group())
}

/// The pod of an object of Kubernetes itself, whether it lists containers or not.
fn own_pod(tree: &YamlTree, object: &ManifestObject) -> Option<PodLocation> {
    let path = match object.kind.as_str() {
        "Pod" => "spec",
        "PodTemplate" => "template/spec",
        "CronJob" => "spec/jobTemplate/spec/template/spec",
        _ => "spec/template/spec",
    };
    let found = find_nodes(tree, object.root, &object.path, path).pop()?;
    pod_spec_place(tree, &found, PodCompleteness::Whole)
}

fn pod_spec_place(tree: &YamlTree, found: &FoundNode, completeness: PodCompleteness) -> Option<PodLocation> {
    tree.is_mapping(found.node).then(|| PodLocation {
        spec: found.node,
        key: key_of(tree, found.holder, &found.path),
        path: found.path.clone(),
        completeness,
        context: None,
        containers: None,
    })
}

/// The key that a node stands at, as the last step of its path names it; the first key of its holder for an item.
fn key_of(tree: &YamlTree, holder: NodeId, path: &[PathStep]) -> NodeId {
    let named = match path.last() {
        Some(PathStep::Key(key)) => tree.find_entry(holder, key).map(|(key, _)| key),
        _ => None,
    };
    named.or_else(|| tree.entries(holder).first().map(|(key, _)| *key)).unwrap_or(holder)
}

fn add_place(
    tree: &YamlTree,
    object: &ManifestObject,
    (place, at): (&KindPlace, &FoundNode),
    found: &mut Vec<PodLocation>,
) {
    let part = if place.is_whole { PodCompleteness::Whole } else { PodCompleteness::Part };
    match place.content {
        PlaceContent::PodTemplate => {
            let spec = find_nodes(tree, at.node, &at.path, "spec").pop();
            found.extend(spec.and_then(|spec| listed_pod(tree, &spec, part)));
        }
        PlaceContent::PodSpec => found.extend(listed_pod(tree, at, part)),
        PlaceContent::Opaque => {
            let spec = find_nodes(tree, at.node, &at.path, "spec").pop();
            let spec = spec.and_then(|spec| listed_pod(tree, &spec, PodCompleteness::Part));
            found.extend(spec);
            add_containers(tree, object, (place, at), found);
        }
        PlaceContent::ContainerList(_) | PlaceContent::SingleContainer => {
            add_containers(tree, object, (place, at), found);
        }
        PlaceContent::Volumes => drop(holder_place(tree, at, found)),
        PlaceContent::Scattered(fields) => add_scattered(tree, fields, at, found),
        PlaceContent::Values => {
            let parts = find_by_shape(tree, at.node, &at.path).into_iter();
            found.extend(parts.map(|found| PodLocation { completeness: PodCompleteness::Part, ..found }));
        }
        PlaceContent::Manifest | PlaceContent::Text | PlaceContent::Foreign => {}
    }
}

/// A pod spec that lists containers; one that lists none is part of another.
fn listed_pod(tree: &YamlTree, at: &FoundNode, completeness: PodCompleteness) -> Option<PodLocation> {
    let lists = |key| tree.get_resolved(at.node, key).is_some_and(|list| !tree.items(list).is_empty());
    let completeness = if lists("containers") { completeness } else { PodCompleteness::Part };
    pod_spec_place(tree, at, completeness)
}

/// The containers at a node, a list or a single one, as those of the mapping that holds them.
fn add_containers(
    tree: &YamlTree,
    object: &ManifestObject,
    (about, at): (&KindPlace, &FoundNode),
    found: &mut Vec<PodLocation>,
) {
    let name = match at.path.last() {
        Some(PathStep::Key(key)) => key.to_string(),
        _ => String::new(),
    };
    let role = role_of_list(&name);
    let single = tree.is_mapping(at.node).then_some((0, at.node, at.path.clone()));
    let items = tree.items(at.node).iter().enumerate().map(|(index, item)| {
        (index, tree.resolve_alias(*item), [at.path.as_slice(), &[index.into()]].concat())
    });
    let nodes: Vec<(usize, NodeId, YamlPath)> =
        single.into_iter().chain(items).filter(|(_, node, _)| tree.is_mapping(*node)).collect();
    if nodes.is_empty() {
        return;
    }
    let place = holder_place(tree, at, found);
    let below = defaults_of(tree, object, about.path, at);
    let defaults = below.filter(|node| tree.is_mapping(*node));
    let is_whole = about.is_whole && below == defaults && tree.find_entry(at.holder, PATCH_KEY).is_none();
    let containers = place.containers.get_or_insert_default();
    for (index, node, path) in nodes {
        if containers.iter().all(|known| known.node != node) {
            let is_whole = is_whole && !is_named_by_operator(tree, about, node);
            containers.push(ContainerLocation { role, index, node, path, is_whole, defaults });
        }
    }
}

/// True for a container that is merged over one of the operator's own, by its name.
fn is_named_by_operator(tree: &YamlTree, about: &KindPlace, container: NodeId) -> bool {
    let PlaceContent::ContainerList(names) = about.content else { return false };
    let name = tree.get_resolved(container, "name").and_then(|name| tree.scalar_text(name));
    name.is_some_and(|name| names.split(' ').any(|own| own == name))
}

/// The place of the mapping that holds a node, made where there is none yet.
fn holder_place<'p>(tree: &YamlTree, at: &FoundNode, found: &'p mut Vec<PodLocation>) -> &'p mut PodLocation {
    let known = found.iter().position(|place| place.spec == at.holder);
    let index = known.unwrap_or_else(|| {
        let mut path = at.path.clone();
        while matches!(path.last(), Some(PathStep::Index(_))) {
            path.pop();
        }
        path.pop();
        let holder_above = tree.node(at.holder).parent.unwrap_or(at.holder);
        found.push(PodLocation {
            spec: at.holder,
            key: key_of(tree, holder_above, &path),
            path,
            completeness: PodCompleteness::Containers,
            context: None,
            containers: Some(Vec::new()),
        });
        found.len() - 1
    });
    &mut found[index]
}

/// Fields of a pod, or of a container, that stand among others: judged on what they say.
fn add_scattered(tree: &YamlTree, fields: &str, at: &FoundNode, found: &mut Vec<PodLocation>) {
    let has = |field: &str| tree.find_entry(at.node, field).is_some();
    let (of_container, of_pod): (Vec<&str>, Vec<&str>) =
        fields.split(' ').partition(|field| field.starts_with("container."));
    let is_container = of_container.iter().any(|field| has(field.trim_start_matches("container.")));
    if !tree.is_mapping(at.node) || !(is_container || of_pod.iter().any(|field| has(field))) {
        return;
    }
    let known = found.iter().position(|place| place.spec == at.node);
    let index = known.unwrap_or_else(|| {
        found.push(PodLocation {
            spec: at.node,
            key: key_of(tree, at.holder, &at.path),
            path: at.path.clone(),
            completeness: PodCompleteness::Part,
            context: None,
            containers: Some(Vec::new()),
        });
        found.len() - 1
    });
    let place = &mut found[index];
    if is_container && let Some(containers) = &mut place.containers {
        place.context = Some(at.node).filter(|_| has("podSecurityContext"));
        let (role, path) = (ContainerRole::Main, at.path.clone());
        let node = at.node;
        let own = ContainerLocation { role, index: 0, node, path, is_whole: false, defaults: None };
        containers.insert(0, own);
    }
}

/// Drops what was found twice: as a pod's own list, and as a list by itself.
fn drop_nested(found: &mut Vec<PodLocation>) {
    let whole: Vec<YamlPath> =
        found.iter().filter(|place| place.containers.is_none()).map(|place| place.path.clone()).collect();
    found.retain(|place| place.containers.is_none() || !whole.contains(&place.path));
}

/// Finds the pod's security context for containers that stand below the mapping which has it.
fn find_contexts(tree: &YamlTree, object: &ManifestObject, places: &[KindPlace], found: &mut [PodLocation]) {
    let holders = places.iter().filter(
        |place| matches!(place.content, PlaceContent::Scattered(fields) if fields.split(' ').any(|field| field == "securityContext")),
    );
    let mut contexts: Vec<FoundNode> =
        holders.flat_map(|place| find_nodes(tree, object.root, &object.path, place.path)).collect();
    contexts.retain(|at| tree.find_entry(at.node, "securityContext").is_some());
    contexts.sort_by_key(|at| std::cmp::Reverse(at.path.len()));
    for place in found.iter_mut().filter(|place| place.completeness == PodCompleteness::Containers) {
        place.context = contexts.iter().find(|at| reaches_path(&at.path, &place.path)).map(|at| at.node);
    }
}
