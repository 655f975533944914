//! Assesses the risk of each fix for the planner, before the fix is made or offered.

use crate::audit::AuditEngine;
use crate::finding::{Change, FindingKey, FixRisk, Intent, RiskAssessment, Safety, Wording};

/// The risk of a change that fixes this finding: by what is known of the program, or else by the class of the change.
///
/// A safe fix cannot break a correctly built program. For any other, nobody has checked yet what the program needs, so
/// it may.
pub(super) fn assess_risk(engine: &AuditEngine, key: &FindingKey, change: &Change) -> RiskAssessment {
    let known = engine.risk_assessor().and_then(|assessor| assessor.assess(key, change));
    known.unwrap_or_else(|| {
        let risk = if change.safety == Safety::Safe { FixRisk::None } else { FixRisk::MayBreak };
        let cautions = change.caution.clone().or_else(|| general_caution(change)).into_iter().collect();
        RiskAssessment { risk, cautions, evidence: Vec::new() }
    })
}

/// The cautions that are worth a line beside the fix itself: without those for every fix of its kind.
pub(super) fn own_cautions<'a>(
    change: &Change,
    assessed: &'a RiskAssessment,
) -> impl Iterator<Item = &'a Wording> {
    let general = general_caution(change);
    assessed.cautions.iter().filter(move |caution| Some(*caution) != general.as_ref())
}

/// The risk of every change of this kind, where it has no caution of its own.
fn general_caution(change: &Change) -> Option<Wording> {
    change.intents.iter().find_map(|intent| match intent {
        Intent::Image(image) => Some(image.want.caution().into()),
        _ => None,
    })
}
