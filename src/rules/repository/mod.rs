//! What the repository as a whole knows: facts kept per file, and the links between them, asked for by key.

pub(crate) mod accounts;
mod build;
mod builders;
mod change;
mod grants;
mod identity;
mod index;
mod kustomizations;
mod link;
mod manifest;
mod own_image;
mod policies;
mod policy;
mod ports;
mod view;
mod writes;

pub use build::{DockerfileFacts, ImageUser};
pub(crate) use identity::LOWEST_UID;
pub use identity::{RunAs, UidSource};
pub use index::RepositoryIndex;
pub(crate) use kustomizations::resolve_within;
pub use link::ImageLink;
pub use manifest::{ContainerFacts, ManifestFacts, PodFacts};
pub use policy::PolicyFacts;
pub use view::RepositoryView;

use crate::repo::RelPath;

/// The kinds, beside those that hold pods, of which facts are kept: accounts and who may do what with them, policies,
/// and what kustomizations name.
pub(crate) const INDEXED_KINDS: [&str; 6] =
    ["ClusterRoleBinding", "Component", "Kustomization", "NetworkPolicy", "RoleBinding", "ServiceAccount"];

/// What other files may ask of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum FileFacts {
    Dockerfile(DockerfileFacts),
    Manifest(ManifestFacts),
}

/// A container in the repository: its file, its document and pod in it, and its index in the pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerKey {
    pub path: RelPath,
    pub position: (usize, usize),
    pub container: usize,
}
