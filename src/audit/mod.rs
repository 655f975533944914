//! From a file's text to its findings, its score and its Pod Security level.

mod report;

pub use report::{FileReport, Listed, PodSecurity, Status, Suppression, Update, WorkloadReport};
