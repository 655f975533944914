//! Reports an object in the namespace of all objects that name none (`default-namespace`).

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::kubernetes::{DocumentHeader, Pod, PodCompleteness};
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "default-namespace",
    severity: Severity::Info,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NetworkReach,
    article: false,
    kinds: RuleKinds::ByHeader(may_apply),
    text: page!("default-namespace"),
    checks: &[RuleCheck::RepoDocument(check_objects)],
};

/// Namespaced kinds of the core group. Of the other built-in groups nearly all kinds are, so those that are not are
/// listed; of anything else only the cluster knows.
const NAMESPACED_CORE_KINDS: [&str; 11] = [
    "ConfigMap",
    "Endpoints",
    "LimitRange",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
];
const NAMESPACED_GROUPS: [&str; 11] = [
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "gateway.networking.k8s.io",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
];
const CLUSTER_WIDE_KINDS: [&str; 15] = [
    "ClusterAnalysisTemplate",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterServingRuntime",
    "ClusterStorageContainer",
    "ClusterTask",
    "ClusterTrainingRuntime",
    "ClusterWorkflowTemplate",
    "DeploymentRuntimeConfig",
    "GatewayClass",
    "IPAddress",
    "IngressClass",
    "PodSecurityPolicy",
    "ServiceCIDR",
    "SidecarSet",
];

fn check_objects(view: &DocumentView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    if repository.is_given_namespace(view.path) {
        return;
    }
    let is_whole = |pod: &&Pod| pod.completeness == PodCompleteness::Whole;
    let whole = view.document.pods.iter().filter(is_whole);
    let with_pod: BTreeSet<usize> = whole.map(|pod| pod.object_index).collect();
    for (at, object) in view.document.objects.iter().enumerate() {
        let holds_pod = with_pod.contains(&at);
        let named = object.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        let lands = match named {
            Some(namespace) => namespace == "default",
            None => {
                is_namespaced(object.api_group(), &object.kind)
                    || (holds_pod && !is_cluster_wide(&object.kind))
            }
        };
        let own = matches!(
            (object.kind.as_str(), object.name.as_deref()),
            ("ServiceAccount", Some("default")) | ("Service", Some("kubernetes"))
        );
        let patch = named.is_none() && repository.is_patch(view.path, view.index);
        if !lands || own || patch || object.is_embedded || object.name.is_none() {
            continue;
        }
        let (key, message) = match named {
            Some(_) => ("namespace", "the namespace is `default`"),
            None => ("name", "no namespace is named, so the object goes to `default`"),
        };
        out.report_object(
            object,
            view.value_or_kind_span(object, &path!["metadata", key]),
            message,
            Ok(None),
        );
    }
}

/// True when an object without a pod may be reported, by its document's header.
pub(in crate::rules) fn may_apply(heading: &DocumentHeader<'_>) -> bool {
    let group = heading.api_version.split_once('/').map_or("", |(group, _)| group);
    match heading.namespace.filter(|namespace| !namespace.is_empty()) {
        Some(namespace) => namespace == "default",
        None => is_namespaced(group, heading.kind),
    }
}

fn is_namespaced(group: &str, kind: &str) -> bool {
    match group {
        "" => NAMESPACED_CORE_KINDS.contains(&kind),
        group => NAMESPACED_GROUPS.contains(&group) && !is_cluster_wide(kind),
    }
}

fn is_cluster_wide(kind: &str) -> bool {
    CLUSTER_WIDE_KINDS.contains(&kind)
}
