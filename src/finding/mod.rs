//! What an audit says: a finding, how severe it is, where it stands and what would mend it.

mod fix_risk;
mod intent;
mod key;
mod severity;
mod suppression;

use std::borrow::Cow;
use std::sync::Arc;

pub use fix_risk::{AssessRisk, BreakingFix, FixRisk, RiskAssessment, RiskEvidence};
pub use intent::{Bound, BuildIntent, ImageIntent, ImagePlace, ImageWant, Intent, PodIntent, Quantity, Want};
pub use key::{FindingKey, keyed};
pub use severity::{Safety, Severity};
pub use suppression::{BY_BASELINE, BY_COMMENT, InlineSuppression, Suppression, SuppressionComment};

use crate::text::Span;

/// What a finding is about within its file: the Kubernetes object and the container, where there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// `Kind/name`, such as `Deployment/api`.
    pub object: Option<Arc<str>>,
    /// The container's name.
    pub container: Option<Arc<str>>,
}

/// What is said of a finding: the same of many, mostly.
pub type Wording = Cow<'static, str>;

/// One weakness, in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id, such as `may-run-as-root`.
    pub rule: &'static str,
    pub severity: Severity,
    /// Where it stands in the file: the value that is wrong, or what lacks one.
    pub span: Span,
    pub subject: Subject,
    /// The path of keys that decides it, as `resources.limits`, where its file holds no objects of its own, such as a
    /// chart's values; none in a plain file, where the subject tells all.
    pub keys: Option<Arc<str>>,
    /// One sentence, without a full stop, that names what was seen.
    pub message: Wording,
    pub remedy: Remedy,
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Remedy {
    /// Nothing that a program should do: a person must decide.
    None,
    /// The rule has a fix, but not for this; the reason, for the screen.
    Withheld(String),
    /// These changes, together.
    Change(Change),
}

/// A change that mends a finding: what is to be true afterwards, not which bytes make it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// In the imperative: `Set runAsNonRoot to true`.
    pub title: Wording,
    pub safety: Safety,
    pub intents: Vec<Intent>,
    /// What a program may notice, where the change is for review.
    pub caution: Option<Wording>,
}

impl Finding {
    /// The change that would mend it, where a program may make one.
    #[must_use]
    pub const fn change(&self) -> Option<&Change> {
        match &self.remedy {
            Remedy::Change(change) => Some(change),
            _ => None,
        }
    }

    /// What its fix changes.
    #[must_use]
    pub fn intents(&self) -> &[Intent] {
        self.change().map_or(&[], |change| &change.intents)
    }
}

impl Remedy {
    #[must_use]
    pub fn change(title: impl Into<Wording>, safety: Safety, intents: Vec<Intent>) -> Self {
        Self::Change(Change { title: title.into(), safety, intents, caution: None })
    }

    /// The same remedy with a word on what a program may notice.
    #[must_use]
    pub fn but(mut self, caution: impl Into<Wording>) -> Self {
        if let Self::Change(change) = &mut self {
            change.caution = Some(caution.into());
        }
        self
    }
}
