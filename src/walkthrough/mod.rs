//! The walk: one app of the repository, hardened chapter by chapter, in the order of the article.
//!
//! Everything here is computed from the audited files: nothing is run and nothing is observed, and what is shown says so.

mod app;
mod chapter;
mod choices;
mod cited;
mod evidence;
mod markdown;
mod page;
mod results;
mod scene;
pub mod values;

pub use app::{AppId, WalkApp};
pub use chapter::{Chapter, ChapterText};
pub use choices::{AppChoices, ImageChoice, ResourceRange, SuggestedPath, UserChoice};
pub use cited::QuotedLine;
pub use evidence::{AFTER_HEADING, EvidenceLine};
pub use markdown::write_pull_request;
pub use page::{AppWalk, ChapterPage, ChapterStatus, WalkOverview, compute_walk};
pub use results::AppBefore;
