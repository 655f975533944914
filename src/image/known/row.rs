//! One row of the table: what is known of one image, or of one family of its tags.

use serde::Deserialize;

use super::tags::TagSelector;
use crate::image::DistroFamily;

/// What an image's own configuration says it starts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfiguredUser {
    /// No USER at all, or root.
    Root,
    /// A number, which the kubelet can check.
    Number(u32),
    /// A name, which the kubelet cannot prove to be other than root.
    Name(&'static str),
    /// Windows accounts are no numbers.
    Windows,
    Unknown,
}

/// The origin of a fact, the surest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactEvidence {
    /// It stands in the row's source.
    #[default]
    Stated,
    /// It is generally known of the published image: of a number the source gives only the name, or the source was read in
    /// a version of unknown age.
    Known,
    /// It follows from what was read, as a number does from how the account tool allots them: typical, never certain, so
    /// no fix rests on it.
    Derived,
}

impl FactEvidence {
    pub(super) const fn known() -> Self {
        Self::Known
    }

    pub(super) const fn derived() -> Self {
        Self::Derived
    }
}

/// The numbers that an image's program is built to run as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramIdentity {
    pub uid: u32,
    pub gid: u32,
    pub evidence: FactEvidence,
}

/// An account that the image brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAccount {
    pub name: &'static str,
    pub uid: u32,
    pub gid: u32,
}

/// Who lets go of root, where an image starts as root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootDrop {
    /// Nobody does.
    #[default]
    No,
    /// The entrypoint does, with gosu, su-exec or setpriv, and only when it starts as uid 0: started as the account's
    /// own number it skips that step, and its volumes must be writable already.
    Entrypoint,
    /// The program does for its workers; its first process stays root.
    Program,
}

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownImage {
    /// Full repository names; a last `*` stands for one or more components.
    pub images: &'static [&'static str],
    pub tags: TagSelector,
    pub user: ConfiguredUser,
    pub identity: Option<ProgramIdentity>,
    pub accounts: &'static [KnownAccount],
    pub drops: RootDrop,
    /// The family where the tag does not say otherwise.
    pub family: Option<DistroFamily>,
    /// Directories that are written to and that an empty volume may take the place of.
    pub writes: &'static [&'static str],
    /// Paths that are written to although the image put files there: an empty volume would hide those.
    pub occupied: &'static [&'static str],
    /// What a person should know before changing the user.
    pub caution: Option<&'static str>,
    /// Where the facts were read: `owner/repository:path`.
    pub source: &'static str,
}
