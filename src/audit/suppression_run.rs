//! Applies suppressions and the settings' severities to a file's findings, for the engine.

use std::sync::Arc;

use super::runner::RuleOutput;
use crate::settings::Settings;
use crate::suppress::SuppressionPass;

/// Sets the suppression of each finding, and reports the unused comments. `own` and `wide` are the results of the
/// file's and the repository's rules; the reports are added to `wide`, for only both together decide them.
pub(super) fn suppress_findings(pass: SuppressionPass<'_>, own: &mut RuleOutput, wide: &mut RuleOutput) {
    apply_severities(pass.settings, own);
    apply_severities(pass.settings, wide);
    let mut suppressor = pass.start();
    own.suppressions = own.findings.iter().map(|finding| suppressor.suppress_finding(finding)).collect();
    wide.suppressions = wide.findings.iter().map(|finding| suppressor.suppress_finding(finding)).collect();
    let mut idle = RuleOutput { findings: suppressor.unused_findings(), ..RuleOutput::default() };
    apply_severities(pass.settings, &mut idle);
    wide.suppressions.extend(idle.findings.iter().map(|finding| suppressor.suppress_finding(finding)));
    wide.findings.extend(idle.findings);
}

/// Drops the findings of rules that are off, and sets the severities of the settings.
fn apply_severities(settings: &Settings, judged: &mut RuleOutput) {
    if settings.rule_levels.is_empty() {
        return;
    }
    judged.retain_findings(|finding| !settings.is_rule_off(finding.rule));
    for finding in &mut judged.findings {
        if let Some(severity) = settings.severity_of(finding.rule) {
            Arc::make_mut(finding).severity = severity;
        }
    }
}
