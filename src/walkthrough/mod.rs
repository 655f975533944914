//! Guides a person through the hardening of one app of the repository, chapter by chapter.
//!
//! Everything here is computed from the audited files: nothing is run and nothing is observed, and the text makes that
//! clear.

mod app_walk;
mod before_after;
mod changed_pod;
mod changed_users;
mod chapters;
mod evidence;
mod image_tools;
mod level_obstacles;
mod planned_change;
mod pull_request;
mod quote;
mod run_users;
mod runnable_checks;
pub mod typed_values;
mod walk_app;
mod walk_context;
mod walk_results;

pub use app_walk::{AppWalk, ChapterPage, ChapterStatus, WalkOverview, compute_walk};
pub use before_after::{BEFORE_HEADING, SINCE_HEADING, count_rules, evidence_now, pair_evidence};
pub use chapters::{Chapter, ChapterText};
pub use evidence::{AFTER_HEADING, EvidenceLine, TRIAL_HEADING};
pub use pull_request::write_pull_request;
pub use quote::QuotedLine;
pub use runnable_checks::RunnableCheck;
pub use walk_app::{AppId, CopyKey, WalkApp};
pub use walk_results::AppBefore;
