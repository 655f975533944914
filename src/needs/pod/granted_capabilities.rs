//! Reads what capabilities that a container is given tell: programs that carry one on their file, by what a process that
//! is not root is given, and those that somebody gave back where all are dropped.
//!
//! Source: capabilities(7), "Transformation of capabilities during execve()": without ambient capabilities, which
//! Kubernetes sets none of, what a container is given reaches a process of another uid by the file it executes alone.

use super::PodPlace;
use super::container_facts::ContainerCase;
use super::value_reasons::name_field;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::yaml::path;

/// The word for all of them at once, which tells of no program.
const ALL_CAPABILITIES: &str = "ALL";

pub(super) fn find_granted_capabilities(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    needs: &mut Vec<ProgramNeed>,
) {
    if case.starts_as_root != Some(false) {
        return;
    }
    for (at, name) in case.container.granted_capabilities().filter(|(_, name)| *name != ALL_CAPABILITIES) {
        let kind = NeedKind::FileCapability(name.to_owned());
        let span = case.container.span_of(&path!["securityContext", "capabilities", "add", at]);
        let Some(span) = span.filter(|_| needs.iter().all(|need| need.kind != kind)) else { continue };
        let container = case.name;
        needs.push(ProgramNeed {
            kind,
            certainty: NeedCertainty::Likely,
            reason: format!(
                "`{container}` is not root and is given {name}, which only a file that carries it can use"
            )
            .into(),
            evidence: vec![place.evidence_at(format!("`{container}` is given {name}"), span)],
        });
    }
}

/// Who drops all and then names some has decided on each of them, whatever the program does with them.
pub(super) fn find_kept_capabilities(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    needs: &mut Vec<ProgramNeed>,
) {
    if case.starts_as_root == Some(false) || !case.container.drops_all_capabilities() {
        return;
    }
    let field = path!["securityContext", "capabilities", "add"];
    let given = case.container.granted_capabilities().map(|(_, name)| name);
    let given: Vec<&str> = given.filter(|name| *name != ALL_CAPABILITIES).collect();
    let Some(span) = case.container.span_of(&field).filter(|_| !given.is_empty()) else { return };
    let (container, given) = (case.name, given.join(", "));
    needs.push(ProgramNeed {
        kind: NeedKind::Decision(name_field(&field)),
        certainty: NeedCertainty::Shown,
        reason: format!("somebody dropped all capabilities of `{container}` and gave back {given}").into(),
        evidence: vec![place.evidence_at(format!("`{container}` drops all and is given {given}"), span)],
    });
}
