//! Gives fixes the risk that trials saw: none for those that ran, and that they will break the program for those with which
//! it did not live.

use std::sync::Arc;

use super::hardening_parts::HardeningPart;
use super::kept_trials::{KeptFix, TrialRecord};
use crate::audit::AuditEngine;
use crate::finding::{AssessRisk, FindingKey, Fix, FixRisk, RiskAssessment, RiskCaution, RiskEvidence};
use crate::needs::{NeedKind, ObservedNeeds, TriedContainer};
use crate::repo::RelPath;
use crate::yaml::path;

/// What trials saw of a repository's fixes.
pub(super) struct TrialAssessor {
    prefix: String,
    trials: Vec<WeighedTrial>,
}

/// What was kept of a trial, with what speaks for it and against it.
struct WeighedTrial {
    record: TrialRecord,
    evidence: RiskEvidence,
    /// What the trial did not show of what it ran well with.
    cautions: Vec<RiskCaution>,
    /// What it did not show of another user: the volumes of its containers that outlive the pod, each with its container.
    kept_volumes: Vec<(Option<String>, RiskCaution)>,
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
    let trials = records.iter().filter_map(|record| {
        let evidence = find_evidence(audit, record)?;
        Some(WeighedTrial {
            record: record.clone(),
            evidence,
            cautions: find_cautions(audit, record, &records),
            kept_volumes: find_kept_volumes(audit, record),
        })
    });
    let assessor = TrialAssessor { prefix: audit.settings().root_prefix.clone(), trials: trials.collect() };
    audit.set_trials(needs, Some(Arc::new(assessor)));
}

/// What follows from the token, no trial shows: the API is not there. And what runs as one kustomization builds it may not
/// run as another does.
fn find_cautions(audit: &AuditEngine, record: &TrialRecord, all: &[TrialRecord]) -> Vec<RiskCaution> {
    let mut texts = Vec::new();
    if record.reads_token {
        texts.push("it read a fake token in its trial: what it does with a real one is not known".to_owned());
    }
    let target = record.target(audit);
    let lived = |folder: &RelPath| {
        let folder = audit.path_in_repository(folder);
        let mut same =
            all.iter().filter(|other| (&other.path, &other.object) == (&record.path, &record.object));
        same.any(|other| other.lives && other.overlay.as_deref() == Some(folder.as_str()))
    };
    if target.overlay.is_some() {
        let built = audit.built_pods(&target.path).filter(|built| built.first_name == target.object);
        let mut folders: Vec<&RelPath> =
            built.map(|built| built.folder).filter(|folder| !lived(folder)).collect();
        folders.dedup();
        texts.extend(folders.first().map(|folder| match folders.len() {
            1 => format!("it has not run hardened as {folder} builds it"),
            count => format!("it has not run hardened as {folder} and {} more build it", count - 1),
        }));
    }
    texts.into_iter().map(|text| RiskCaution::without_evidence(text.into())).collect()
}

/// What lies in a volume that outlives the pod, no trial shows: it may be another user's.
fn find_kept_volumes(audit: &AuditEngine, record: &TrialRecord) -> Vec<(Option<String>, RiskCaution)> {
    let target = record.target(audit);
    let Some(view) = target.find_pod(audit) else { return Vec::new() };
    let needs = audit.repository().pod_needs(view.place());
    let kept = view.containers().flat_map(|container| {
        let name = container.container.name.clone();
        let own = needs
            .of_container(container.index)
            .filter(|need| matches!(need.kind, NeedKind::KeptVolume { .. }));
        own.map(move |need| (name.clone(), need))
    });
    let cautions = kept.map(|(name, need)| {
        let evidence = need.evidence.first().and_then(|evidence| {
            let (path, span) = audit.written_place(&evidence.path, evidence.span);
            let at = audit.position_in(&path, span.start)?;
            Some(RiskEvidence { text: evidence.text.clone(), path, line: at.line, column: at.column })
        });
        (name, RiskCaution { text: need.reason.clone(), evidence })
    });
    cautions.collect()
}

/// That it ran, at the place of the image in its manifest.
fn find_evidence(audit: &AuditEngine, record: &TrialRecord) -> Option<RiskEvidence> {
    let target = record.target(audit);
    let view = target.find_pod(audit)?;
    let container = view.pod.containers.first()?;
    let span = container.span_of(&path!["image"]).unwrap_or(container.label_span);
    let (path, span) = audit.written_place(view.path, span);
    let at = audit.position_in(&path, span.start)?;
    let text = record.lived.clone().into();
    Some(RiskEvidence { text, path, line: at.line, column: at.column })
}

impl AssessRisk for TrialAssessor {
    fn assess(&self, key: &FindingKey, fix: &Fix) -> Option<RiskAssessment> {
        let is_own = |fix: &KeptFix| self.is_fix_of(fix, key);
        // What breaks it as one kustomization builds it is not safe, however well it runs as another does.
        let is_users = fix.edits.iter().any(|edit| HardeningPart::of_edit(edit) == Some(HardeningPart::User));
        for WeighedTrial { record, evidence, .. } in &self.trials {
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
        }
        for WeighedTrial { record, evidence, cautions, kept_volumes } in &self.trials {
            if record.lives && record.tried.iter().any(is_own) {
                let of_key = key.subject.container.as_deref();
                let is_meant = |name: &Option<String>| of_key.is_none_or(|own| name.as_deref() == Some(own));
                let volumes = kept_volumes.iter().filter(|(name, _)| is_users && is_meant(name));
                let mut cautions = cautions.clone();
                for (_, caution) in volumes {
                    if !cautions.contains(caution) {
                        cautions.push(caution.clone());
                    }
                }
                let risk = if cautions.is_empty() { FixRisk::None } else { FixRisk::MayBreak };
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
