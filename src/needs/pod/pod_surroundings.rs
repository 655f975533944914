//! Holds the facts about a pod that stand outside its own manifest, for those who find its needs.

use std::collections::HashMap;

use crate::needs::{NeedEvidence, ProgramNeed};
use crate::repo::RelPath;
use crate::text::Span;

/// The facts about a pod that stand outside its own manifest.
#[derive(Clone, Debug, Default)]
pub struct PodSurroundings {
    /// The needs of each container's image: of the Dockerfile that builds it, or else of the well-known image.
    pub image_needs: Vec<Vec<ProgramNeed>>,
    /// True where the image of a container starts as root, as far as that is known of each.
    pub images_start_as_root: Vec<Option<bool>>,
    /// The number that the image of each container runs as by itself, where a Dockerfile here says it.
    pub image_uids: Vec<Option<i64>>,
    /// The index of the pod's first volume of each name.
    pub volumes_by_name: HashMap<String, usize>,
    /// The roles that are bound to the pod's ServiceAccount.
    pub bound_roles: Vec<BoundRole>,
    /// The claims that several nodes may write, or that a server without `fsGroup` serves, by name.
    pub shared_claims: Vec<String>,
    /// The objects beside the pod that show OpenShift.
    pub openshift_objects: Vec<NeedEvidence>,
    /// The other workloads that share an image or a claim with the pod, and run as its uid.
    pub uid_sharers: Vec<NeedEvidence>,
    /// The autoscalers that set the pod's resources.
    pub resource_scalers: Vec<NeedEvidence>,
}

/// A role that a binding gives a ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundRole {
    /// `Kind/name` of the role.
    pub role: String,
    /// The file with the binding, and the place of the account in it.
    pub path: RelPath,
    pub span: Span,
}
