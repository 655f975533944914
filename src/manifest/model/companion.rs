//! The objects that stand around workloads, as far as rules ask for them. Read one with `Document::read`.

use serde::Deserialize;
use serde_yaml::Value;

use super::{Lenient, List, Map, Requirement};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    pub automount_service_account_token: Lenient<bool>,
}

/// A Role or a ClusterRole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RbacRole {
    pub rules: List<PolicyRule>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyRule {
    pub api_groups: List<String>,
    pub resources: List<String>,
    pub verbs: List<String>,
}

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Binding {
    pub role_ref: Lenient<Reference>,
    pub subjects: List<Reference>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Reference {
    pub kind: Lenient<String>,
    pub name: Lenient<String>,
    pub namespace: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NetworkPolicy {
    pub spec: Lenient<NetworkPolicySpec>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicySpec {
    pub pod_selector: Lenient<Selector>,
}

/// A label selector; an empty one selects everything.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Selector {
    pub match_labels: Map<String>,
    pub match_expressions: List<Requirement>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Service {
    pub spec: Lenient<ServiceSpec>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServiceSpec {
    #[serde(rename = "type")]
    pub kind: Lenient<String>,
    #[serde(rename = "externalIPs")]
    pub external_ips: List<String>,
    pub selector: Map<String>,
}

/// A ConfigMap or a Secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Data {
    pub data: Map<Value>,
    pub string_data: Map<Value>,
}
