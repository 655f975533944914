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

/// Lists of each container.
const CONTAINER_LISTS: &[(&str, ListMerge)] = &[
    ("env", ListMerge::ByKey("name")),
    ("ports", ListMerge::ByPair("containerPort", "protocol")),
    ("volumeMounts", ListMerge::ByKey("mountPath")),
    ("volumeDevices", ListMerge::ByKey("devicePath")),
];

/// Lists of other kinds.
const OTHER_LISTS: &[(&str, &str, &[&str], ListMerge)] = &[
    ("", "Service", &["spec", "ports"], ListMerge::ByPair("port", "protocol")),
    ("", "ServiceAccount", &["secrets"], ListMerge::ByKey("name")),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        &["webhooks"],
        ListMerge::ByKey("name"),
    ),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", &["webhooks"], ListMerge::ByKey("name")),
];

/// The versions of a group that the schema knows, where kinds of others are still written.
const KNOWN_VERSIONS: &[(&str, &[&str])] = &[
    ("", &["v1"]),
    ("apps", &["v1"]),
    ("batch", &["v1", "v1beta1"]),
    ("admissionregistration.k8s.io", &["v1", "v1beta1"]),
];

/// The merge of the list at a path of keys, elements of lists being no part of it.
pub(super) fn list_merge(id: &ObjectId, path: &[String]) -> ListMerge {
    let (group, kind) = (id.group.as_str(), id.kind.as_str());
    let is_known_version =
        |(own, versions): &(&str, &[&str])| *own == group && versions.contains(&&*id.version);
    if !KNOWN_VERSIONS.iter().any(is_known_version) {
        return ListMerge::Whole;
    }
    let is = |keys: &[&str]| path.len() == keys.len() && path.iter().zip(keys).all(|(a, b)| a == b);
    if let Some((_, _, _, merge)) =
        OTHER_LISTS.iter().find(|(own_group, own, keys, _)| (*own_group, *own) == (group, kind) && is(keys))
    {
        return *merge;
    }
    let pod = POD_KINDS.iter().find(|(own_group, own, _)| *own == kind && *own_group == group);
    let is_known = pod.is_some() || OTHER_LISTS.iter().any(|(own, name, ..)| (*own, *name) == (group, kind));
    if is_known && is(&["metadata", "ownerReferences"]) {
        return ListMerge::ByKey("uid");
    }
    if is_known && is(&["metadata", "finalizers"]) {
        return ListMerge::Union;
    }
    let Some((_, _, pod_path)) = pod else { return ListMerge::Whole };
    let below = path.strip_prefix(&*pod_path.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
    match below {
        // The schema has no keys for the ports of these.
        Some([containers, list]) if containers == "ephemeralContainers" && list == "ports" => {
            ListMerge::Whole
        }
        Some([containers, list]) if containers.ends_with("ontainers") => {
            CONTAINER_LISTS.iter().find(|(name, _)| name == list).map_or(ListMerge::Whole, |(_, it)| *it)
        }
        Some(rest) => POD_LISTS
            .iter()
            .find(|(keys, _)| rest.len() == keys.len() && rest.iter().zip(*keys).all(|(a, b)| a == b))
            .map_or(ListMerge::Whole, |(_, it)| *it),
        None => ListMerge::Whole,
    }
}
