//! Gives rules a pod's own fields.

use serde::Deserialize;

use super::scheduling::is_windows_label;
use super::{Affinity, ContainerSpec, ResourceRequirements, SecurityContext, Volume};
use crate::yaml::{Lenient, LenientList, LenientMap};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// These three are moved into the pod's containers.
    pub(crate) containers: LenientList<ContainerSpec>,
    pub(crate) init_containers: LenientList<ContainerSpec>,
    pub(crate) ephemeral_containers: LenientList<ContainerSpec>,
    pub volumes: LenientList<Volume>,
    pub security_context: Lenient<SecurityContext>,
    /// The resources that all containers share.
    pub resources: Lenient<ResourceRequirements>,
    pub service_account_name: Lenient<String>,
    /// The old name of `serviceAccountName`, which the API server still reads.
    pub service_account: Lenient<String>,
    pub automount_service_account_token: Lenient<bool>,
    pub host_network: Lenient<bool>,
    #[serde(rename = "hostPID")]
    pub host_pid: Lenient<bool>,
    #[serde(rename = "hostIPC")]
    pub host_ipc: Lenient<bool>,
    pub host_users: Lenient<bool>,
    pub share_process_namespace: Lenient<bool>,
    pub hostname: Lenient<String>,
    pub os: Lenient<PodOs>,
    pub node_selector: LenientMap<String>,
    pub affinity: Lenient<Affinity>,
    pub restart_policy: Lenient<String>,
    pub runtime_class_name: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PodOs {
    pub name: Lenient<String>,
}

impl PodSpec {
    /// True when `os.name` is Windows, which is what the Pod Security Standards go by.
    #[must_use]
    pub fn os_is_windows(&self) -> bool {
        self.os.get().is_some_and(|os| os.name.is("windows"))
    }

    /// True for a pod that can run on nothing but Windows.
    #[must_use]
    pub fn runs_on_windows(&self) -> bool {
        let selected = self.node_selector.get().is_some_and(|labels| {
            labels.iter().any(|(key, value)| value.get().is_some_and(|value| is_windows_label(key, value)))
        });
        self.os_is_windows() || selected || self.affinity.get().is_some_and(Affinity::requires_windows)
    }

    /// The service account's name, `default` where none is given; none where it is unknown.
    #[must_use]
    pub fn service_account_or_default(&self) -> Option<&str> {
        match (&self.service_account_name, &self.service_account) {
            (Lenient::Value(name), _) | (Lenient::Absent, Lenient::Value(name)) if !name.is_empty() => {
                Some(name)
            }
            (Lenient::Wrong(_), _) | (_, Lenient::Wrong(_)) => None,
            _ => Some("default"),
        }
    }
}
