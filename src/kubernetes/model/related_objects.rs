//! Gives rules the objects that stand around workloads, each as far as rules need it, to read by
//! `YamlDocument::deserialize_node`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::Value;

use super::SelectorRequirement;
use crate::yaml::{Lenient, LenientList, LenientMap};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    pub automount_service_account_token: Lenient<bool>,
}

/// A Role or a ClusterRole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RbacRole {
    pub rules: LenientList<PolicyRule>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyRule {
    pub api_groups: LenientList<String>,
    pub resources: LenientList<String>,
    pub verbs: LenientList<String>,
}

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleBinding {
    pub role_ref: Lenient<ObjectReference>,
    pub subjects: LenientList<ObjectReference>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ObjectReference {
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
    pub pod_selector: Lenient<LabelSelector>,
}

/// A label selector; an empty one selects everything.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    pub match_labels: LenientMap<String>,
    pub match_expressions: LenientList<SelectorRequirement>,
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
    pub external_ips: LenientList<String>,
    pub selector: LenientMap<String>,
}

impl ServiceSpec {
    /// The labels by which it selects pods; none where it has none, or one of them is no text.
    pub fn selected_labels(&self) -> Option<BTreeMap<String, String>> {
        let selector = self.selector.get()?;
        selector.iter().map(|(key, value)| Some((key.clone(), value.get()?.clone()))).collect()
    }
}

/// A ConfigMap or a Secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigData {
    pub data: LenientMap<Value>,
    pub string_data: LenientMap<Value>,
}
