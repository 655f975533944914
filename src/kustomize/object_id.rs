//! Names an object as kustomize does: group, version, kind, name and namespace.

use super::built_node::BuiltNode;

/// The identity of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectId {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub name: String,
    pub namespace: String,
}

/// The namespace of an object that names none.
const DEFAULT_NAMESPACE: &str = "default";

impl ObjectId {
    #[must_use]
    pub fn of_object(root: &BuiltNode) -> Self {
        let api = root.text_at(&["apiVersion"]).unwrap_or_default();
        let (group, version) = api.rsplit_once('/').unwrap_or(("", api));
        let text = |path: &[&str]| root.at(path).and_then(BuiltNode::scalar_text).unwrap_or_default();
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: text(&["kind"]),
            name: text(&["metadata", "name"]),
            namespace: text(&["metadata", "namespace"]),
        }
    }

    #[must_use]
    pub fn is_cluster_scoped(&self) -> bool {
        let is_known = CLUSTER_KINDS.contains(&(&self.group, &self.kind));
        is_known && (self.group != FLOW_CONTROL || self.version == "v1beta1")
    }

    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        if self.is_cluster_scoped() {
            "_"
        } else if self.namespace.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            &self.namespace
        }
    }

    #[must_use]
    pub fn shares_namespace_with(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.group == other.group
            && self.version == other.version
            && self.kind == other.kind
            && self.name == other.name
            && self.shares_namespace_with(other)
    }

    /// A text that no other identity has.
    #[must_use]
    pub(super) fn as_key(&self) -> String {
        [&*self.group, &self.version, &self.kind, &self.name, self.effective_namespace()].join("\0")
    }

    /// `Kind/name`, for people.
    #[must_use]
    pub fn display(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }
}

/// The kinds that are in no namespace, with their groups.
const CLUSTER_KINDS: &[(&str, &str)] = &[
    ("", "ComponentStatus"),
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("authentication.k8s.io", "TokenReview"),
    ("authorization.k8s.io", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "SelfSubjectRulesReview"),
    ("authorization.k8s.io", "SubjectAccessReview"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    (FLOW_CONTROL, "FlowSchema"),
    (FLOW_CONTROL, "PriorityLevelConfiguration"),
    ("networking.k8s.io", "IngressClass"),
    ("node.k8s.io", "RuntimeClass"),
    ("policy", "PodSecurityPolicy"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
];

/// A group of whose versions the schema that kustomize brings knows one; objects of others count as in a namespace.
const FLOW_CONTROL: &str = "flowcontrol.apiserver.k8s.io";
