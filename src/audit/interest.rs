//! Selects the documents that any rule can concern by their headers, from the registry of rules.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::kubernetes::{DocumentHeader, DocumentInterest, ENCRYPTED_VALUE, holds_containers_by_kind};
use crate::project::INDEXED_KINDS;
use crate::rules::{ALL_RULES, RuleKinds};
use crate::suppress::may_hold_suppressions;

/// The kinds whose pod is audited even where it lists no containers.
const POD_KINDS: [&str; 9] = [
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

/// The kinds that some rule declares, that hold pods, or that the index of the repository keeps facts of.
static RELEVANT_KINDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let declared = ALL_RULES.iter().filter_map(|rule| match rule.kinds {
        RuleKinds::Objects(kinds) => Some(kinds),
        _ => None,
    });
    declared.flatten().copied().chain(POD_KINDS).chain(INDEXED_KINDS).collect()
});

/// One rule's word on whether a document with this header is read.
type HeaderCheck = fn(&DocumentHeader<'_>) -> bool;

/// The checks of a header by some rule, where the kind does not decide.
static HEADER_CHECKS: LazyLock<Vec<HeaderCheck>> = LazyLock::new(|| {
    let checks = ALL_RULES.iter().filter_map(|rule| match rule.kinds {
        RuleKinds::ByHeader(check) => Some(check),
        _ => None,
    });
    checks.collect()
});

/// The documents that must be read in full. Any other can have no finding, for whether it has a fault or an ambiguous
/// boolean is known by then; and nothing in it bears on any other file.
pub const RELEVANT_DOCUMENTS: DocumentInterest<'_> =
    DocumentInterest { by_kind: &is_relevant_kind, by_header: &is_relevant };

fn is_relevant_kind(kind: &str) -> bool {
    RELEVANT_KINDS.contains(kind) || kind.ends_with("List") || kind.starts_with(ENCRYPTED_VALUE)
}

/// True where something in it may look like a container.
const fn may_hold_containers(heading: &DocumentHeader<'_>) -> bool {
    heading.has_containers || (heading.has_image && heading.has_container_field)
}

fn is_relevant(heading: &DocumentHeader<'_>) -> bool {
    let is_definition = heading.kind == "CustomResourceDefinition";
    let mut words = heading.comments.iter().chain(&heading.annotations);
    is_relevant_kind(heading.kind)
        || (may_hold_containers(heading) && !is_definition)
        || holds_containers_by_kind(heading.api_version, heading.kind)
        || HEADER_CHECKS.iter().any(|check| check(heading))
        || words.any(|words| may_hold_suppressions(words))
}
