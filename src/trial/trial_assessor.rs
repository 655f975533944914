//! Gives fixes the risk that trials saw: none for those that ran, and that they will break the program for those with which
//! it did not live.

use std::sync::Arc;

use super::kept_trials::{KeptFix, TrialRecord};
use crate::audit::AuditEngine;
use crate::finding::{AssessRisk, FindingKey, Fix, FixRisk, RiskAssessment, RiskCaution, RiskEvidence};
use crate::needs::{ObservedNeeds, TriedContainer};
use crate::yaml::path;

/// What trials saw of a repository's fixes.
pub(super) struct TrialAssessor {
    prefix: String,
    trials: Vec<(TrialRecord, RiskEvidence)>,
}

/// Takes what was kept of trials into an audit. What no longer holds is passed over.
pub fn apply_kept_trials(audit: &mut AuditEngine) {
    let records = TrialRecord::load_all(audit);
    if records.is_empty() {
        return audit.forget_trials();
    }
    let mut needs = ObservedNeeds::default();
    for record in &records {
        needs.add_notes(record.path.as_str().into(), record.object.clone(), record.notes.clone());
        for kept in &record.needs {
            let container = TriedContainer {
                path: record.path.as_str().into(),
                object: record.object.clone(),
                container: kept.container.clone(),
            };
            if let Some(need) = kept.decode() {
                needs.add(container, need);
            }
        }
    }
    let trials = records.into_iter().filter_map(|record| {
        let evidence = find_evidence(audit, &record)?;
        Some((record, evidence))
    });
    let assessor = TrialAssessor { prefix: audit.settings().root_prefix.clone(), trials: trials.collect() };
    audit.set_trials(needs, Some(Arc::new(assessor)));
}

/// That it ran, at the place of the image in its manifest.
fn find_evidence(audit: &AuditEngine, record: &TrialRecord) -> Option<RiskEvidence> {
    let file = audit.path_for_people(&record.path.as_str().into());
    let view = audit.deployed_pods(&file).find(|view| view.object.label() == record.object)?;
    let container = view.pod.containers.first()?;
    let span = container.span_of(&path!["image"]).unwrap_or(container.label_span);
    let (path, span) = audit.written_place(view.path, span);
    let at = audit.position_in(&path, span.start)?;
    let text = record.lived.clone().into();
    Some(RiskEvidence { text, path, line: at.line, column: at.column })
}

impl AssessRisk for TrialAssessor {
    fn assess(&self, key: &FindingKey, _: &Fix) -> Option<RiskAssessment> {
        let is_own = |fix: &KeptFix| self.is_fix_of(fix, key);
        for (record, evidence) in &self.trials {
            if let Some((_, reason)) = record.breaking.iter().find(|(fix, _)| is_own(fix)) {
                let caution = RiskCaution { text: reason.clone().into(), evidence: Some(evidence.clone()) };
                let seen =
                    RiskEvidence { text: format!("a trial, {}", record.engine).into(), ..evidence.clone() };
                return Some(RiskAssessment {
                    risk: FixRisk::WillBreak,
                    cautions: vec![caution],
                    evidence: vec![seen],
                });
            }
            if record.lives && record.tried.iter().any(is_own) {
                // What follows from the token, no trial shows: the API is not there.
                let risk = if record.reads_token { FixRisk::MayBreak } else { FixRisk::None };
                let text = "it read a fake token in its trial: what it does with a real one is not known";
                let cautions = if record.reads_token {
                    vec![RiskCaution::without_evidence(text.into())]
                } else {
                    Vec::new()
                };
                return Some(RiskAssessment { risk, cautions, evidence: vec![evidence.clone()] });
            }
        }
        None
    }
}

impl TrialAssessor {
    fn is_fix_of(&self, fix: &KeptFix, key: &FindingKey) -> bool {
        fix.rule == key.rule
            && fix.path.strip_prefix(&self.prefix).unwrap_or(&fix.path) == key.path.as_str()
            && fix.object.as_deref() == key.subject.object.as_deref()
            && fix.container.as_deref() == key.subject.container.as_deref()
    }
}
