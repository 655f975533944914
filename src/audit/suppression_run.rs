//! Applies suppressions and the settings' severities to a file's findings, for the engine.

use std::sync::Arc;

use super::FindingVerdict;
use super::runner::RuleOutput;
use crate::finding::Finding;
use crate::settings::Settings;
use crate::suppress::{FindingSuppressor, SuppressionPass};

/// Gives the suppression of each finding, and reports the unused comments. `own` and `wide` are the results of the
/// file's and the repository's rules; the reports are added to `wide`, for only both together decide them.
pub(super) fn suppress_findings(
    pass: SuppressionPass<'_>,
    own: &mut RuleOutput,
    wide: &mut RuleOutput,
) -> Vec<FindingVerdict> {
    apply_severities(pass.settings, own);
    apply_severities(pass.settings, wide);
    let mut suppressor = pass.start();
    let mut verdicts = Vec::with_capacity(own.findings.len() + wide.findings.len());
    own.findings
        .iter()
        .chain(&wide.findings)
        .for_each(|finding| verdicts.push(find_verdict(&mut suppressor, finding)));
    let mut idle = RuleOutput { findings: suppressor.unused_findings(), ..RuleOutput::default() };
    apply_severities(pass.settings, &mut idle);
    idle.findings.iter().for_each(|finding| verdicts.push(find_verdict(&mut suppressor, finding)));
    wide.findings.extend(idle.findings);
    let mut is_suppressed = verdicts.iter().map(|verdict| verdict.suppression.is_some());
    own.is_suppressed = is_suppressed.by_ref().take(own.findings.len()).collect();
    wide.is_suppressed = is_suppressed.collect();
    verdicts
}

fn find_verdict(suppressor: &mut FindingSuppressor<'_>, finding: &Arc<Finding>) -> FindingVerdict {
    FindingVerdict { suppression: suppressor.suppress_finding(finding), finding: Arc::clone(finding) }
}

/// Drops the findings of rules that are off, and sets the severities of the settings.
pub(super) fn apply_severities(settings: &Settings, judged: &mut RuleOutput) {
    if settings.rule_levels.is_empty() {
        return;
    }
    judged.retain_findings(|finding| !settings.is_rule_off(finding.rule));
    for finding in &mut judged.findings {
        // One that is listed already has it, and stays the same in memory.
        if let Some(severity) = settings.severity_of(finding.rule).filter(|own| *own != finding.severity) {
            Arc::make_mut(finding).severity = severity;
        }
    }
}
