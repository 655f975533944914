//! Assesses the risk of each fix for the planner, before the fix is made or offered.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::dockerfile::replaced_spans;
use super::file_fixer::FileFixer;
use super::linked_needs::find_linked_needs;
use super::pod::shared_edits;
use super::risk::{NeedObjection, find_answers, find_build_objections, find_objections};
use crate::audit::{AuditEngine, FileContent};
use crate::finding::{
    DockerfileEdit, Edit, FindingKey, Fix, FixRisk, ImageEditPlace, PodEdit, RiskAssessment, RiskCaution,
    RiskEvidence, Safety, Wording,
};
use crate::needs::pod::find_value_reason;
use crate::needs::{NeedEvidence, ProgramNeed, find_instruction_reasons};

/// The risk of this fix of that finding: what is known of the program by a trial, by its needs, or else what the class
/// of the fix says. A safe fix cannot break a correctly built program; of any other nothing here tells, so it may.
pub(super) fn assess_risk(fixer: &FileFixer<'_>, key: &FindingKey, fix: &Fix) -> RiskAssessment {
    let known = fixer.engine().risk_assessor().and_then(|assessor| assessor.assess(key, fix));
    known.unwrap_or_else(|| assess_by_needs(fixer, fix))
}

fn assess_by_needs(fixer: &FileFixer<'_>, fix: &Fix) -> RiskAssessment {
    let engine = fixer.engine();
    let mut assessment = RiskAssessment::default();
    let mut is_answered = !fix.edits.is_empty();
    let mut answers = Vec::new();
    for (position, edits) in edits_by_pod(fix) {
        let found = fixer.with_pod_case(position, |case| {
            let shared = shared_edits(case, &edits);
            let all = edits.iter().copied().chain(&shared);
            let found = all.flat_map(|edit| find_objections(case, edit)).collect();
            add_objections(engine, found, &mut assessment);
            find_answers(engine, case, &edits)
        });
        match found.flatten() {
            Some(found) => answers.extend(found),
            None => is_answered = false,
        }
    }
    is_answered &= weigh_build(fixer, fix, &mut assessment).is_none();
    let reasons: Vec<ProgramNeed> =
        fix.edits.iter().flat_map(|edit| find_image_reasons(fixer, edit)).collect();
    add_objections(engine, reasons.iter().map(NeedObjection::possible).collect(), &mut assessment);
    is_answered &= fix.edits.iter().all(|edit| matches!(edit, Edit::Pod { .. }));
    if is_answered && assessment.risk == FixRisk::None {
        assessment.evidence = answers.iter().filter_map(|answer| locate_evidence(engine, answer)).collect();
        return assessment;
    }
    if fix.safety != Safety::Safe {
        assessment.risk = assessment.risk.max(FixRisk::MayBreak);
    }
    let caution = fix.caution.clone().or_else(|| general_caution(fix));
    assessment.cautions.extend(caution.map(RiskCaution::without_evidence));
    // There may be very many of these, and most hold one caution.
    assessment.cautions.shrink_to_fit();
    assessment
}

/// Weighs the edits of a Dockerfile; none where the file is none.
fn weigh_build(fixer: &FileFixer<'_>, fix: &Fix, assessment: &mut RiskAssessment) -> Option<()> {
    fixer.with_build(|case, facts| {
        let edits = fix.edits.iter().filter_map(|edit| match edit {
            Edit::Dockerfile(edit) => Some(edit),
            _ => None,
        });
        for edit in edits {
            let is_identity = *edit == DockerfileEdit::SetUser;
            let built = || fixer.engine().repository().stage_built_elsewhere(fixer.path());
            assessment.cautions.extend(is_identity.then(built).flatten().map(|(place, stage)| {
                let text = format!("{place} builds the stage `{stage}`: what it runs does not get this user");
                RiskCaution::without_evidence(text.into())
            }));
            let changed = replaced_spans(case, edit);
            let reasons =
                find_instruction_reasons((fixer.path(), case.text), case.file, &changed, is_identity);
            let linked = match edit {
                DockerfileEdit::SetUser => find_linked_needs(fixer.engine(), fixer.path()),
                _ => Vec::new(),
            };
            let mut found = find_build_objections(case, facts, edit);
            found.extend(linked.iter().map(|(need, risk)| NeedObjection { need, risk: *risk }));
            found.extend(reasons.iter().map(NeedObjection::possible));
            add_objections(fixer.engine(), found, assessment);
        }
    })
}

/// What a comment says for the reference of an image as it is.
fn find_image_reasons(fixer: &FileFixer<'_>, edit: &Edit) -> Vec<ProgramNeed> {
    let Edit::Image(image) = edit else { return Vec::new() };
    match (&image.place, fixer.content()) {
        (ImageEditPlace::Dockerfile { span, .. }, FileContent::Dockerfile(file)) => {
            let place = (fixer.path(), fixer.source().text());
            find_instruction_reasons(place, file, std::slice::from_ref(span), false)
        }
        (ImageEditPlace::Value { document, path }, FileContent::Manifest(manifest)) => {
            let document = manifest.documents.get(*document);
            document
                .and_then(|document| find_value_reason(fixer.path(), document, path))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The edits of pods, by the pod.
fn edits_by_pod(fix: &Fix) -> Vec<((usize, usize), Vec<&PodEdit>)> {
    let mut pods: Vec<((usize, usize), Vec<&PodEdit>)> = Vec::new();
    for edit in &fix.edits {
        let Edit::Pod { document, pod, edit } = edit else { continue };
        match pods.iter_mut().find(|(position, _)| *position == (*document, *pod)) {
            Some((_, edits)) => edits.push(edit),
            None => pods.push(((*document, *pod), vec![edit])),
        }
    }
    pods
}

/// Adds the needs that speak against a fix, the most serious first: each as a caution, with all of its evidence.
fn add_objections(
    engine: &AuditEngine,
    mut objections: Vec<NeedObjection<'_>>,
    assessment: &mut RiskAssessment,
) {
    objections
        .sort_by_key(|found| Reverse((found.risk, found.need.certainty, found.need.evidence.len().min(1))));
    // There may be thousands: each of a container's volumes may speak against a fix.
    let mut said: HashSet<Wording> = assessment.cautions.iter().map(|caution| caution.text.clone()).collect();
    let mut seen: HashSet<RiskEvidence> = assessment.evidence.iter().cloned().collect();
    for NeedObjection { need, risk } in objections {
        assessment.risk = assessment.risk.max(risk);
        if !said.insert(need.reason.clone()) {
            continue;
        }
        let located = need.evidence.iter().filter_map(|evidence| locate_evidence(engine, evidence));
        let located: Vec<RiskEvidence> = located.collect();
        assessment
            .cautions
            .push(RiskCaution { text: need.reason.clone(), evidence: located.first().cloned() });
        assessment.evidence.extend(located.into_iter().filter(|evidence| seen.insert(evidence.clone())));
    }
}

/// The evidence with its line and column; none where its file is not at hand.
fn locate_evidence(engine: &AuditEngine, evidence: &NeedEvidence) -> Option<RiskEvidence> {
    let (path, span) = engine.written_place(&evidence.path, evidence.span);
    let at = engine.position_in(&path, span.start)?;
    let text = evidence.text.clone();
    Some(RiskEvidence { text, path, line: at.line, column: at.column })
}

/// The cautions that are worth a line beside the fix itself: without what holds for every fix of its kind.
pub(super) fn own_cautions<'a>(
    fix: &Fix,
    assessed: &'a RiskAssessment,
) -> impl Iterator<Item = &'a RiskCaution> {
    let general = general_caution(fix);
    assessed.cautions.iter().filter(move |caution| Some(&caution.text) != general.as_ref())
}

/// What every change of this kind may break, where it says nothing of its own.
fn general_caution(fix: &Fix) -> Option<Wording> {
    fix.edits.iter().find_map(|edit| match edit {
        Edit::Image(image) => Some(image.goal.caution().into()),
        _ => None,
    })
}
