//! From intents to verified edits, written to disk and taken back.

mod allow;
mod batch;
pub mod build;
mod draft;
mod history;
mod many;
mod offer;
mod plan;
mod planner;
mod pod;
mod together;

pub use allow::allow;
pub use history::History;
pub use many::{everything, offers};
pub use offer::{Offer, Offers};
pub use plan::{Outcome, Plan};
pub use planner::{patches, plan};

pub use crate::finding::FindingKey;
pub use crate::repo::FilePatch;
