//! From the edits of findings to verified patches, written to disk and taken back.

mod assess_risk;
mod baselined;
mod built_proof;
mod charts;
mod conflicts;
mod counterpart_files;
mod dockerfile;
mod document_edits;
mod file_fixer;
mod fix_all;
mod fix_batch;
mod fix_error;
mod fix_limits;
mod fix_offer;
mod fix_plan;
mod guarded_files;
mod history;
mod idle_edits;
mod kept_decisions;
mod kustomize_caveats;
mod large_file;
mod linked_needs;
mod no_plan;
mod plan_findings;
mod planned_edit;
mod planner;
mod pod;
mod registry_answers;
mod renew_digests;
mod report_offers;
mod required_dockerfiles;
mod required_value;
mod resolved_findings;
mod risk;
mod stage_outcome;
mod stage_planner;
mod staged_group;
mod suppress_finding;
mod suppress_in_template;
mod take_back;
mod undo_proof;
mod undo_step;
mod unit_proof;
mod values;

pub use crate::finding::FindingKey;
pub use crate::repo::FilePatch;
pub use fix_all::ProvenOffers;
pub use fix_offer::{FixOffer, FixOffers};
pub use fix_plan::FixPlan;
pub use history::History;
pub use no_plan::NoPlan;
pub use planner::{FixOrder, Planner, UndoDirection};
pub use registry_answers::RegistryAnswers;
pub use report_offers::ReportOffers;
pub use required_value::RequiredValue;
pub use stage_outcome::StageOutcome;
pub use staged_group::{StagedBlock, StagedFix, StagedGroup, StagedPatch};
pub use take_back::{PartialUndo, UndoRefusal, UndoScope};
pub use undo_step::{UndoFile, UndoHunk, UndoStep};
pub(crate) use values::path_evidence;
pub use values::{PlanValue, PlanValueKind, ValueOwner, ValuePlace, ValueSheet, ValueSuggestion};

use required_value::find_required_value;

/// A finding of a file, to be fixed, with its key.
type KeyedFinding<'a> = (&'a FindingKey, &'a crate::finding::Finding);
