//! Keeps a workload with its file: its report, its part of the score, and the Dockerfiles it runs.

use std::collections::BTreeSet;

use super::WorkloadReport;
use super::score::ScoreTally;
use crate::repo::RelPath;

/// A workload as a file's own part of the whole: kept with the file until something in it is audited anew.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WorkloadRow {
    pub report: WorkloadReport,
    pub tally: ScoreTally,
    pub dockerfiles: BTreeSet<RelPath>,
}
