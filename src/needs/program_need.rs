//! Defines a need of a program, for those who find needs and for those who ask about them.

use crate::finding::Wording;
use crate::repo::RelPath;
use crate::text::Span;

/// A need of the program that a container runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProgramNeed {
    pub kind: NeedKind,
    pub certainty: NeedCertainty,
    /// One sentence, without a full stop, that names the cause in these very files: the command, image, path, volume,
    /// annotation or port.
    pub reason: Wording,
    /// The places where that stands; none where it is known of the image alone.
    pub evidence: Vec<NeedEvidence>,
}

impl ProgramNeed {
    /// The uid as which a trial saw the program run, and as no other.
    #[must_use]
    pub const fn observed_uid(&self) -> Option<i64> {
        match (self.certainty, &self.kind) {
            (NeedCertainty::Observed, NeedKind::AgreedUid(uid)) => Some(*uid),
            _ => None,
        }
    }
}

/// The thing that is needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeedKind {
    /// To start as root: it does what only root can, and mostly gives root up by itself.
    RootStart,
    /// A capability of the process that starts as root, by Kubernetes' name.
    Capability(String),
    /// A capability on the program's file, by Kubernetes' name: without it in the bounding set the program cannot be
    /// executed, whatever its uid.
    FileCapability(String),
    /// To gain privileges by a set-user-id program, such as sudo.
    SetUserId,
    /// To make user namespaces, which the runtime's own filter of system calls refuses without SYS_ADMIN.
    UserNamespaces,
    /// To listen on a port below 1024.
    LowPort(u16),
    /// The files that the build put at a path: an empty volume there, or above, would hide them.
    FilledPath(String),
    /// A path that the program writes where the build put files: on a read-only root it needs a volume that holds them.
    OccupiedPath(String),
    /// A path that only root may enter or execute from.
    RootOnlyPath(String),
    /// A folder that the program writes by what its container says; the root's is empty.
    WrittenPath(String),
    /// A folder of the image that the program writes and root alone may: under another uid it needs a volume there.
    RootFolder(String),
    /// A directory that belongs to the uid of the process.
    OwnedPath(String),
    /// A volume that outlives the pod or is not empty, by its mount path, written under the uid of today.
    KeptVolume { path: String, takes_fs_group: bool },
    /// Group 0: its files are open to it by design.
    GroupZero,
    /// So many bytes of memory.
    Memory(u64),
    /// So many thousandths of a processor.
    Processor(u64),
    /// The Kubernetes API, by the token of its service account.
    ApiToken,
    /// A token that a volume of the pod mounts, by the volume's name, whatever the pod says of mounting one.
    TokenVolume(String),
    /// To be started with other words than now: what looks at its arguments, or begins to get them.
    StartWords,
    /// A uid that its platform assigns.
    AssignedUid,
    /// A field that its platform or its operator refuses or overwrites, by its path in the pod spec.
    RefusedField(String),
    /// The node itself, by design: its files, network, devices or processes.
    NodeAccess,
    /// A uid that others rely on: packet rules, volumes, other manifests.
    AgreedUid(i64),
    /// A value on which somebody decided, as a comment or the field beside it says, by its field
    /// (`securityContext.privileged`) or its instruction.
    Decision(String),
}

/// The certainty of a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeedCertainty {
    /// Something speaks for it; it cannot be known here.
    Likely,
    /// These files say it, or what is stated of a well-known image.
    Shown,
    /// A trial saw it: the program ran with it, and did not without.
    Observed,
}

/// A place that shows a need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NeedEvidence {
    /// The fact, in words that can stand within a sentence.
    pub text: Wording,
    pub path: RelPath,
    /// In the text of the file.
    pub span: Span,
}
