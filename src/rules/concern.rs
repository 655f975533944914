//! Which documents any rule can concern, told by what a look at them shows.

use super::exceptions;
use super::privileges::default_namespace;
use crate::manifest::{Asked, Heading};

/// The kinds that a rule looks into, or that say something of other objects, whatever their group.
const ASKED: [&str; 10] = [
    "ClusterRole",
    "ClusterRoleBinding",
    "Component",
    "ConfigMap",
    "Kustomization",
    "NetworkPolicy",
    "Role",
    "RoleBinding",
    "Service",
    "ServiceAccount",
];

/// The kinds whose pod is looked at even where it lists no containers.
const PODS: [&str; 9] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Pod",
    "PodTemplate",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

/// The documents that must be read in full. What is not asked for here can have no finding, for whether it has a fault
/// or an ambiguous boolean is known by then; and nothing in it bears on any other file.
pub const CONCERNED: Asked<'_> = Asked { by_kind: &concerns_kind, by_heading: &concerns };

fn concerns_kind(kind: &str) -> bool {
    PODS.contains(&kind) || ASKED.contains(&kind) || kind.ends_with("List")
}

fn concerns(heading: &Heading<'_>) -> bool {
    let is_definition = heading.kind == "CustomResourceDefinition";
    let mut words = heading.comments.iter().chain(&heading.annotations);
    concerns_kind(heading.kind)
        || (heading.has_containers && !is_definition)
        || default_namespace::concerns(heading)
        || words.any(|words| exceptions::may_hold(words))
}
