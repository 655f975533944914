//! Gives rules the typed fields of a pod, each read on its own so that one of a wrong type never loses a document.

mod container_defaults;
mod container_spec;
mod pod_spec;
mod quantity;
mod related_objects;
mod scheduling;
mod security_context;
mod volume;

pub use container_spec::{
    ContainerPort, ContainerSpec, EnvVar, ExecAction, GrpcAction, HostAction, Lifecycle, ProbeHandler,
    ResourceRequirements, VolumeMount,
};
pub use pod_spec::{PodOs, PodSpec};
pub use quantity::Quantity;
pub use related_objects::{
    ConfigData, LabelSelector, NetworkPolicy, NetworkPolicySpec, ObjectReference, PolicyRule, RbacRole,
    RoleBinding, Service, ServiceAccount, ServiceSpec,
};
pub use scheduling::{Affinity, NodeAffinity, NodeSelector, NodeSelectorTerm, SelectorRequirement};
pub use security_context::{
    Capabilities, SeLinuxOptions, SecurityContext, SecurityProfile, Sysctl, WindowsOptions,
};
pub use volume::Volume;
