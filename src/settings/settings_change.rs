//! Names what a person wants kept in the settings, for who writes it there.

use super::ValueChoice;
use crate::repo::RelPath;

/// What is to stand in the settings from now on.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsChange {
    /// Values that fixes write.
    Values(Vec<ValueChoice>),
    /// What the last trial of an app saw that it needs: the app's file and its `Kind/name`.
    Trial { path: RelPath, object: String },
    /// The Dockerfile that builds an image, which is as the manifest writes it; none where no Dockerfile here does.
    Link { image: String, dockerfile: Option<RelPath> },
}
