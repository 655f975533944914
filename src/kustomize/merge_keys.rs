//! Tells by which keys the lists of Kubernetes objects are merged: the schema that kustomize brings, as far as it has any.

use super::object_id::ObjectId;

/// The way in which a list of an object is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListMerge {
    /// The patch's list takes the place of the other.
    Whole,
    /// Elements with the same value of this key are one.
    ByKey(&'static str),
    /// Elements with the same values of two keys are one, the second counting where any of them has it: ports.
    ByPair(&'static str, &'static str),
    /// A set of texts.
    Union,
}

/// The kinds that the schema knows, with their API groups, and where their pods are.
const POD_KINDS: &[(&str, &str, &[&str])] = &[
    ("", "Pod", &["spec"]),
    ("", "PodTemplate", &["template", "spec"]),
    ("", "ReplicationController", &["spec", "template", "spec"]),
    ("apps", "Deployment", &["spec", "template", "spec"]),
    ("apps", "StatefulSet", &["spec", "template", "spec"]),
    ("apps", "DaemonSet", &["spec", "template", "spec"]),
    ("apps", "ReplicaSet", &["spec", "template", "spec"]),
    ("batch", "Job", &["spec", "template", "spec"]),
    ("batch", "CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
];

/// Lists below a pod's spec, with the key by which each is merged.
const POD_LISTS: &[(&[&str], ListMerge)] = &[
    (&["containers"], ListMerge::ByKey("name")),
    (&["initContainers"], ListMerge::ByKey("name")),
    (&["ephemeralContainers"], ListMerge::ByKey("name")),
    (&["volumes"], ListMerge::ByKey("name")),
    (&["imagePullSecrets"], ListMerge::ByKey("name")),
    (&["hostAliases"], ListMerge::ByKey("ip")),
    (&["topologySpreadConstraints"], ListMerge::ByPair("topologyKey", "whenUnsatisfiable")),
];

/// The `metadata` that stands within a pod's spec.
const POD_METADATA: &[&str] = &["volumes", "ephemeral", "volumeClaimTemplate", "metadata"];

/// Lists of every `metadata`.
const METADATA_LISTS: &[(&str, ListMerge)] =
    &[("ownerReferences", ListMerge::ByKey("uid")), ("finalizers", ListMerge::Union)];

/// Lists of each container.
const CONTAINER_LISTS: &[(&str, ListMerge)] = &[
    ("env", ListMerge::ByKey("name")),
    ("ports", ListMerge::ByPair("containerPort", "protocol")),
    ("volumeMounts", ListMerge::ByKey("mountPath")),
    ("volumeDevices", ListMerge::ByKey("devicePath")),
];

/// Lists of other kinds, and of what the cluster writes into these.
const OTHER_LISTS: &[(&str, &str, &[&str], ListMerge)] = &[
    ("", "Service", &["spec", "ports"], ListMerge::ByPair("port", "protocol")),
    ("", "ServiceAccount", &["secrets"], ListMerge::ByKey("name")),
    (ADMISSION, "ValidatingWebhookConfiguration", &["webhooks"], ListMerge::ByKey("name")),
    (ADMISSION, "MutatingWebhookConfiguration", &["webhooks"], ListMerge::ByKey("name")),
    ("storage.k8s.io", "CSINode", &["spec", "drivers"], ListMerge::ByKey("name")),
    ("", "ComponentStatus", &["conditions"], ListMerge::ByKey("type")),
    ("", "Node", &["status", "addresses"], ListMerge::ByKey("type")),
    ("", "Node", &["spec", "podCIDRs"], ListMerge::Union),
    ("", "Pod", &["status", "podIPs"], ListMerge::ByKey("ip")),
];

const ADMISSION: &str = "admissionregistration.k8s.io";

/// The kinds whose `status.conditions` are merged by their types, group by group.
const KINDS_WITH_CONDITIONS: &[(&str, &str)] = &[
    ("", "Namespace Node PersistentVolumeClaim Pod ReplicationController Service"),
    ("apiregistration.k8s.io", "APIService"),
    ("apps", "DaemonSet Deployment ReplicaSet StatefulSet"),
    ("batch", "Job"),
    ("policy", "PodDisruptionBudget"),
];

/// The kinds that the schema knows, version by version: that of Kubernetes 1.21, which kustomize 5.5 brings. Of all others
/// lists are replaced whole.
const KNOWN_KINDS: &[(&str, &[&str], &str)] = &[
    (
        "",
        &["v1"],
        "Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim \
         Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    ),
    (ADMISSION, &["v1", "v1beta1"], "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", &["v1", "v1beta1"], "CustomResourceDefinition"),
    ("apiregistration.k8s.io", &["v1", "v1beta1"], "APIService"),
    ("apps", &["v1"], "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
    ("authentication.k8s.io", &["v1"], "TokenReview TokenRequest"),
    ("authentication.k8s.io", &["v1beta1"], "TokenReview"),
    (
        "authorization.k8s.io",
        &["v1", "v1beta1"],
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    ),
    ("autoscaling", &["v1"], "HorizontalPodAutoscaler Scale"),
    ("autoscaling", &["v2beta1", "v2beta2"], "HorizontalPodAutoscaler"),
    ("batch", &["v1"], "CronJob Job"),
    ("batch", &["v1beta1"], "CronJob"),
    ("certificates.k8s.io", &["v1", "v1beta1"], "CertificateSigningRequest"),
    ("coordination.k8s.io", &["v1", "v1beta1"], "Lease"),
    ("discovery.k8s.io", &["v1", "v1beta1"], "EndpointSlice"),
    ("events.k8s.io", &["v1", "v1beta1"], "Event"),
    ("extensions", &["v1beta1"], "Ingress"),
    ("flowcontrol.apiserver.k8s.io", &["v1beta1"], "FlowSchema PriorityLevelConfiguration"),
    ("networking.k8s.io", &["v1"], "Ingress IngressClass NetworkPolicy"),
    ("networking.k8s.io", &["v1beta1"], "Ingress IngressClass"),
    ("node.k8s.io", &["v1", "v1beta1"], "RuntimeClass"),
    ("policy", &["v1"], "PodDisruptionBudget"),
    ("policy", &["v1beta1"], "Eviction PodDisruptionBudget PodSecurityPolicy"),
    ("rbac.authorization.k8s.io", &["v1", "v1beta1"], "ClusterRole ClusterRoleBinding Role RoleBinding"),
    ("scheduling.k8s.io", &["v1", "v1beta1"], "PriorityClass"),
    ("storage.k8s.io", &["v1", "v1beta1"], "CSIDriver CSINode StorageClass VolumeAttachment"),
    ("storage.k8s.io", &["v1beta1"], "CSIStorageCapacity"),
];

/// The merge of the list at a path of keys, elements of lists being no part of it.
pub(super) fn list_merge(id: &ObjectId, path: &[String]) -> ListMerge {
    let (group, kind) = (id.group.as_str(), id.kind.as_str());
    let holds = |kinds: &str| kinds.split(' ').any(|own| own == kind);
    let is_known = |(own, versions, kinds): &(&str, &[&str], &str)| {
        *own == group && versions.contains(&&*id.version) && holds(kinds)
    };
    if !KNOWN_KINDS.iter().any(is_known) {
        return ListMerge::Whole;
    }
    let other = OTHER_LISTS
        .iter()
        .find(|(own_group, own, keys, _)| (*own_group, *own) == (group, kind) && is_path(path, keys));
    if let Some((.., merge)) = other {
        return *merge;
    }
    let has_conditions = || KINDS_WITH_CONDITIONS.iter().any(|(own, kinds)| *own == group && holds(kinds));
    if is_path(path, &["status", "conditions"]) && has_conditions() {
        return ListMerge::ByKey("type");
    }
    let pod = POD_KINDS.iter().find(|(own_group, own, _)| *own == kind && *own_group == group);
    let pod_path = pod.map_or(&[][..], |(.., keys)| *keys);
    if let Some(merge) = metadata_list(path, pod_path) {
        return merge;
    }
    match pod.and_then(|_| below_keys(path, pod_path)) {
        Some(below) => pod_list(below),
        None => ListMerge::Whole,
    }
}

fn is_path(path: &[String], keys: &[&str]) -> bool {
    below_keys(path, keys).is_some_and(<[String]>::is_empty)
}

/// The rest of a path that begins with these keys.
fn below_keys<'p>(path: &'p [String], keys: &[&str]) -> Option<&'p [String]> {
    let (first, rest) = path.split_at_checked(keys.len())?;
    first.iter().zip(keys).all(|(a, b)| a == b).then_some(rest)
}

/// The merge of a list of a `metadata`: the object's own, a template's on the way to its pod, or one within the pod.
fn metadata_list(path: &[String], pod_path: &[&str]) -> Option<ListMerge> {
    let (list, above) = path.split_last()?;
    let (_, merge) = METADATA_LISTS.iter().find(|(name, _)| name == list)?;
    let (last, owner) = above.split_last()?;
    let owner: Vec<&str> = owner.iter().map(String::as_str).collect();
    // Each template on the way ends in `spec`, beside which its metadata stands.
    let mut specs = pod_path.iter().enumerate().filter(|(_, key)| **key == "spec");
    let is_template = last == "metadata" && specs.any(|(at, _)| pod_path[..at] == *owner);
    let is_own = last == "metadata" && owner.is_empty();
    let is_within =
        || !pod_path.is_empty() && below_keys(above, pod_path).is_some_and(|it| is_path(it, POD_METADATA));
    (is_own || is_template || is_within()).then_some(*merge)
}

/// The merge of a list below a pod's spec.
fn pod_list(below: &[String]) -> ListMerge {
    match below {
        // The schema has no keys for the ports of these.
        [containers, list] if containers == "ephemeralContainers" && list == "ports" => ListMerge::Whole,
        [containers, list] if containers.ends_with("ontainers") => {
            CONTAINER_LISTS.iter().find(|(name, _)| name == list).map_or(ListMerge::Whole, |(_, it)| *it)
        }
        rest => {
            let own = POD_LISTS.iter().find(|(keys, _)| is_path(rest, keys));
            own.map_or(ListMerge::Whole, |(_, it)| *it)
        }
    }
}
