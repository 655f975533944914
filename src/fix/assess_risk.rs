//! Assesses the risk of each fix for the planner, before the fix is made or offered.

use crate::audit::AuditEngine;
use crate::finding::{Edit, FindingKey, Fix, FixRisk, RiskAssessment, RiskCaution, Safety, Wording};

/// The risk of this fix of that finding: what is known of the program, or else what its class says.
///
/// A safe fix cannot break a correctly built program. Of any other nobody has looked yet what the program needs, so it
/// may.
pub(super) fn assess_risk(engine: &AuditEngine, key: &FindingKey, fix: &Fix) -> RiskAssessment {
    let known = engine.risk_assessor().and_then(|assessor| assessor.assess(key, fix));
    known.unwrap_or_else(|| {
        let risk = if fix.safety == Safety::Safe { FixRisk::None } else { FixRisk::MayBreak };
        let caution = fix.caution.clone().or_else(|| general_caution(fix));
        let cautions = caution.map(RiskCaution::without_evidence).into_iter().collect();
        RiskAssessment { risk, cautions, evidence: Vec::new() }
    })
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
