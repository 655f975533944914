//! Describes a change of one file, text before and after, for writes, previews and the journal.

use super::RelPath;
use crate::text::SourceText;

/// A file's text before and after a write.
#[derive(Clone, Debug, PartialEq)]
pub struct FilePatch {
    pub path: RelPath,
    /// The text that was audited; nothing is written unless the file still is this.
    pub before: SourceText,
    pub after: SourceText,
}

impl FilePatch {
    /// The patch that takes this one back.
    #[must_use]
    pub fn to_inverse(&self) -> Self {
        Self { path: self.path.clone(), before: self.after.clone(), after: self.before.clone() }
    }
}
