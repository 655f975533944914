//! Holds the list of Dockerfiles from which a person says which one builds an image, while it is open.

use super::list_cursor::ListCursor;
use crate::pairs::PairSheet;
use crate::repo::RelPath;
use crate::settings::SettingsChange;

/// The list, and the place in it. The row after the last Dockerfile says that none of them builds the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkChoice {
    /// As the manifest writes it.
    pub image: String,
    /// The nearest to the manifest first.
    pub dockerfiles: Vec<RelPath>,
    /// The one that is linked now.
    pub linked: Option<RelPath>,
    pub cursor: ListCursor,
}

impl LinkChoice {
    /// The choice for the container of these pairs; none where it has no image.
    pub(super) fn for_pairs(sheet: &PairSheet, mut dockerfiles: Vec<RelPath>) -> Option<Self> {
        let common = |path: &RelPath| count_shared_folders(path, &sheet.manifest);
        dockerfiles.sort_by_key(|path| (std::cmp::Reverse(common(path)), path.clone()));
        let linked = sheet.dockerfile.as_ref().ok().cloned();
        let row = dockerfiles.iter().position(|path| Some(path) == linked.as_ref()).unwrap_or(0);
        let mut cursor = ListCursor::default();
        cursor.move_to(row, dockerfiles.len() + 1);
        Some(Self { image: sheet.image.clone()?, dockerfiles, linked, cursor })
    }

    #[must_use]
    pub const fn row_count(&self) -> usize {
        self.dockerfiles.len() + 1
    }

    /// What the selected row puts into the settings.
    pub(super) fn selected_change(&self) -> SettingsChange {
        let dockerfile = self.dockerfiles.get(self.cursor.row).cloned();
        SettingsChange::Link { image: self.image.clone(), dockerfile }
    }
}

fn count_shared_folders(one: &RelPath, other: &RelPath) -> usize {
    let (one, other) = (one.folder().split('/'), other.folder().split('/'));
    one.zip(other).take_while(|(own, its)| own == its && !own.is_empty()).count()
}
