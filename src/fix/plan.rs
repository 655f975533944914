//! A fix as it is offered: proven, with its whole diff.

use crate::finding::{FindingKey, Safety};
use crate::repo::FilePatch;

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
    /// Where what is written does not reach.
    pub cautions: Vec<String>,
}
