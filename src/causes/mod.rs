//! Gathers findings into root causes, for whoever asks what to do first: one for each decision of a person, the worst first.

mod case_groups;
mod cause_gathering;
mod cause_ranking;
mod cause_subjects;
mod cause_words;
mod finding_weights;
mod node_powers;
mod restricted_path;
mod root_cause;

pub use cause_ranking::{CauseRanking, CauseRow, rank_causes};
pub use finding_weights::{CauseWeight, FindingWeights};
pub use restricted_path::RestrictedPath;
pub use root_cause::{CauseId, CauseSpot, RootCause};
