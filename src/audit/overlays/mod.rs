//! Audits kustomizations as they are built: each top root's objects are judged, and their findings stand where a person
//! would mend them, in the base, in the patch or in the kustomization.

mod built_findings;
mod built_outcomes;
mod built_pods;
mod built_verdicts;
mod file_placement;
mod finding_homes;
mod image_entries;
mod overlay_apart;
mod overlay_audit;
mod overlay_build;
mod overlay_files;
mod overlay_proof;
mod overlay_record;
mod overlay_set;
mod placed_overlays;
mod removed_keys;

pub(super) use built_outcomes::pod_names;
pub use built_pods::BuiltPod;
pub(super) use built_verdicts::BuiltVerdicts;
pub(super) use overlay_set::OverlaySet;
