//! Defines a suppression, with its source and reason, for the rules, the reports and the pass that applies it.

use std::fmt;

use crate::text::Span;

/// The suppression of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The source: a comment, another tool's comment, the settings, the baseline.
    pub source: String,
    pub reason: Option<String>,
}

/// The kind of a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// A person has decided about it.
    Explicit,
    /// It was there already when the baseline was taken.
    Baseline,
}

impl SuppressionKind {
    pub const ALL: [Self; 2] = [Self::Explicit, Self::Baseline];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explicit => "allowed",
            Self::Baseline => "in the baseline",
        }
    }
}

/// The source of a suppression by the baseline.
pub const BY_BASELINE: &str = "baseline";

impl Suppression {
    /// True where nobody decided about it: it was only there already when the baseline was taken.
    #[must_use]
    pub fn is_baselined(&self) -> bool {
        self.source == BY_BASELINE
    }

    #[must_use]
    pub fn kind(&self) -> SuppressionKind {
        if self.is_baselined() { SuppressionKind::Baseline } else { SuppressionKind::Explicit }
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

/// A suppression in a file, for a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineSuppression {
    /// The source: `comment` for our own comments, else the tool whose comment it is.
    pub source: &'static str,
    /// The rules that it suppresses, by id.
    pub rules: Vec<&'static str>,
    pub reason: Option<String>,
    /// The part of the file that it covers; none where nothing follows that it could be about.
    pub reach: Option<Span>,
    /// The comment, where it is our own.
    pub comment: Option<SuppressionComment>,
}

/// The [`InlineSuppression::source`] of our own comments.
pub const BY_COMMENT: &str = "comment";

impl InlineSuppression {
    /// True where a finding of that rule at that place is suppressed.
    #[must_use]
    pub fn suppresses(&self, rule: &str, at: Span) -> bool {
        let within =
            self.reach.is_some_and(|reach| reach.covers(at) || (at.is_empty() && reach.contains(at.start)));
        within && self.rules.contains(&rule)
    }
}

/// One suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionComment {
    /// The span from its `#` to the end of its line; text before it in the same comment is not part of it.
    pub span: Span,
    /// The rules as they are written, known or not.
    pub rule_ids: Vec<String>,
    pub reason: Option<String>,
    /// True for `allow-file`.
    pub whole_file: bool,
}
