//! Holds the language of the search: reads what is typed, finds what it means, and completes it.

mod finding_query;
mod fix_risk_class;
mod query_completion;
mod query_evaluator;
mod query_fault;
mod query_field;
mod query_parser;
mod query_prompt;
mod text_needle;

pub use finding_query::FindingQuery;
pub use fix_risk_class::{FixRiskClass, RiskClasses};
pub use query_completion::QueryCandidate;
pub use query_evaluator::QueryFacts;
pub use query_fault::{QueryFault, SearchMiss};
pub use query_field::QueryField;
pub use query_prompt::QueryPrompt;
