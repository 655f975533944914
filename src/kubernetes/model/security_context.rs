//! Gives rules the security contexts of pods and containers: what a process may do, and as which user it runs.

use serde::Deserialize;

use crate::yaml::{Lenient, LenientList};

/// A pod's or a container's security context. The first group of fields is for both; the second for containers alone,
/// the third for pods alone.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecurityContext {
    pub run_as_non_root: Lenient<bool>,
    pub run_as_user: Lenient<i64>,
    pub run_as_group: Lenient<i64>,
    pub seccomp_profile: Lenient<SecurityProfile>,
    pub app_armor_profile: Lenient<SecurityProfile>,
    pub se_linux_options: Lenient<SeLinuxOptions>,
    pub windows_options: Lenient<WindowsOptions>,

    pub privileged: Lenient<bool>,
    pub allow_privilege_escalation: Lenient<bool>,
    pub read_only_root_filesystem: Lenient<bool>,
    pub capabilities: Lenient<Capabilities>,
    pub proc_mount: Lenient<String>,

    pub fs_group: Lenient<i64>,
    pub supplemental_groups: LenientList<i64>,
    pub sysctls: LenientList<Sysctl>,
}

/// A seccomp or an AppArmor profile.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecurityProfile {
    /// `RuntimeDefault`, `Localhost` or `Unconfined`.
    #[serde(rename = "type")]
    pub kind: Lenient<String>,
    pub localhost_profile: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SeLinuxOptions {
    pub user: Lenient<String>,
    pub role: Lenient<String>,
    #[serde(rename = "type")]
    pub kind: Lenient<String>,
    pub level: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WindowsOptions {
    pub host_process: Lenient<bool>,
    pub run_as_user_name: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    pub add: LenientList<String>,
    pub drop: LenientList<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Sysctl {
    pub name: Lenient<String>,
    pub value: Lenient<String>,
}
