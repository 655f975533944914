//! A fix as it is offered: proven, with its whole diff.

use crate::finding::{Safety, Subject};
use crate::repo::{FilePatch, RelPath};

/// Tells one finding from all others, and keeps doing so while the file is edited: never a line or a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    pub path: RelPath,
    pub rule: &'static str,
    pub subject: Subject,
    /// Which of several alike in the file, from 0: a Dockerfile may have one finding per instruction.
    pub ordinal: usize,
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

/// What comes of many fixes at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub patches: Vec<FilePatch>,
    pub resolves: Vec<FindingKey>,
    /// What was asked for and cannot be offered, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
}
