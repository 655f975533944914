//! Gathers findings into root causes, for whoever asks what to do first: one for each decision of a person, the worst first.

mod cause_gathering;
mod cause_ranking;
mod cause_subjects;
mod cause_words;
mod node_powers;
mod root_cause;

pub(crate) use cause_gathering::lower_severity;
pub use cause_ranking::{CauseRanking, CauseRow, rank_causes};
pub(crate) use cause_subjects::is_test_path;
pub use root_cause::{CauseId, CauseSpot, RootCause};
