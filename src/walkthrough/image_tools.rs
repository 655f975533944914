//! Tells which tools an image certainly has, for commands that are to be run in it.

use crate::image::DistroFamily;

/// The tools that an image certainly has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageTools {
    /// Busybox: `ps` is among them.
    Busybox,
    /// GNU's `id`, `cat`, `touch` and `stat`; no `ps`.
    Coreutils,
    /// None, or nobody knows.
    Unknown,
}

impl ImageTools {
    pub(super) const fn from_family(family: DistroFamily) -> Self {
        match family {
            DistroFamily::Alpine | DistroFamily::Wolfi | DistroFamily::Busybox => Self::Busybox,
            DistroFamily::Debian
            | DistroFamily::Ubuntu
            | DistroFamily::RedHat
            | DistroFamily::RedHatMinimal
            | DistroFamily::AzureLinux
            | DistroFamily::Suse => Self::Coreutils,
            DistroFamily::Distroless
            | DistroFamily::Scratch
            | DistroFamily::Windows
            | DistroFamily::Unknown => Self::Unknown,
        }
    }

    /// True when a command can be run in the container itself.
    pub(super) const fn are_known(self) -> bool {
        !matches!(self, Self::Unknown)
    }
}
