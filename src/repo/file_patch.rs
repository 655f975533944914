//! Describes a change of one file, text before and after, for writes, previews and the journal.

use super::RelPath;
use crate::text::SourceText;

/// A file's text before and after a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePatch {
    pub path: RelPath,
    /// The text that was read; nothing is written unless the file still is this. An absent one makes a new file, and an
    /// absent `after` removes it again.
    pub before: SourceText,
    pub after: SourceText,
}

impl FilePatch {
    /// True where the file is there on one side alone.
    pub(super) const fn makes_or_removes(&self) -> bool {
        self.before.is_absent() || self.after.is_absent()
    }

    /// The patch that takes this one back.
    #[must_use]
    pub fn to_inverse(&self) -> Self {
        Self { path: self.path.clone(), before: self.after.clone(), after: self.before.clone() }
    }
}
