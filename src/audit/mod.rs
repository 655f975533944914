//! Audits files for all commands: from a file's text to its findings, its score and its Pod Security level.

mod app_scores;
mod audit_report;
mod baseline_run;
mod build_texts;
mod charts;
mod deployed_objects;
mod engine;
mod file_record;
mod interest;
mod listed_finding;
mod lone_texts;
mod lowered_bar;
mod overlays;
mod pinned_images;
mod piped_text;
pub mod pod_security;
mod record_report;
mod refresh;
mod runner;
mod score;
mod score_sheet;
mod simulate;
mod streaming_scan;
mod subject_outcomes;
mod suppression_run;
mod units;
mod workload_reports;
mod workload_row;

pub use audit_report::{
    AuditUpdate, ContainerLink, FileReport, FileStatus, PodSecurity, RenderReport, WorkloadReport,
};
pub use baseline_run::{shrink_baseline, take_baseline};
pub use charts::{ChartView, RenderedBuild, TemplateRender, TemplateView};
pub use deployed_objects::{DeployedObject, DeployedObjects};
pub use engine::{AuditEngine, FileContent};
pub use interest::RELEVANT_DOCUMENTS;
pub use listed_finding::{FindingList, FindingVerdict, ListedFinding};
pub use lowered_bar::LoweredBar;
pub use overlays::BuiltPod;
pub use pinned_images::{PinCheck, PinnedImage};
pub use piped_text::PipedText;
pub use score::FactorCounts;
pub use score_sheet::ScoreSheet;
pub use simulate::SimulatedAudit;
