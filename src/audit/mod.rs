//! From a file's text to its findings, its score and its Pod Security level.

mod apps;
mod baseline;
mod engine;
mod entry;
mod imagine;
mod judge;
pub mod pod_security;
mod refresh;
mod report;
mod score;
mod spread;
mod standing;
mod stream;
mod suppression;
mod units;
mod verdicts;
mod workloads;

pub use baseline::{BASELINE_FILE, Baseline};
pub use engine::{Engine, Meaning};
pub use imagine::ImaginedAudit;
pub(crate) use spread::{in_order, spread};

pub use report::{FileReport, Listed, PodSecurity, Status, Suppression, Update, WorkloadReport};
pub use score::FactorCounts;
