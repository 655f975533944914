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
pub use engine::{Engine, Meaning};
pub use imagine::ImaginedAudit;
pub use interest::RELEVANT_DOCUMENTS;
pub(crate) use spread::{in_order, spread};

pub use report::{FileReport, Listed, PodSecurity, Status, Update, WorkloadReport};
pub use score::FactorCounts;
