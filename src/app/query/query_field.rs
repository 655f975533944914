//! Lists the fields that the search knows, with their values and a word on each for the help.

use super::fix_risk_class::FixRiskClass;
use crate::finding::Severity;
use crate::rules::RuleTheme;

/// A field that a term of the search may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QueryField {
    Severity,
    Risk,
    State,
    Theme,
    Rule,
    App,
    Kind,
    Path,
    Since,
}

impl QueryField {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Severity,
        Self::Risk,
        Self::State,
        Self::Theme,
        Self::Rule,
        Self::App,
        Self::Kind,
        Self::Path,
        Self::Since,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Severity => "sev",
            Self::Risk => "risk",
            Self::State => "is",
            Self::Theme => "theme",
            Self::Rule => "rule",
            Self::App => "app",
            Self::Kind => "kind",
            Self::Path => "path",
            Self::Since => "since",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The values that it can have; none where any text may be one.
    pub fn values(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Severity => Some(Severity::ALL.map(Severity::name).to_vec()),
            Self::Risk => Some(FixRiskClass::ALL.map(FixRiskClass::name).to_vec()),
            Self::State => Some(FindingState::ALL.map(FindingState::name).to_vec()),
            Self::Theme => Some(RuleTheme::ALL.map(RuleTheme::name).to_vec()),
            Self::Rule | Self::App | Self::Kind | Self::Path | Self::Since => None,
        }
    }

    /// An example and what it finds, for the help.
    #[must_use]
    pub const fn example(self) -> (&'static str, &'static str) {
        match self {
            Self::Severity => ("sev:high  sev>=medium", "of a severity; >, <, <= too"),
            Self::Risk => ("risk:may-break", "what the fix may do: none, will-break, value, by-hand"),
            Self::State => {
                ("is:new  is:fixable", "is:changed: in files not as in git's last commit; is:allowed")
            }
            Self::Theme => ("theme:token", "of a theme"),
            Self::Rule => ("rule:root", "of rules with that in their name; rule=… for exactly one"),
            Self::App => ("app:checkout", "of an app: its Dockerfile, services and policies too"),
            Self::Kind => ("kind:CronJob", "of a kind of object, or kind:Dockerfile"),
            Self::Path => ("path:deploy/", "in files with that in their path"),
            Self::Since => ("since:main", "in files that changed since a revision of git's (Enter asks git)"),
        }
    }
}

/// A state that a finding may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum FindingState {
    New,
    Fixable,
    /// In a file that is another than in git's last commit; without git, one that changed since the program started.
    Changed,
    /// Of the row of the first screen that was opened last.
    Cause,
    Allowed,
    Baseline,
}

impl FindingState {
    pub(super) const ALL: [Self; 6] =
        [Self::New, Self::Fixable, Self::Changed, Self::Cause, Self::Allowed, Self::Baseline];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fixable => "fixable",
            Self::Changed => "changed",
            Self::Cause => "cause",
            Self::Allowed => "allowed",
            Self::Baseline => "baseline",
        }
    }
}
