//! Decides which findings of a file are suppressed, and which comments suppress nothing, for the audit.

use std::collections::HashMap;
use std::sync::Arc;

use super::Baseline;
use super::finding_baseline::RemainingCounts;
use super::reach_index::ReachIndex;
use crate::finding::{Finding, InlineSuppression, Suppression};
use crate::rules::{UnknownRule, find_rule, nearest_rule_id, unused_finding};
use crate::settings::{SETTINGS_FILE, Settings, SettingsSuppression};

/// A file, and all that may suppress findings about it.
#[derive(Clone, Copy)]
pub(crate) struct SuppressionPass<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub suppressions: &'a [InlineSuppression],
    pub settings: &'a Settings,
    pub baseline: &'a Baseline,
}

/// A pass under way: the suppressions in use so far, and the rest of the baseline.
pub(crate) struct FindingSuppressor<'a> {
    pass: SuppressionPass<'a>,
    words: ReachIndex<'a>,
    /// The suppressions of the settings that reach the file, by rule, once a finding of the rule asks.
    settings: HashMap<&'static str, Vec<&'a SettingsSuppression>>,
    remaining: RemainingCounts,
}

impl<'a> SuppressionPass<'a> {
    /// Begins the pass over a file's findings.
    #[must_use]
    pub(crate) fn start(self) -> FindingSuppressor<'a> {
        FindingSuppressor {
            pass: self,
            words: ReachIndex::from_suppressions(self.suppressions),
            settings: HashMap::new(),
            remaining: self.baseline.remaining_for_file(&self.settings.path_in_repository(self.path)),
        }
    }
}

impl FindingSuppressor<'_> {
    /// The suppression of a finding. The file's own words come before the settings', and the baseline last.
    pub(crate) fn suppress_finding(&mut self, finding: &Finding) -> Option<Suppression> {
        if let Some(by_words) = self.words.suppress_finding(finding) {
            return Some(by_words);
        }
        let SuppressionPass { path, text, settings, .. } = self.pass;
        let (object, container) = (&finding.subject.object, &finding.subject.container);
        let of_rule = || settings.suppressions_for(finding.rule, path);
        let reaching = self.settings.entry(finding.rule).or_insert_with(of_rule);
        let allowed =
            reaching.iter().find(|allowed| allowed.names_subject(object.as_deref(), container.as_deref()));
        let by_settings = allowed.map(|allowed| Suppression {
            source: SETTINGS_FILE.to_owned(),
            reason: Some(allowed.reason.clone()),
        });
        by_settings.or_else(|| self.remaining.suppress_finding(finding, text))
    }

    /// A finding for each comment of our own that names a rule in vain, after the pass over all others. A rule that is
    /// off proves nothing either way.
    #[must_use]
    pub(crate) fn unused_findings(&self) -> Vec<Arc<Finding>> {
        let SuppressionPass { suppressions, settings, .. } = self.pass;
        let own = suppressions.iter().enumerate().filter_map(|(at, e)| Some((at, e.comment.as_ref()?)));
        let idle = own.enumerate().filter_map(|(nth, (at, comment))| {
            let is_for_something = |name: &str| {
                let used = |id| self.words.is_used(at, id) || settings.is_rule_off(id);
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
