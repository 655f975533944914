//! From edits to verified edits, written to disk and taken back.

mod assess_risk;
mod baselined;
mod conflicts;
mod counterpart_files;
mod dockerfile;
mod file_fixer;
mod fix_all;
mod fix_batch;
mod fix_error;
mod fix_offer;
mod fix_plan;
mod history;
mod kustomize_caveats;
mod pinned_images;
mod planned_facts;
mod planner;
mod pod;
mod registry_answers;
mod required_value;
mod resolved_findings;
mod suppress_finding;
mod unit_proof;

pub use baselined::{plan_with_baselined, suppress_with_baselined};
pub use fix_all::{fix_all, fix_all_with_answers, preview_fixes, verified_fixes};
pub use fix_offer::{FixOffer, FixOffers};
pub use fix_plan::FixPlan;
pub use history::History;
pub use pinned_images::{PinCheck, PinnedImage, find_pinned_images, repin};
pub use planner::{NEEDS_VALUE, patch_each_finding, plan_cancellable, plan_fix, plan_with_answers};
pub use registry_answers::{RegistryAnswers, unresolved_references};
pub use required_value::{RequiredValue, find_required_value};
pub use suppress_finding::suppress_by_comment;

pub use crate::finding::FindingKey;
pub use crate::repo::FilePatch;

/// A finding of a file, to be mended, with its key.
type KeyedFinding<'a> = (&'a FindingKey, &'a crate::finding::Finding);
