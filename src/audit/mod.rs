//! From a file's text to its findings, its score and its Pod Security level.

mod apps;
mod baseline_run;
mod engine;
mod entry;
mod imagine;
mod interest;
mod judge;
pub mod pod_security;
mod refresh;
mod report;
mod score;
mod spread;
mod standing;
mod stream;
mod suppression_run;
mod units;
mod verdicts;
mod workload_row;
mod workloads;

pub use baseline_run::{shrink_baseline, take_baseline};
pub use engine::{AuditEngine, FileContent};
pub use imagine::SimulatedAudit;
pub use interest::RELEVANT_DOCUMENTS;
pub(crate) use spread::{par_map, par_map_ordered};

pub use report::{AuditUpdate, FileReport, FileStatus, ListedFinding, PodSecurity, WorkloadReport};
pub use score::FactorCounts;
