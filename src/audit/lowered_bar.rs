//! Counts what a repository's own settings and baseline take off the bar that it is judged by, for every report.

use crate::finding::Severity;
use crate::rules::{ALL_RULES, rules_without_bound};
use crate::settings::{SETTINGS_FILE, Settings};
use crate::suppress::{BASELINE_FILE, Baseline};

/// What the repository's own settings and baseline allow that the program would not by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoweredBar {
    /// The rules that are off, by id.
    pub rules_off: Vec<&'static str>,
    /// The rules whose findings are less severe than they come, by id.
    pub rules_lowered: Vec<&'static str>,
    /// The severity from which on `check` fails, or `never`, where less fails by it.
    pub fail_on: Option<&'static str>,
    /// The number of patterns of what is not audited.
    pub excluded: usize,
    /// The number of exceptions.
    pub exceptions: usize,
    /// The number of images of which it is said what builds them, or that nothing here does: findings of pairs go by it.
    pub links: usize,
    /// The number of needs that apps are said to have, which findings and fixes then allow them.
    pub needs: usize,
    /// The number of folders that apps are said to write.
    pub writes: usize,
    /// The number of findings that the baseline knows.
    pub known_findings: usize,
}

impl LoweredBar {
    #[must_use]
    pub(super) fn of_repository(settings: &Settings, baseline: &Baseline) -> Self {
        let mut bar = Self {
            excluded: settings.exclude.patterns().len(),
            exceptions: settings.suppressions.len(),
            links: settings.links.len(),
            needs: settings.apps.iter().map(|app| app.needs.len()).sum(),
            writes: settings.apps.iter().map(|app| app.writes.len()).sum(),
            known_findings: baseline.len(),
            ..Self::default()
        };
        let unbounded = rules_without_bound(&settings.resource_defaults);
        for rule in ALL_RULES {
            if settings.is_rule_off(rule.id) || unbounded.contains(&rule.id) {
                bar.rules_off.push(rule.id);
            } else if settings.severity_of(rule.id).is_some_and(|severity| severity < rule.severity) {
                bar.rules_lowered.push(rule.id);
            }
        }
        let by_default = Settings::default().fail_on;
        // `never` is none, and less than any severity fails.
        let fails_less = match (settings.fail_on, by_default) {
            (Some(own), Some(default)) => own > default,
            (own, default) => own.is_none() && default.is_some(),
        };
        bar.fail_on = fails_less.then(|| settings.fail_on.map_or("never", Severity::name));
        bar
    }

    /// All of it in words, with the file that says so: `4 rules off, fail-on never by seaworthy.toml`. None where nothing
    /// is lowered.
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        let count = |count: usize, one: &str, many: &str| {
            (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
        };
        let parts = [
            count(self.rules_off.len(), "rule off", "rules off"),
            count(self.rules_lowered.len(), "rule less severe", "rules less severe"),
            self.fail_on.map(|severity| format!("fail-on {severity}")),
            count(self.exceptions, "exception", "exceptions"),
            count(self.excluded, "pattern of paths left out", "patterns of paths left out"),
            count(self.links, "link said", "links said"),
            count(self.needs, "need said", "needs said"),
            count(self.writes, "written folder said", "written folders said"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let by_settings = (!parts.is_empty()).then(|| format!("{} by {SETTINGS_FILE}", parts.join(", ")));
        let known = count(self.known_findings, "finding", "findings");
        let known = known.map(|known| format!("{known} known from {BASELINE_FILE}"));
        let all: Vec<String> = by_settings.into_iter().chain(known).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The file that says most of it, for reports that name one; none where nothing is lowered.
    #[must_use]
    pub fn source_file(&self) -> Option<&'static str> {
        let by_baseline = Self { known_findings: self.known_findings, ..Self::default() } == *self;
        let source = if by_baseline { BASELINE_FILE } else { SETTINGS_FILE };
        (*self != Self::default()).then_some(source)
    }
}
