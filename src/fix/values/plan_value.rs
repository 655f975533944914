//! Defines the values that a fix writes or lacks, for the planner and the screens on which a person changes them.

use crate::image::Reference;
use crate::repo::{FilePatch, RelPath};
use crate::settings::ResourceDefaults;
use crate::text::Span;

/// The kind of a value, by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanValueKind {
    Uid,
    Gid,
    CpuRequest,
    CpuLimit,
    MemoryRequest,
    MemoryLimit,
    /// A folder that the program writes.
    Path,
    /// One more such folder; empty where there is none.
    AddedPath,
    Tag,
    Digest,
}

/// What a value belongs to: the key under which a choice of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueOwner {
    /// The user of an image: the path of the Dockerfile that builds it, else its name; uid and gid as they are planned.
    User { key: String, ids: (u32, u32) },
    /// The bounds of a container, and those that a person has chosen for it already.
    Bounds { path: RelPath, object: String, container: String, bounds: ResourceDefaults },
    /// The folders that a container writes, and its image.
    Paths { path: RelPath, object: String, container: String, image: String },
    /// An image, as the files refer to it.
    Image(Reference),
}

/// A place where a value stands, or would stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePlace {
    pub path: RelPath,
    /// In the text of the sheet's file; empty where the value is lacking.
    pub span: Span,
    /// What goes before the value where it is lacking.
    pub lead: String,
}

/// A value that may be put in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSuggestion {
    pub text: String,
    /// What goes with it: a uid's gid, a tag's digest.
    pub companion: Option<String>,
    /// Where it comes from, for a person.
    pub origin: String,
}

/// A value that a fix writes or lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanValue {
    pub kind: PlanValueKind,
    /// Several where one line is about several images.
    pub owners: Vec<ValueOwner>,
    /// As it is planned; empty where it is lacking.
    pub text: String,
    /// True where a person chose it, or the settings have it.
    pub is_chosen: bool,
    /// The place in the files that has decided it, where one has: the fix repeats it there, and no other would do.
    pub decided_at: Option<String>,
    /// The first is its own; the others follow it.
    pub places: Vec<ValuePlace>,
    pub suggestions: Vec<ValueSuggestion>,
    /// The values that others here have, with the name of each.
    pub used: Vec<(String, String)>,
}

/// The values of a fix, and the files that they stand in as these would be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueSheet {
    pub files: Vec<FilePatch>,
    pub values: Vec<PlanValue>,
}

impl PlanValueKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uid => "uid",
            Self::Gid => "gid",
            Self::CpuRequest => "cpu request",
            Self::CpuLimit => "cpu limit",
            Self::MemoryRequest => "memory request",
            Self::MemoryLimit => "memory limit",
            Self::Path => "path",
            Self::AddedPath => "one more path",
            Self::Tag => "tag",
            Self::Digest => "digest",
        }
    }
}

impl ValueOwner {
    /// True where both are the same, whatever is planned for them.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::User { key, .. }, Self::User { key: other, .. }) => key == other,
            (
                Self::Bounds { path, object, container, .. },
                Self::Bounds { path: other_path, object: other_object, container: other, .. },
            ) => (path, object, container) == (other_path, other_object, other),
            _ => self == other,
        }
    }

    /// True where both are bounds of containers of one workload: one line is typed for all of them that have it.
    #[must_use]
    pub fn is_of_same_workload(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Bounds { path, object, .. },
                Self::Bounds { path: other_path, object: other_object, .. },
            ) => (path, object) == (other_path, other_object),
            _ => false,
        }
    }
}

impl ValueSheet {
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
