//! Lists a file's findings once, with key, line and suppression; the engine, the store, the app and the reports share them.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::finding::{Finding, FindingKey, Safety, Severity, Suppression, SuppressionKind, keyed};
use crate::repo::RelPath;
use crate::rules::{self, RuleTheme};
use crate::text::SourceText;

/// A finding of a file with its key, and its suppression, if it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFinding {
    pub key: FindingKey,
    pub finding: Arc<Finding>,
    /// Boxed, since most findings have none.
    pub suppression: Option<Box<Suppression>>,
    /// The line, from 1; 0 where the text is not known.
    pub line: usize,
    pub theme: Option<RuleTheme>,
    /// The finding's severity, copied, since long lists are sorted by it.
    pub severity: Severity,
}

/// The findings of a file, in its order.
pub type FindingList = Arc<[Arc<ListedFinding>]>;

/// A finding with its suppression, if it has one: before it is listed, or in a file as it would be.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingVerdict {
    pub finding: Arc<Finding>,
    pub suppression: Option<Suppression>,
}

impl ListedFinding {
    /// The order in which the worst is the greatest: by severity, and of one severity the first of its place.
    #[must_use]
    pub const fn gravity(&self) -> (Severity, Reverse<&FindingKey>) {
        (self.severity, Reverse(&self.key))
    }

    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.suppression.is_none()
    }

    /// The kind of suppression that it is folded under, when it is suppressed.
    #[must_use]
    pub fn suppression_kind(&self) -> Option<SuppressionKind> {
        self.suppression.as_ref().map(|quiet| quiet.kind())
    }

    /// The class of its fix; none where it has no fix.
    #[must_use]
    pub fn safety(&self) -> Option<Safety> {
        self.finding.safety()
    }

    /// True where its fix needs an answer of a registry.
    #[must_use]
    pub fn needs_registry(&self) -> bool {
        self.finding.image_edit().is_some()
    }
}

/// Lists the findings of a file; `source` is the text that their spans are in.
pub(super) fn list_findings(
    path: &RelPath,
    source: Option<&SourceText>,
    verdicts: &[FindingVerdict],
) -> FindingList {
    if verdicts.is_empty() {
        return FindingList::default();
    }
    let keyed = keyed(path, verdicts.iter(), |verdict| &verdict.finding);
    let listed = keyed.into_iter().map(|(key, FindingVerdict { finding, suppression })| {
        Arc::new(ListedFinding {
            line: source.map_or(0, |source| source.line_number_at(finding.span.start)),
            theme: rules::find_rule(key.rule).map(|rule| rule.theme),
            severity: finding.severity,
            finding: Arc::clone(finding),
            suppression: suppression.clone().map(Box::new),
            key,
        })
    });
    listed.collect()
}
