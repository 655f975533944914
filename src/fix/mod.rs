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

pub use allow::suppress_by_comment;
pub use digest::{RegistryAnswers, unresolved_references};
pub use history::History;
pub use known::{plan_with_baselined, suppress_with_baselined};
pub use many::{fix_all, fix_all_with_answers, preview_fixes, verified_fixes};
pub use missing::{RequiredValue, find_required_value};
pub use offer::{FixOffer, FixOffers};
pub use pins::{PinCheck, PinnedImage, find_pinned_images, repin};
pub use plan::{FixAllResult, FixPlan};
pub use planner::{NEEDS_VALUE, patch_each_finding, plan_cancellable, plan_fix, plan_with_answers};

pub use crate::finding::FindingKey;
pub use crate::repo::FilePatch;
