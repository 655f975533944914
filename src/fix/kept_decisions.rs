//! Keeps what somebody decided: a finding that is allowed is not undone by the fix of another.

use std::collections::BTreeMap;

use super::KeyedFinding;
use super::fix_error::{FixCulprit, FixError};
use crate::audit::{AuditEngine, FindingVerdict};
use crate::finding::{Edit, Finding, FindingKey, PodEdit, Subject, Suppression, SuppressionKind};
use crate::repo::RelPath;
use crate::yaml::PathStep;

/// The reason why these edits of a file are not made: they would also mend a finding that is suppressed there.
pub(super) fn find_undone_decision(engine: &AuditEngine, path: &RelPath, edits: &[&Edit]) -> Option<String> {
    let mut suppressed = engine.findings_with_suppressions(path);
    let (key, _, quiet) = suppressed.find(|(_, finding, _)| {
        finding.edits().iter().any(|own| edits.iter().any(|edit| is_same_change(own, edit)))
    })?;
    Some(decision_reason(key, quiet))
}

/// Checks that each finding which a person allowed in the file is still there after an edit that is to mend others.
pub(super) fn check_decisions(
    engine: &AuditEngine,
    path: &RelPath,
    after: &[FindingVerdict],
    wanted: &[KeyedFinding<'_>],
) -> Result<(), FixError> {
    let decisions = engine.findings_with_suppressions(path);
    let decided: Vec<_> = decisions
        .filter(|(_, _, quiet)| quiet.kind() == SuppressionKind::Explicit)
        .map(|(key, _, quiet)| (key, quiet))
        .collect();
    if decided.is_empty() {
        return Ok(());
    }
    let before = count_by_subject(engine.findings_in(path));
    let mended = count_by_subject(wanted.iter().map(|(_, finding)| *finding));
    let left = count_by_subject(after.iter().map(|verdict| verdict.finding.as_ref()));
    let number = |counts: &BTreeMap<(&str, &Subject), usize>, key: &FindingKey| {
        counts.get(&(key.rule, &key.subject)).copied().unwrap_or_default()
    };
    let gone =
        decided.into_iter().find(|(key, _)| number(&left, key) + number(&mended, key) < number(&before, key));
    match gone {
        Some((key, quiet)) => Err(FixError {
            reason: decision_reason(key, quiet),
            culprit: match &key.subject.object {
                Some(object) => FixCulprit::Object(Some(object.clone())),
                None => FixCulprit::Unclear,
            },
        }),
        None => Ok(()),
    }
}

fn decision_reason(key: &FindingKey, quiet: &Suppression) -> String {
    format!("it would undo `{}`, which is {quiet}", key.rule)
}

fn count_by_subject<'f>(
    findings: impl Iterator<Item = &'f Finding>,
) -> BTreeMap<(&'f str, &'f Subject), usize> {
    let mut counts = BTreeMap::new();
    findings.for_each(|finding| *counts.entry((finding.rule, &finding.subject)).or_default() += 1);
    counts
}

/// True where both change the same thing: one field, or a part of it.
fn is_same_change(one: &Edit, other: &Edit) -> bool {
    match (one, other) {
        (
            Edit::Pod { document, pod, edit: one },
            Edit::Pod { document: other_document, pod: other_pod, edit: other },
        ) => {
            (document, pod) == (other_document, other_pod)
                && match (field_of(one), field_of(other)) {
                    (Some((container, path)), Some((other_container, other_path))) => {
                        container == other_container
                            && (path.starts_with(other_path) || other_path.starts_with(path))
                    }
                    _ => one == other,
                }
        }
        (Edit::Dockerfile(one), Edit::Dockerfile(other)) => one == other,
        // A digest is asked for by itself, whatever is said of the tag beside it.
        _ => false,
    }
}

/// The field that an edit sets or removes, in its container or in the pod.
const fn field_of(edit: &PodEdit) -> Option<(Option<usize>, &[PathStep])> {
    match edit {
        PodEdit::SetField { container, path, .. } | PodEdit::RemoveField { container, path } => {
            Some((*container, path.as_slice()))
        }
        _ => None,
    }
}
