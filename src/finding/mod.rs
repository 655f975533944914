//! Defines a finding for the rules and all that show it: its severity, its place and its fix.

mod fix_edit;
mod fix_risk;
mod key;
mod severity;
mod shared_fix;
mod suppression;

use std::borrow::Cow;
use std::sync::Arc;

pub use fix_edit::{
    DockerfileEdit, Edit, ImageEdit, ImageEditGoal, ImageEditPlace, PodEdit, ResourceBound, ResourceName,
};
pub use fix_risk::{AssessRisk, AssessedFix, FixRisk, RiskAssessment, RiskCaution, RiskEvidence};
pub use key::FindingKey;
pub(crate) use key::keyed;
pub use severity::{Safety, Severity};
pub(crate) use shared_fix::share_fix;
pub use suppression::{
    BY_BASELINE, BY_COMMENT, InlineSuppression, Suppression, SuppressionComment, SuppressionKind,
};

use crate::text::Span;
use crate::unit::UnitKey;

/// The subject of a finding within its file: the Kubernetes object and the container, where there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// `Kind/name`, such as `Deployment/api`.
    pub object: Option<Arc<str>>,
    /// The container's name.
    pub container: Option<Arc<str>>,
}

/// An object of a unit in which a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingPlacement {
    pub unit: Arc<UnitKey>,
    /// `Kind/name`.
    pub object: Option<Arc<str>>,
    /// The container's name.
    pub container: Option<Arc<str>>,
}

impl FindingPlacement {
    /// True for what is said of the same object and container.
    #[must_use]
    pub fn is_about(&self, subject: &Subject) -> bool {
        (&self.object, &self.container) == (&subject.object, &subject.container)
    }
}

/// The wording of a finding: mostly the same for many.
pub type Wording = Cow<'static, str>;

/// One weakness, in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id, such as `may-run-as-root`.
    pub rule: &'static str,
    pub severity: Severity,
    /// The place in the file: the value that is wrong, or the part that lacks one.
    pub span: Span,
    pub subject: Subject,
    /// The path of keys that decides it, as `resources.limits`, where its file holds no objects of its own, such as a
    /// chart's values; none in a plain file, where the subject tells all.
    pub keys: Option<Arc<str>>,
    /// The objects in which it stands, of every unit, where its file is not one unit by itself; none in a plain file,
    /// where the subject tells all.
    pub placements: Option<Arc<[FindingPlacement]>>,
    /// One sentence, without a full stop, that names the fault as found.
    pub message: Wording,
    /// What would fix it; nothing where a person must decide, and the reason where its rule has a fix, but not for this.
    pub fix: Result<Option<Arc<Fix>>, String>,
}

/// What fixes a finding: what is to be true afterwards, not which bytes make it so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fix {
    /// In the imperative: `Set runAsNonRoot to true`.
    pub title: Wording,
    pub safety: Safety,
    /// All of them together.
    pub edits: Vec<Edit>,
    /// What a program may notice, where the fix is for review.
    pub caution: Option<Wording>,
}

impl Finding {
    /// Its fix, where it has one here.
    #[must_use]
    pub fn available_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().ok()?.as_deref()
    }

    /// Why its rule's fix is not for this one, where that is so.
    #[must_use]
    pub fn withheld_reason(&self) -> Option<&str> {
        self.fix.as_ref().err().map(String::as_str)
    }

    /// The edits of its fix.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        self.available_fix().map_or(&[], |fix| &fix.edits)
    }

    /// The class of its fix; none where it has no fix.
    #[must_use]
    pub fn safety(&self) -> Option<Safety> {
        self.available_fix().map(|fix| fix.safety)
    }

    /// The edit of an image that needs an answer of a registry, where its fix has one.
    #[must_use]
    pub fn image_edit(&self) -> Option<&ImageEdit> {
        self.edits().iter().find_map(|edit| match edit {
            Edit::Image(image) => Some(image),
            _ => None,
        })
    }
}

impl Fix {
    #[must_use]
    pub fn new(title: impl Into<Wording>, safety: Safety, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safety, edits, caution: None }
    }

    /// The same fix with a word on what a program may notice.
    #[must_use]
    pub fn with_caution(mut self, caution: impl Into<Wording>) -> Self {
        self.caution = Some(caution.into());
        self
    }
}
