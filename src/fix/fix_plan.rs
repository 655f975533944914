//! Defines a plan of fixes, proven and with its whole diff, for the screen and the writer.

use crate::finding::{BreakingFix, FindingKey, FixRisk, RiskEvidence, Safety};
use crate::repo::FilePatch;

/// A fix of one or more findings, verified and ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct FixPlan {
    /// The title, in the imperative.
    pub title: String,
    /// The least safe class of its fixes.
    pub safety: Safety,
    /// The highest risk of its fixes. A fix that will break the program is a plan by itself.
    pub risk: FixRisk,
    /// The patches that it writes; in one file most often, in several where they must agree.
    pub patches: Vec<FilePatch>,
    /// Every finding that is gone once it is written.
    pub resolves: Vec<FindingKey>,
    /// The effects that a program may notice.
    pub cautions: Vec<String>,
    /// The evidence about the program, for and against the plan.
    pub evidence: Vec<RiskEvidence>,
    /// The requested findings that cannot be fixed, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// The requested fixes that are left out, since they would break the program; each is offered alone.
    pub breaking_fixes: Vec<BreakingFix>,
}

/// The result of many fixes at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FixAllResult {
    pub patches: Vec<FilePatch>,
    pub resolves: Vec<FindingKey>,
    /// The requested findings that cannot be fixed, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// The places that the patches do not reach.
    pub cautions: Vec<String>,
    /// The requested fixes that are left out, since they would break the program.
    pub breaking_fixes: Vec<BreakingFix>,
}
