//! A fix as it is offered: proven, with its whole diff.

use crate::finding::{FindingKey, Safety};
use crate::repo::RelPath;
use crate::text::Source;

/// What becomes of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FilePatch {
    pub path: RelPath,
    /// What was audited; nothing is written unless the file still is this.
    pub before: Source,
    pub after: Source,
}

/// A fix of one or more findings, verified and ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// In the imperative.
    pub title: String,
    /// The least safe of what it holds.
    pub safety: Safety,
    /// What it writes; in one file most often, in several where they must agree.
    pub patches: Vec<FilePatch>,
    /// Every finding that is gone once it is written.
    pub resolves: Vec<FindingKey>,
    /// What a program may notice.
    pub cautions: Vec<String>,
    /// What was asked for and cannot be offered, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
}

impl FilePatch {
    /// The patch that takes this one back.
    #[must_use]
    pub fn turned(&self) -> Self {
        Self { path: self.path.clone(), before: self.after.clone(), after: self.before.clone() }
    }
}

/// What comes of many fixes at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub patches: Vec<FilePatch>,
    pub resolves: Vec<FindingKey>,
    /// What was asked for and cannot be offered, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
}
