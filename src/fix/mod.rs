//! From intents to verified edits, written to disk and taken back.

mod allow;
mod assess;
mod batch;
mod build;
mod digest;
mod draft;
mod facts_overlay;
mod failure;
mod history;
mod known;
mod kustomized;
mod many;
mod missing;
mod offer;
mod other_half;
mod pins;
mod plan;
mod planner;
mod pod;
mod proof;
mod resolved;
mod together;

pub use allow::allow;
pub use digest::{Answers, references};
pub use history::History;
pub use known::{allow_known, plan_known};
pub use many::{everything, everything_with, offers, prospects};
pub use missing::{Missing, missing};
pub use offer::{Offer, Offers};
pub use pins::{Checked, PinnedImage, pins, renew};
pub use plan::{Outcome, Plan};
pub use planner::{NEEDS_VALUE, patches, plan, plan_while, plan_with};

pub use crate::finding::FindingKey;
pub use crate::repo::FilePatch;
