//! A fix as it is offered: proven, with its whole diff.

use crate::finding::{BreakingFix, FindingKey, FixRisk, RiskEvidence, Safety};
use crate::repo::FilePatch;

/// A fix of one or more findings, verified and ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct FixPlan {
    /// In the imperative.
    pub title: String,
    /// The least safe of what it holds.
    pub safety: Safety,
    /// The highest of what it holds. A fix that will break the program is a plan by itself.
    pub risk: FixRisk,
    /// What it writes; in one file most often, in several where they must agree.
    pub patches: Vec<FilePatch>,
    /// Every finding that is gone once it is written.
    pub resolves: Vec<FindingKey>,
    /// What a program may notice.
    pub cautions: Vec<String>,
    /// What is known of the program, for and against it.
    pub evidence: Vec<RiskEvidence>,
    /// What was asked for and cannot be offered, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// What was asked for and left out, since it would break the program; each is offered alone.
    pub breaking_fixes: Vec<BreakingFix>,
}

/// What comes of many fixes at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FixAllResult {
    pub patches: Vec<FilePatch>,
    pub resolves: Vec<FindingKey>,
    /// What was asked for and cannot be offered, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// Where what is written does not reach.
    pub cautions: Vec<String>,
    /// What was asked for and left out, since it would break the program.
    pub breaking_fixes: Vec<BreakingFix>,
}
