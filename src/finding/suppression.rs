//! What keeps a finding quiet: who says so and why, for rules, reports and the pass that applies it.

use std::fmt;

use crate::text::Span;

/// Why a finding is kept quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What allows it: a comment, another tool's word, the settings, the baseline.
    pub source: String,
    pub reason: Option<String>,
}

/// What a suppression by the baseline says of itself.
pub const BY_BASELINE: &str = "baseline";

impl Suppression {
    /// Whether nobody decided about it: it only stood already when the baseline was taken.
    #[must_use]
    pub fn is_baselined(&self) -> bool {
        self.source == BY_BASELINE
    }

    fn source_label(&self) -> &str {
        if self.source == BY_COMMENT { "a comment" } else { &self.source }
    }
}

impl fmt::Display for Suppression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            _ if self.is_baselined() => f.write_str("known from the baseline"),
            Some(reason) => write!(f, "allowed by {}: {reason}", self.source_label()),
            None => write!(f, "allowed by {}", self.source_label()),
        }
    }
}

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

/// What [`InlineSuppression::source`] says of our own words.
pub const BY_COMMENT: &str = "comment";

impl InlineSuppression {
    /// Whether a finding of that rule that stands there is allowed.
    #[must_use]
    pub fn suppresses(&self, rule: &str, at: Span) -> bool {
        let within =
            self.reach.is_some_and(|reach| reach.covers(at) || (at.is_empty() && reach.contains(at.start)));
        within && self.rules.contains(&rule)
    }
}

/// One comment that allows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionComment {
    /// From its `#` to the end of its line; what may stand before it in the same comment is not part of it.
    pub span: Span,
    /// The rules as they are written, known or not.
    pub rule_ids: Vec<String>,
    pub reason: Option<String>,
    /// Whether it is `allow-file`.
    pub whole_file: bool,
}
