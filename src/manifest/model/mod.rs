//! The fields of a pod that rules ask for, each read on its own so that one odd field never loses a document.

mod companion;
mod container;
mod lenient;
mod quantity;
mod scheduling;
mod security;
mod spec;
mod volume;

pub use companion::{
    ConfigData, LabelSelector, NetworkPolicy, NetworkPolicySpec, ObjectReference, PolicyRule, RbacRole,
    RoleBinding, Service, ServiceAccount, ServiceSpec,
};
pub use container::{
    ContainerPort, ContainerSpec, EnvVar, HostAction, Lifecycle, ProbeHandler, ResourceRequirements,
    VolumeMount,
};
pub(in crate::manifest) use lenient::LENIENT;
pub use lenient::{Lenient, LenientList, LenientMap};
pub use quantity::Quantity;
pub use scheduling::{Affinity, NodeAffinity, NodeSelector, NodeSelectorTerm, SelectorRequirement};
pub use security::{Capabilities, SeLinuxOptions, SecurityContext, SecurityProfile, Sysctl, WindowsOptions};
pub use spec::{PodOs, PodSpec};
pub use volume::Volume;
