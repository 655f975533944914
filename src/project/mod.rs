//! Stores each file's facts and the links between files, for rules that read the whole repository.

mod app_members;
mod claim_index;
mod companion_facts;
mod dockerfile_facts;
mod dockerfile_index;
mod exposed_ports;
mod facts_delta;
pub(crate) mod image_accounts;
mod image_deployment;
pub(crate) mod image_homes;
mod image_links;
mod image_name;
mod kustomization_index;
mod link_answer;
mod link_finder;
mod manifest_facts;
mod member_ties;
mod neighbour_index;
mod own_images;
mod pod_needs_memo;
mod policy_facts;
mod policy_index;
mod render_sets;
mod repository_index;
mod repository_view;
mod selector_index;
mod service_accounts;
mod stated_needs;
mod surroundings;
mod uid_allocator;
mod written_paths;

pub use app_members::AppMember;
pub use companion_facts::{AppTie, CompanionFacts};
pub use dockerfile_facts::{DockerfileFacts, ImageUser};
pub use exposed_ports::ExposedPorts;
pub use image_deployment::ImageDeployment;
pub use link_answer::{ImageLink, LinkAnswer, LinkEvidence};
pub use manifest_facts::{BoundAccount, ClaimFacts, ContainerFacts, ManifestFacts, PodFacts, ScalerFacts};
pub use pod_needs_memo::PodNeedsMemo;
pub use policy_facts::PolicyFacts;
pub use render_sets::RenderSets;
pub use repository_index::RepositoryIndex;
pub use repository_view::{FactOverrides, RepositoryView};
pub use selector_index::NearMiss;
pub(crate) use uid_allocator::LOWEST_UID;
pub use uid_allocator::{RunAs, UidSource};

use crate::kubernetes::ManifestFile;
use crate::repo::RelPath;

/// The kinds, beside those that hold pods, of which facts are stored: accounts and their rights, policies, claims,
/// scalers, budgets, what shows OpenShift, and what kustomizations name.
pub(crate) const INDEXED_KINDS: [&str; 14] = [
    "BuildConfig",
    "ClusterRoleBinding",
    "Component",
    "HorizontalPodAutoscaler",
    "ImageStream",
    "Kustomization",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "RoleBinding",
    "Route",
    "SecurityContextConstraints",
    "ServiceAccount",
    "VerticalPodAutoscaler",
];

/// The facts of one file that other files may need.
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

impl ContainerKey {
    /// Those of every container of a manifest, in the order of the file.
    pub fn all_in<'a>(path: &'a RelPath, manifest: &'a ManifestFile) -> impl Iterator<Item = Self> + 'a {
        let documents = manifest.documents.iter().enumerate();
        let pods = documents.flat_map(|(at, document)| {
            document.pods.iter().enumerate().map(move |(nth, pod)| ((at, nth), pod))
        });
        pods.flat_map(move |(position, pod)| {
            (0..pod.containers.len()).map(move |container| Self { path: path.clone(), position, container })
        })
    }
}
