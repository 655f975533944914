//! Exceptions in a file: what its comments and annotations allow, and how far each reaches.

mod build;
mod manifest;
mod others;
mod words;

use crate::text::Span;

pub use build::find_in_dockerfile;
pub use manifest::find_in_manifest;
pub use others::may_hold_suppressions;
pub use words::{SuppressionComment, write_comment};

/// Something in a file that allows findings in a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineSuppression {
    /// Who says so: `comment` for our own words, else the tool whose words they are.
    pub source: &'static str,
    /// The rules it allows, by id.
    pub rules: Vec<&'static str>,
    pub reason: Option<String>,
    /// The part of the file that it reaches; none where nothing follows that it could be about.
    pub reach: Option<Span>,
    /// The comment, where the words are our own.
    pub comment: Option<SuppressionComment>,
}

/// What [`InlineSuppression::by`] says of our own words.
pub const BY_COMMENT: &str = "comment";

impl InlineSuppression {
    /// Whether a finding of that rule that stands there is allowed.
    #[must_use]
    pub fn suppresses(&self, rule: &str, at: Span) -> bool {
        let within =
            self.reach.is_some_and(|reach| reach.covers(at) || (at.is_empty() && reach.contains(at.start)));
        within && self.rules.contains(&rule)
    }

    fn from_comment(comment: SuppressionComment, reach: Option<Span>) -> Self {
        Self {
            source: BY_COMMENT,
            rules: comment
                .rule_ids
                .iter()
                .filter_map(|name| super::find_rule(name))
                .map(|rule| rule.id)
                .collect(),
            reason: comment.reason.clone(),
            reach,
            comment: Some(comment),
        }
    }

    fn from_tool(
        by: &'static str,
        rules: Vec<&'static str>,
        reason: Option<String>,
        reach: Option<Span>,
    ) -> Self {
        Self { source: by, rules, reason, reach, comment: None }
    }
}
