//! Gives rules the fields of one container, of whatever role.

use serde::Deserialize;
use serde_yaml::Value;

use super::{Quantity, SecurityContext};
use crate::yaml::{Lenient, LenientList, LenientMap};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerSpec {
    pub name: Lenient<String>,
    pub image: Lenient<String>,
    pub image_pull_policy: Lenient<String>,
    pub command: LenientList<String>,
    pub args: LenientList<String>,
    pub working_dir: Lenient<String>,
    pub env: LenientList<EnvVar>,
    /// Where more variables come from.
    pub env_from: Lenient<Box<Value>>,
    pub ports: LenientList<ContainerPort>,
    pub resources: Lenient<ResourceRequirements>,
    pub security_context: Lenient<SecurityContext>,
    pub volume_mounts: LenientList<VolumeMount>,
    pub liveness_probe: Lenient<Box<ProbeHandler>>,
    pub readiness_probe: Lenient<Box<ProbeHandler>>,
    pub startup_probe: Lenient<Box<ProbeHandler>>,
    pub lifecycle: Lenient<Lifecycle>,
    /// `Always` makes an init container a sidecar.
    pub restart_policy: Lenient<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVar {
    pub name: Lenient<String>,
    pub value: Lenient<String>,
    pub value_from: Lenient<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    pub name: Lenient<String>,
    pub container_port: Lenient<i64>,
    pub host_port: Lenient<i64>,
    pub protocol: Lenient<String>,
}

/// Bounds by resource name: `cpu`, `memory`, and others.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ResourceRequirements {
    pub limits: LenientMap<Quantity>,
    pub requests: LenientMap<Quantity>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeMount {
    pub name: Lenient<String>,
    pub mount_path: Lenient<String>,
    pub sub_path: Lenient<String>,
    pub read_only: Lenient<bool>,
}

/// The action of a probe or a lifecycle hook, and how often a probe is made. Most containers have few of these, and each has
/// room for five.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProbeHandler {
    pub exec: Lenient<Box<ExecAction>>,
    pub http_get: Lenient<Box<HostAction>>,
    pub tcp_socket: Lenient<Box<HostAction>>,
    pub grpc: Lenient<Box<GrpcAction>>,
    pub initial_delay_seconds: Lenient<i64>,
    pub period_seconds: Lenient<i64>,
    pub timeout_seconds: Lenient<i64>,
    pub success_threshold: Lenient<i64>,
    pub failure_threshold: Lenient<i64>,
}

/// An action that goes to a host: the pod itself, unless one is named.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HostAction {
    pub host: Lenient<String>,
    /// A number, or the name of one of the container's ports.
    pub port: Lenient<Value>,
    pub path: Lenient<String>,
    pub scheme: Lenient<String>,
    pub http_headers: LenientList<EnvVar>,
}

/// A question to the health service of gRPC.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GrpcAction {
    pub port: Lenient<i64>,
    pub service: Lenient<String>,
}

/// An action in the container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ExecAction {
    pub command: LenientList<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lifecycle {
    pub post_start: Lenient<Box<ProbeHandler>>,
    pub pre_stop: Lenient<Box<ProbeHandler>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_containers_lack_takes_little_room() {
        assert!(size_of::<Lenient<Box<ProbeHandler>>>() <= 16, "{}", size_of::<Lenient<Box<ProbeHandler>>>());
        assert!(size_of::<ContainerSpec>() <= 1024, "{}", size_of::<ContainerSpec>());
    }
}
