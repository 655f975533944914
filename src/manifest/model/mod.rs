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
    Binding, Data, NetworkPolicy, NetworkPolicySpec, PolicyRule, RbacRole, Reference, Selector, Service,
    ServiceAccount, ServiceSpec,
};
pub use container::{ContainerSpec, EnvVar, Handler, HostAction, Lifecycle, Port, Resources, VolumeMount};
pub(in crate::manifest) use lenient::LENIENT;
pub use lenient::{Lenient, List, Map};
pub use quantity::Quantity;
pub use scheduling::{Affinity, NodeAffinity, NodeSelector, Requirement, Term};
pub use security::{Capabilities, Profile, SeLinuxOptions, SecurityContext, Sysctl, WindowsOptions};
pub use spec::{Os, PodSpec};
pub use volume::Volume;
