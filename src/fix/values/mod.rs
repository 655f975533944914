//! Finds the values that a fix writes or lacks: where each stands in the diff, and what may be put in its place.

mod chart_value_places;
mod image_values;
mod plan_value;
mod value_finder;
mod value_suggestions;
mod written_text;

pub use plan_value::{PlanValue, PlanValueKind, ValueOwner, ValuePlace, ValueSheet, ValueSuggestion};
pub(super) use value_finder::{find_value_lines, find_values};
pub(crate) use value_suggestions::path_evidence;
