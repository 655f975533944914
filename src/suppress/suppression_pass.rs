//! Decides which findings of a file are suppressed, and which comments suppress nothing, for the audit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Baseline;
use super::finding_baseline::RemainingCounts;
use crate::finding::{Finding, InlineSuppression, Suppression};
use crate::rules::{UnknownRule, find_rule, nearest_rule_id, unused_finding};
use crate::settings::{SETTINGS_FILE, Settings};

/// A file, and all that may suppress findings about it.
#[derive(Clone, Copy)]
pub(crate) struct SuppressionPass<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub suppressions: &'a [InlineSuppression],
    pub settings: &'a Settings,
    pub baseline: &'a Baseline,
}

/// The suppressions in use: index among the file's, and rule.
type UsedSuppressions = HashSet<(usize, &'static str)>;

/// A pass under way: the suppressions in use so far, and the rest of the baseline.
pub(crate) struct FindingSuppressor<'a> {
    pass: SuppressionPass<'a>,
    words: FileSuppressions<'a>,
    used: UsedSuppressions,
    remaining: RemainingCounts,
}

impl<'a> SuppressionPass<'a> {
    /// Begins the pass over a file's findings.
    #[must_use]
    pub(crate) fn start(self) -> FindingSuppressor<'a> {
        FindingSuppressor {
            pass: self,
            words: FileSuppressions::index_by_rule(self.suppressions),
            used: UsedSuppressions::new(),
            remaining: self.baseline.remaining_for_file(&self.settings.path_in_repository(self.path)),
        }
    }
}

impl FindingSuppressor<'_> {
    /// The suppression of a finding. The file's own words come before the settings', and the baseline last.
    pub(crate) fn suppress_finding(&mut self, finding: &Finding) -> Option<Suppression> {
        let by_words = self.words.suppress_finding(finding, &mut self.used);
        let pass = self.pass;
        let by_settings = || {
            let (object, container) = (&finding.subject.object, &finding.subject.container);
            let allowed = pass.settings.find_suppression(
                finding.rule,
                pass.path,
                object.as_deref(),
                container.as_deref(),
            )?;
            Some(Suppression { source: SETTINGS_FILE.to_owned(), reason: Some(allowed.reason.clone()) })
        };
        let remaining = &mut self.remaining;
        by_words.or_else(by_settings).or_else(|| remaining.suppress_finding(finding, pass.text))
    }

    /// A finding for each comment of our own that names a rule in vain, after the pass over all others. A rule that is
    /// off proves nothing either way.
    #[must_use]
    pub(crate) fn unused_findings(&self) -> Vec<Arc<Finding>> {
        let SuppressionPass { suppressions, settings, .. } = self.pass;
        let own = suppressions.iter().enumerate().filter_map(|(at, e)| Some((at, e.comment.as_ref()?)));
        let idle = own.enumerate().filter_map(|(nth, (at, comment))| {
            let is_for_something = |name: &str| {
                let used = |id| self.used.contains(&(at, id)) || settings.is_rule_off(id);
                find_rule(name).is_some_and(|rule| used(rule.id))
            };
            let names: Vec<String> =
                comment.rule_ids.iter().filter(|name| !is_for_something(name)).cloned().collect();
            let unknown = match names.as_slice() {
                [name] if find_rule(name).is_none() => Some(UnknownRule { nearest: nearest_rule_id(name) }),
                _ => None,
            };
            let is_idle = !names.is_empty() || comment.rule_ids.is_empty();
            is_idle.then(|| unused_finding(comment, nth, &names, unknown.as_ref()))
        });
        idle.collect()
    }
}

/// A file's suppressions, by rule.
struct FileSuppressions<'a> {
    suppressions: &'a [InlineSuppression],
    by_rule: HashMap<&'static str, Vec<usize>>,
}

impl<'a> FileSuppressions<'a> {
    fn index_by_rule(suppressions: &'a [InlineSuppression]) -> Self {
        let mut by_rule: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (at, suppression) in suppressions.iter().enumerate() {
            suppression.rules.iter().for_each(|rule| by_rule.entry(rule).or_default().push(at));
        }
        Self { suppressions, by_rule }
    }

    /// The suppression of the finding: our own words before others', and all that allow it are used.
    fn suppress_finding(&self, finding: &Finding, used: &mut UsedSuppressions) -> Option<Suppression> {
        let mut first = None;
        for &at in self.by_rule.get(finding.rule)? {
            let suppression = &self.suppressions[at];
            if suppression.suppresses(finding.rule, finding.span) {
                used.insert((at, finding.rule));
                first =
                    first.filter(|first: &&InlineSuppression| first.comment.is_some()).or(Some(suppression));
            }
        }
        first.map(|suppression| Suppression {
            source: suppression.source.to_owned(),
            reason: suppression.reason.clone(),
        })
    }
}
