//! Defines where a pod and its containers stand in a document, for those who find them and those who read them.

use crate::kubernetes::container_role::ContainerRole;
use crate::yaml::YamlPath;
use crate::yaml::yaml_tree::NodeId;

/// How much of a pod stands in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PodCompleteness {
    /// All of it.
    #[default]
    Whole,
    /// Whole containers, of a pod that an operator makes around them.
    Containers,
    /// What is merged over a pod, or into one, that stands elsewhere.
    Part,
    /// What looks like a pod's, in an object of a kind that is not known here.
    Unknown,
}

/// A pod spec, or the mapping that stands for it: the key that holds it, and the way to it from the document's root.
pub(in crate::kubernetes) struct PodLocation {
    pub(in crate::kubernetes) spec: NodeId,
    pub(in crate::kubernetes) key: NodeId,
    pub(in crate::kubernetes) path: YamlPath,
    pub(in crate::kubernetes) completeness: PodCompleteness,
    /// The mapping whose `securityContext` holds for all its containers, where that is not the spec itself.
    pub(in crate::kubernetes) context: Option<NodeId>,
    /// The containers, where they do not stand in the pod spec's own lists.
    pub(in crate::kubernetes) containers: Option<Vec<ContainerLocation>>,
}

/// A container's mapping.
pub(in crate::kubernetes) struct ContainerLocation {
    pub(in crate::kubernetes) role: ContainerRole,
    pub(in crate::kubernetes) index: usize,
    pub(in crate::kubernetes) node: NodeId,
    pub(in crate::kubernetes) path: YamlPath,
    /// False where it is merged over one that stands elsewhere.
    pub(in crate::kubernetes) is_whole: bool,
    /// The mapping that its kind lays under it: what it does not have itself, it has from there.
    pub(in crate::kubernetes) defaults: Option<NodeId>,
}
