//! Holds the values that a person has chosen while the program runs, over those that the settings derive.

use std::collections::BTreeMap;

use super::ResourceDefaults;
use crate::repo::RelPath;

/// The choices in place of defaults. None of them is stored: they end in the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenValues {
    /// Uid and gid: by the path of the Dockerfile that builds the image, else by the image's name.
    pub users: BTreeMap<String, (u32, u32)>,
    /// The bounds of a workload's containers: by its file and `Kind/name`.
    pub resources: BTreeMap<(RelPath, String), ResourceDefaults>,
    /// The paths that a container may write: by its file, `Kind/name`, and its own name.
    pub writable_paths: BTreeMap<(RelPath, String, String), Vec<String>>,
    /// Tag and digest: by the reference as the files have it.
    pub images: BTreeMap<String, ImagePin>,
}

/// The chosen reference of an image. A part that is none stays as it is; without either nothing is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImagePin {
    pub tag: Option<String>,
    pub digest: Option<String>,
}

/// A value in the place of the one that a fix would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueChoice {
    /// The user of an image, by the path of the Dockerfile that builds it, else by its name.
    User { key: String, uid: u32, gid: u32 },
    /// The bounds of a workload's containers.
    Bounds { path: RelPath, object: String, bounds: ResourceDefaults },
    /// The folders that a container writes.
    WritablePaths { path: RelPath, object: String, container: String, paths: Vec<String> },
    /// Tag and digest of an image, by the reference as the files have it.
    Image { reference: String, pin: ImagePin },
}

impl ChosenValues {
    /// Puts a choice in the place of an earlier one.
    pub fn choose(&mut self, choice: ValueChoice) {
        match choice {
            ValueChoice::User { key, uid, gid } => drop(self.users.insert(key, (uid, gid))),
            ValueChoice::Bounds { path, object, bounds } => {
                drop(self.resources.insert((path, object), bounds));
            }
            ValueChoice::WritablePaths { path, object, container, paths } => {
                drop(self.writable_paths.insert((path, object, container), paths));
            }
            ValueChoice::Image { reference, pin } if pin == ImagePin::default() => {
                drop(self.images.remove(&reference));
            }
            ValueChoice::Image { reference, pin } => drop(self.images.insert(reference, pin)),
        }
    }
}
