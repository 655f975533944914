//! One row of the table: what is known of one image, or of one family of its tags.

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

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityEvidence {
    /// It stands in the row's source.
    Stated,
    /// It is generally known of the published image; the source gives only the name.
    Known,
    /// It follows from how the account tool allots numbers: typical, never certain, so no fix writes it.
    Derived,
}

/// The numbers that an image's program is built to run as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramIdentity {
    pub uid: u32,
    pub gid: u32,
    pub evidence: IdentityEvidence,
}

/// An account that the image brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    pub name: &'static str,
    pub uid: u32,
    pub gid: u32,
}

/// Who lets go of root, where an image starts as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootDrop {
    /// Nobody does.
    No,
    /// The entrypoint does, with gosu, su-exec or setpriv, and only when it starts as uid 0: started as the account's
    /// own number it skips that step, and its volumes must be writable already.
    Entrypoint,
    /// The program does for its workers; its first process stays root.
    Program,
}

/// What is known of an image. Build one with [`KnownImage::root`], [`KnownImage::number`] or [`KnownImage::named`].
#[derive(Clone, Copy, Debug)]
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

impl KnownImage {
    const fn new(images: &'static [&'static str], user: ConfiguredUser, source: &'static str) -> Self {
        Self {
            images,
            tags: TagSelector::ALL,
            user,
            identity: None,
            accounts: &[],
            drops: RootDrop::No,
            family: None,
            writes: &[],
            occupied: &[],
            caution: None,
            source,
        }
    }

    /// An image that starts as root.
    pub(super) const fn root(images: &'static [&'static str], source: &'static str) -> Self {
        Self::new(images, ConfiguredUser::Root, source)
    }

    /// An image whose USER is this number, in this group.
    pub(super) const fn number(
        images: &'static [&'static str],
        uid: u32,
        gid: u32,
        source: &'static str,
    ) -> Self {
        Self::new(images, ConfiguredUser::Number(uid), source).built_for(uid, gid)
    }

    /// An image whose USER is this number, in a group that its source does not tell.
    pub(super) const fn number_alone(
        images: &'static [&'static str],
        uid: u32,
        source: &'static str,
    ) -> Self {
        Self::new(images, ConfiguredUser::Number(uid), source)
    }

    /// An image whose USER is a name.
    pub(super) const fn named(
        images: &'static [&'static str],
        name: &'static str,
        source: &'static str,
    ) -> Self {
        Self::new(images, ConfiguredUser::Name(name), source)
    }

    /// An image of which it is not known what it starts as.
    pub(super) const fn unknown(images: &'static [&'static str], source: &'static str) -> Self {
        Self::new(images, ConfiguredUser::Unknown, source)
    }

    /// An image that runs on Windows.
    pub(super) const fn windows(images: &'static [&'static str], source: &'static str) -> Self {
        let mut row = Self::new(images, ConfiguredUser::Windows, source);
        row.family = Some(DistroFamily::Windows);
        row
    }

    pub(super) const fn tagged(mut self, tags: TagSelector) -> Self {
        self.tags = tags;
        self
    }

    pub(super) const fn on(mut self, family: DistroFamily) -> Self {
        self.family = Some(family);
        self
    }

    /// The whole image is built to run as these numbers, and its source says so.
    pub(super) const fn built_for(self, uid: u32, gid: u32) -> Self {
        self.identified(uid, gid, IdentityEvidence::Stated)
    }

    /// The same, but its source gives a name only, and the numbers are known of the published image.
    pub(super) const fn known_for(self, uid: u32, gid: u32) -> Self {
        self.identified(uid, gid, IdentityEvidence::Known)
    }

    /// The same, but the numbers follow from how the account tool allots them.
    pub(super) const fn probably(self, uid: u32, gid: u32) -> Self {
        self.identified(uid, gid, IdentityEvidence::Derived)
    }

    const fn identified(mut self, uid: u32, gid: u32, evidence: IdentityEvidence) -> Self {
        self.identity = Some(ProgramIdentity { uid, gid, evidence });
        self
    }

    /// The entrypoint switches from root to these numbers.
    pub(super) const fn drops_to(mut self, uid: u32, gid: u32) -> Self {
        self.drops = RootDrop::Entrypoint;
        self.built_for(uid, gid)
    }

    pub(super) const fn drops(mut self, drops: RootDrop) -> Self {
        self.drops = drops;
        self
    }

    pub(super) const fn brings(mut self, accounts: &'static [KnownAccount]) -> Self {
        self.accounts = accounts;
        self
    }

    pub(super) const fn writes(mut self, paths: &'static [&'static str]) -> Self {
        self.writes = paths;
        self
    }

    pub(super) const fn occupies(mut self, paths: &'static [&'static str]) -> Self {
        self.occupied = paths;
        self
    }

    pub(super) const fn caution(mut self, sentence: &'static str) -> Self {
        self.caution = Some(sentence);
        self
    }
}

impl KnownAccount {
    pub(super) const fn new(name: &'static str, uid: u32, gid: u32) -> Self {
        Self { name, uid, gid }
    }
}
