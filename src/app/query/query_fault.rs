//! Names what is wrong with a search, and what in it finds nothing, for the views to say.

use super::query_field::QueryField;

/// A part of the search that cannot be what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryFault {
    /// No field has that name, so the text is looked for as it stands; the nearest field.
    UnknownField { name: String, nearest: Option<&'static str> },
    /// The field has no such value, so nothing is found; the nearest value.
    UnknownValue { field: QueryField, value: String, nearest: Option<&'static str> },
    /// The field cannot be compared so; nothing is found.
    WrongOperator { field: QueryField, operator: &'static str },
}

/// Why a search finds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchMiss {
    /// Nothing holds this term, as it was typed; and the term that may have been meant.
    Term { text: String, suggestion: Option<String> },
    /// Each term finds something, and nothing is found by all.
    Together,
    /// So many are found below the minimum severity.
    BelowMinimum(usize),
}
