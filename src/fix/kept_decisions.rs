//! Keeps what somebody decided: a finding that is allowed is not undone by the fix of another.

use std::collections::{BTreeMap, HashMap};

use super::KeyedFinding;
use super::fix_error::{FixCulprit, FixError};
use crate::audit::{AuditEngine, FindingVerdict};
use crate::finding::{Edit, Finding, FindingKey, PodEdit, Subject, Suppression, SuppressionKind};
use crate::repo::RelPath;
use crate::yaml::PathStep;

/// A suppressed finding, by its place in the order of the file.
type Decision<'a> = (usize, &'a FindingKey, &'a Suppression);

/// The edits of a file's suppressed findings, found by what they change: there may be very many.
#[derive(Default)]
pub(super) struct DecisionIndex<'a> {
    /// Those that set or remove a field, by the pod and the container that hold it.
    by_holder: HashMap<FieldHolder, Vec<(&'a [PathStep], Decision<'a>)>>,
    /// The others of pods and those of Dockerfiles, by the edit itself.
    by_edit: HashMap<&'a Edit, Decision<'a>>,
}

/// The pod that holds a field, and the container where that does.
type FieldHolder = ((usize, usize), Option<usize>);

impl<'a> DecisionIndex<'a> {
    pub(super) fn of_file(engine: &'a AuditEngine, path: &RelPath) -> Self {
        let mut index = Self::default();
        for (nth, (key, finding, quiet)) in engine.findings_with_suppressions(path).enumerate() {
            for edit in finding.edits() {
                let decision = (nth, key, quiet);
                if let Some((holder, field)) = field_of(edit) {
                    let fields = index.by_holder.entry(holder).or_default();
                    // Of one field, the first finding says enough.
                    if fields.last().is_none_or(|(last, _)| *last != field) {
                        fields.push((field, decision));
                    }
                } else if matches!(edit, Edit::Pod { .. } | Edit::Dockerfile(_)) {
                    // A digest is asked for by itself, whatever is said of the tag beside it.
                    index.by_edit.entry(edit).or_insert(decision);
                }
            }
        }
        index
    }

    /// The reason why these edits are not made: they would also mend a finding that is suppressed there.
    pub(super) fn find_undone(&self, edits: &[Edit]) -> Option<String> {
        let undone = edits.iter().filter_map(|edit| match field_of(edit) {
            Some((holder, field)) => {
                let fields = self.by_holder.get(&holder)?.iter();
                let same = fields.filter(|(own, _)| own.starts_with(field) || field.starts_with(own));
                same.map(|(_, decision)| *decision).min_by_key(|(nth, ..)| *nth)
            }
            None => self.by_edit.get(edit).copied(),
        });
        let (_, key, quiet) = undone.min_by_key(|(nth, ..)| *nth)?;
        Some(decision_reason(key, quiet))
    }
}

/// True where a person allowed a finding in the file.
pub(super) fn holds_decisions(engine: &AuditEngine, path: &RelPath) -> bool {
    decisions_in(engine, path).next().is_some()
}

fn decisions_in<'a>(
    engine: &'a AuditEngine,
    path: &RelPath,
) -> impl Iterator<Item = (&'a FindingKey, &'a Suppression)> {
    let decisions = engine.findings_with_suppressions(path);
    decisions
        .filter(|(_, _, quiet)| quiet.kind() == SuppressionKind::Explicit)
        .map(|(key, _, quiet)| (key, quiet))
}

/// Checks that each finding which a person allowed in the file is still there after an edit that is to mend others.
pub(super) fn check_decisions(
    engine: &AuditEngine,
    path: &RelPath,
    after: &[FindingVerdict],
    wanted: &[KeyedFinding<'_>],
) -> Result<(), FixError> {
    let decided: Vec<_> = decisions_in(engine, path).collect();
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
            culprit: match &key.subject.object {
                Some(object) => {
                    FixCulprit::Objects([(Some(object.clone()), decision_reason(key, quiet))].into())
                }
                None => FixCulprit::Unclear,
            },
            reason: decision_reason(key, quiet),
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

/// The field that an edit sets or removes, with its holder: two edits of one field, or of a part of it, change the same.
fn field_of(edit: &Edit) -> Option<(FieldHolder, &[PathStep])> {
    let Edit::Pod { document, pod, edit } = edit else { return None };
    match edit {
        PodEdit::SetField { container, path, .. } | PodEdit::RemoveField { container, path } => {
            Some((((*document, *pod), *container), path.as_slice()))
        }
        _ => None,
    }
}
