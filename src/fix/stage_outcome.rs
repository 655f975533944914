//! Says what a repository would come to once a stage is written: the score, and the workloads that reach the strictest
//! standard.

use crate::audit::{AuditEngine, PodSecurity, WorkloadReport};
use crate::repo::FilePatch;

/// The score and the levels of a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageOutcome {
    pub score: Option<u8>,
    /// The workloads that meet the restricted standard, and all that a standard is about.
    pub restricted: usize,
    pub workloads: usize,
}

impl StageOutcome {
    /// What the repository is with this score and these workloads.
    pub fn of_reports<'r>(score: Option<u8>, reports: impl Iterator<Item = &'r WorkloadReport>) -> Self {
        let mut outcome = Self { score, ..Self::default() };
        for level in reports.filter_map(|report| report.pod_security) {
            outcome.workloads += 1;
            outcome.restricted += usize::from(level == PodSecurity::Restricted);
        }
        outcome
    }

    /// What it would be once these patches are written.
    pub(super) fn after_patches(engine: &AuditEngine, patches: &[FilePatch]) -> Self {
        let after = engine.with_patches(patches);
        Self::of_reports(after.score(), after.workload_reports().iter())
    }
}
