//! Decides which fixes a trial tries: not those that were seen to break the app, and those that its files speak against
//! only where a run can tell.

use std::collections::BTreeSet;

use super::hardening_parts::HardeningPart;
use crate::audit::AuditEngine;
use crate::finding::{AssessRisk, FindingKey, Fix, FixRisk, RiskAssessment};
use crate::needs::{NeedCertainty, NeedKind, ObservedNeeds};
use crate::rules::PodView;

/// The parts of the hardening that break the app whole, each with what was seen.
pub(super) type BreakingParts = Vec<(HardeningPart, String)>;

/// The reason why the fix of a finding is left out, where a trial saw one.
pub(super) fn find_reason_to_leave_out(
    key: &FindingKey,
    part: HardeningPart,
    breaking: &[(HardeningPart, String)],
    needs: &ObservedNeeds,
) -> Option<String> {
    if let Some((_, reason)) = breaking.iter().find(|(own, _)| *own == part) {
        return Some(format!("with it {reason}"));
    }
    let concerns = |name: &str| key.subject.container.as_deref().is_none_or(|own| own == name);
    let mut speaking =
        needs.iter().filter(|(own, need)| is_against(&need.kind, part, key.rule) && concerns(&own.container));
    speaking.next().map(|(_, need)| need.reason.clone())
}

/// The rules whose fixes give another number in the place of one that is in effect.
const OTHER_NUMBER_RULES: [&str; 3] = ["low-uid", "named-user", "uid-mismatch"];
/// The rule whose fix gives a group.
const GROUP_RULE: &str = "missing-run-as-group";

/// True where a need that was seen leaves no room for that part, or for what this rule asks of it.
fn is_against(kind: &NeedKind, part: HardeningPart, rule: &str) -> bool {
    match part {
        HardeningPart::User => match kind {
            NeedKind::RootStart | NeedKind::RootOnlyPath(_) => true,
            NeedKind::AgreedUid(_) => OTHER_NUMBER_RULES.contains(&rule),
            NeedKind::GroupZero => rule == GROUP_RULE,
            _ => false,
        },
        HardeningPart::ReadOnlyRoot => matches!(kind, NeedKind::OccupiedPath(_)),
        HardeningPart::Token => matches!(kind, NeedKind::ApiToken),
        HardeningPart::NoNewPrivileges => matches!(kind, NeedKind::SetUserId),
        _ => false,
    }
}

/// Has fixes planned although the files speak against them, where a run shows whether they are right: what a program does
/// at its start. What they say of old volumes, platforms, the API or other programs no trial can disprove.
pub(super) struct TriedAnyway {
    parts: BTreeSet<HardeningPart>,
}

impl TriedAnyway {
    pub(super) fn for_pod(audit: &AuditEngine, view: PodView<'_>) -> Self {
        let needs = audit.repository().pod_needs(view.place());
        let is_shown = |of: &dyn Fn(&NeedKind) -> bool| {
            needs.of_all().any(|need| need.certainty >= NeedCertainty::Shown && of(&need.kind))
        };
        let is_beyond = is_shown(&|kind| {
            matches!(
                kind,
                NeedKind::NodeAccess
                    | NeedKind::RefusedField(_)
                    | NeedKind::AssignedUid
                    | NeedKind::Decision(_)
            )
        });
        let is_users = is_shown(&|kind| {
            matches!(
                kind,
                NeedKind::KeptVolume { .. }
                    | NeedKind::AgreedUid(_)
                    | NeedKind::GroupZero
                    | NeedKind::OwnedPath(_)
                    | NeedKind::SetUserId
            )
        });
        let mut parts = BTreeSet::new();
        if !is_beyond {
            parts.extend([HardeningPart::ReadOnlyRoot, HardeningPart::Mounts, HardeningPart::Capabilities]);
            if !is_users {
                parts.insert(HardeningPart::User);
            }
        }
        Self { parts }
    }
}

impl AssessRisk for TriedAnyway {
    fn assess(&self, _: &FindingKey, fix: &Fix) -> Option<RiskAssessment> {
        let is_tried = |part: Option<HardeningPart>| part.is_some_and(|part| self.parts.contains(&part));
        let are_tried =
            !fix.edits.is_empty() && fix.edits.iter().all(|edit| is_tried(HardeningPart::of_edit(edit)));
        are_tried.then(|| RiskAssessment { risk: FixRisk::MayBreak, ..RiskAssessment::default() })
    }
}
