//! What keeps findings quiet, and which exceptions keep nothing quiet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::baseline::RemainingCounts;
use super::judge::Judged;
use super::{Baseline, Suppression};
use crate::finding::Finding;
use crate::rules::exceptions::InlineSuppression;
use crate::rules::{find_rule, unused};
use crate::settings::{FILE, Settings};

/// A file, and all that may keep findings about it quiet.
#[derive(Clone, Copy)]
pub(super) struct SuppressionPass<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub suppressions: &'a [InlineSuppression],
    pub settings: &'a Settings,
    pub baseline: &'a Baseline,
}

/// The exceptions that were for something: which of the file's, and for which rule.
type UsedSuppressions = HashSet<(usize, &'static str)>;

impl SuppressionPass<'_> {
    /// Says of each finding what keeps it quiet, and reports the comments that are for nothing. `own` and `wide` are
    /// what the rules say of the file; what is reported is added to `wide`, for only both together decide it.
    pub(super) fn apply_to_findings(self, own: &mut Judged, wide: &mut Judged) {
        self.apply_severities(own);
        self.apply_severities(wide);
        let words = FileSuppressions::index_by_rule(self.suppressions);
        let mut used = UsedSuppressions::new();
        let mut ticks = self.baseline.remaining_for_file(&self.settings.path_below(self.path));
        let mut quiet = |findings: &[Arc<Finding>],
                         used: &mut UsedSuppressions|
         -> Vec<Option<Suppression>> {
            findings.iter().map(|finding| self.suppress_finding(finding, &words, used, &mut ticks)).collect()
        };
        own.quiet = quiet(&own.findings, &mut used);
        wide.quiet = quiet(&wide.findings, &mut used);
        let mut idle = Judged { findings: self.unused_findings(&used), ..Judged::default() };
        self.apply_severities(&mut idle);
        wide.quiet.extend(quiet(&idle.findings, &mut used));
        wide.findings.extend(idle.findings);
    }

    /// Rules that are off find nothing, and others are as severe as the settings say.
    fn apply_severities(self, judged: &mut Judged) {
        if self.settings.rules.is_empty() {
            return;
        }
        judged.retain_findings(|finding| !self.settings.is_off(finding.rule));
        for finding in &mut judged.findings {
            if let Some(severity) = self.settings.severity(finding.rule) {
                Arc::make_mut(finding).severity = severity;
            }
        }
    }

    /// The file's own words come before the settings', and the baseline last.
    fn suppress_finding(
        self,
        finding: &Finding,
        words: &FileSuppressions<'_>,
        used: &mut UsedSuppressions,
        ticks: &mut RemainingCounts,
    ) -> Option<Suppression> {
        let by_words = words.suppress_finding(finding, used);
        let by_settings = || {
            let (object, container) = (&finding.subject.object, &finding.subject.container);
            let allowed =
                self.settings.allowed(finding.rule, self.path, object.as_deref(), container.as_deref())?;
            Some(Suppression { by: FILE.to_owned(), reason: Some(allowed.reason.clone()) })
        };
        by_words.or_else(by_settings).or_else(|| ticks.suppress_finding(finding, self.text))
    }

    /// A finding for each comment of our own that names a rule for nothing. A rule that is off says nothing either way.
    fn unused_findings(self, used: &UsedSuppressions) -> Vec<Arc<Finding>> {
        let own = self.suppressions.iter().enumerate().filter_map(|(at, e)| Some((at, e.comment.as_ref()?)));
        let idle = own.enumerate().filter_map(|(nth, (at, comment))| {
            let is_for_something = |name: &str| {
                let used = |id| used.contains(&(at, id)) || self.settings.is_off(id);
                find_rule(name).is_some_and(|rule| used(rule.id))
            };
            let names: Vec<String> =
                comment.rule_ids.iter().filter(|name| !is_for_something(name)).cloned().collect();
            (!names.is_empty() || comment.rule_ids.is_empty()).then(|| unused(comment, nth, &names))
        });
        idle.collect()
    }
}

/// A file's exceptions, by rule.
struct FileSuppressions<'a> {
    suppressions: &'a [InlineSuppression],
    by_rule: HashMap<&'static str, Vec<usize>>,
}

impl<'a> FileSuppressions<'a> {
    fn index_by_rule(exceptions: &'a [InlineSuppression]) -> Self {
        let mut by_rule: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (at, exception) in exceptions.iter().enumerate() {
            exception.rules.iter().for_each(|rule| by_rule.entry(rule).or_default().push(at));
        }
        Self { suppressions: exceptions, by_rule }
    }

    /// What keeps the finding quiet: our own words before others', and all that allow it are used.
    fn suppress_finding(&self, finding: &Finding, used: &mut UsedSuppressions) -> Option<Suppression> {
        let mut first = None;
        for &at in self.by_rule.get(finding.rule)? {
            let exception = &self.suppressions[at];
            if exception.suppresses(finding.rule, finding.span) {
                used.insert((at, finding.rule));
                first =
                    first.filter(|first: &&InlineSuppression| first.comment.is_some()).or(Some(exception));
            }
        }
        first.map(|exception| Suppression {
            by: exception.source.to_owned(),
            reason: exception.reason.clone(),
        })
    }
}
