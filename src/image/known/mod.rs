//! Well-known images: who they run as, what they write, what they are built on and what they need to start. Every row
//! has its source.
//!
//! The rows stand in `assets/images`. Their facts are those of the file that a row names, at the time it was read; a
//! published image may be older or newer.

mod image_needs;
mod image_record;
mod image_table;
mod row;
mod running_needs;
mod start_needs;
mod tags;

pub use image_needs::ImageNeeds;
pub use row::{ConfiguredUser, FactEvidence, KnownAccount, KnownImage, ProgramIdentity, RootDrop};
pub use running_needs::{
    AgreedId, FilledPath, HostNeed, HostRole, ListenPort, MemoryNeed, OwnedPath, TokenNeed, TokenUse,
    WrittenPath,
};
pub use start_needs::{
    ArgumentHandling, ArgumentUse, CapabilityNeeds, FileCapability, GroupZero, GroupZeroDesign,
    OtherUidStart, RootStart, RootStep, UidFreedom,
};
pub use tags::TagSelector;
pub(super) use tags::has_word;

use super::reference::Reference;
use image_table::{ImageTable, ImageText};

/// Who a container of an image starts as when nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultUser {
    Root,
    NonRoot {
        uid: Option<u32>,
        gid: Option<u32>,
        /// Whether the image says so by number. Only then can the kubelet prove `runAsNonRoot`; a name is refused.
        numeric: bool,
    },
    Unknown,
}

/// What is known of an image.
///
/// None where its repository is in no row, and where it is named by digest alone although its tags differ.
#[must_use]
pub fn find_known_image(reference: &Reference) -> Option<&'static KnownImage> {
    let name = hub_name(reference);
    let mut rows = ImageTable::shared().find_images(&name).flat_map(ImageText::rows);
    if reference.tag().is_none() && reference.digest().is_some() {
        return rows.next().filter(|row| row.tags.is_all());
    }
    let tag = reference.tag().unwrap_or("latest");
    rows.find(|row| row.tags.matches(tag))
}

/// Every row of the table.
pub fn all_known_images() -> impl Iterator<Item = &'static KnownImage> {
    ImageTable::shared().images().flat_map(ImageText::rows)
}

impl KnownImage {
    #[must_use]
    pub const fn default_user(&self) -> DefaultUser {
        match self.user {
            ConfiguredUser::Root => DefaultUser::Root,
            ConfiguredUser::Number(uid) => {
                let gid = match self.identity {
                    Some(identity) => Some(identity.gid),
                    None => None,
                };
                DefaultUser::NonRoot { uid: Some(uid), gid, numeric: true }
            }
            ConfiguredUser::Name(_) => match self.built_identity() {
                Some((uid, gid)) => DefaultUser::NonRoot { uid: Some(uid), gid: Some(gid), numeric: false },
                None => DefaultUser::NonRoot { uid: None, gid: None, numeric: false },
            },
            ConfiguredUser::Windows | ConfiguredUser::Unknown => DefaultUser::Unknown,
        }
    }

    /// The uid and gid that the whole image is built to run as: what `runAsUser` and `runAsGroup` should say. None
    /// where a part of it needs root, where it runs as anyone, and where the numbers are only derived.
    #[must_use]
    pub const fn built_identity(&self) -> Option<(u32, u32)> {
        match self.identity {
            Some(ProgramIdentity { evidence: FactEvidence::Derived, .. }) | None => None,
            Some(ProgramIdentity { uid, gid, .. }) => Some((uid, gid)),
        }
    }

    /// Whether a low uid is this image's own, so that another would break it. A derived number counts.
    #[must_use]
    pub fn is_built_for_uid(&self, uid: u32) -> bool {
        self.identity.is_some_and(|identity| identity.uid == uid)
    }

    /// Whether the image starts as root and its entrypoint gives root up.
    #[must_use]
    pub fn drops_privileges(&self) -> bool {
        self.drops == RootDrop::Entrypoint
    }

    /// Directories that need a volume under a read-only root filesystem, and that may start empty.
    #[must_use]
    pub const fn writable_paths(&self) -> &'static [&'static str] {
        self.writes
    }

    /// Paths that are written to although the image put files there: an empty volume would hide them, so a person must
    /// decide.
    #[must_use]
    pub const fn occupied_paths(&self) -> &'static [&'static str] {
        self.occupied
    }
}

impl ImageNeeds {
    /// The needs of the image of a reference.
    ///
    /// None where its repository is in no row, and where it is named by digest alone although its tags differ.
    #[must_use]
    pub fn find(reference: &Reference) -> Option<&'static Self> {
        let name = hub_name(reference);
        let mut rows = ImageTable::shared().find_needs(&name).flat_map(ImageText::needs);
        if reference.tag().is_none() && reference.digest().is_some() {
            return rows.next().filter(|row| row.tags.is_all());
        }
        let tag = reference.tag().unwrap_or("latest");
        rows.find(|row| row.tags.matches(tag))
    }

    /// Every row.
    pub fn find_all() -> impl Iterator<Item = &'static Self> {
        ImageTable::shared().images().flat_map(ImageText::needs)
    }
}

/// The repository in full, with the public mirrors of Docker's official images read as Docker Hub.
fn hub_name(reference: &Reference) -> String {
    let name = reference.name();
    let official = ["public.ecr.aws/docker/library/", "mirror.gcr.io/library/"];
    match official.iter().find_map(|mirror| name.strip_prefix(mirror)) {
        Some(image) => format!("docker.io/library/{image}"),
        None => name,
    }
}
