//! Reports for other programs: the baseline's day, SARIF, annotations.

mod baseline;
mod sarif;
