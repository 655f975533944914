//! Names the decision of a person that mends a rule's findings, for the list of what matters first.

use crate::finding::Severity;

/// What a person decides once for all findings that it mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleDecision {
    /// The power over its node that an object has.
    NodePower,
    /// The rights that a role or a binding gives in the cluster.
    ClusterRights,
    /// The secret that stands in a file.
    WrittenSecret,
    /// The start that is refused.
    RefusedStart,
    /// What an image takes in without proof of who made it.
    UncheckedSupply,
    /// The user that programs run as.
    RunningUser,
    /// The privileges that programs keep.
    Confinement,
    WritableFiles,
    ApiToken,
    ResourceLimits,
    ImagePin,
    BuildSteps,
    UncheckedDownload,
    NetworkReach,
    VolumeKind,
    BrokenFile,
    Exceptions,
}

impl RuleDecision {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::NodePower,
        Self::ClusterRights,
        Self::WrittenSecret,
        Self::RefusedStart,
        Self::UncheckedSupply,
        Self::RunningUser,
        Self::Confinement,
        Self::WritableFiles,
        Self::ApiToken,
        Self::ResourceLimits,
        Self::ImagePin,
        Self::BuildSteps,
        Self::UncheckedDownload,
        Self::NetworkReach,
        Self::VolumeKind,
        Self::BrokenFile,
        Self::Exceptions,
    ];

    /// True where somebody wrote what is wrong, on purpose and for one object: each is decided by itself. What nobody
    /// wrote is decided once for the repository.
    #[must_use]
    pub const fn is_case(self) -> bool {
        matches!(
            self,
            Self::NodePower
                | Self::ClusterRights
                | Self::WrittenSecret
                | Self::RefusedStart
                | Self::UncheckedSupply
        )
    }

    /// The decision about a finding of that severity: below high, power over a node is one privilege among others.
    #[must_use]
    pub fn for_severity(self, severity: Severity) -> Self {
        match self {
            Self::NodePower if severity < Severity::High => Self::Confinement,
            own => own,
        }
    }
}
