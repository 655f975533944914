//! Finds the comments that give the reason of a value, for fixes that would change the value.

use super::PodPlace;
use super::container_facts::ContainerCase;
use crate::kubernetes::ManifestDocument;
use crate::needs::comment_reasons::find_reason;
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
use crate::repo::RelPath;
use crate::text::{Span, line_start};
use crate::yaml::{PathStep, YamlPath, path};

/// The fields of a pod that fixes change.
const POD_FIELDS: [&[&str]; 10] = [
    &["automountServiceAccountToken"],
    &["hostNetwork"],
    &["hostPID"],
    &["hostIPC"],
    &["securityContext", "runAsUser"],
    &["securityContext", "runAsGroup"],
    &["securityContext", "runAsNonRoot"],
    &["securityContext", "seccompProfile"],
    &["securityContext", "seLinuxOptions"],
    &["securityContext", "sysctls"],
];
/// The fields of a container, likewise.
const CONTAINER_FIELDS: [&[&str]; 19] = [
    &["securityContext", "privileged"],
    &["securityContext", "allowPrivilegeEscalation"],
    &["securityContext", "readOnlyRootFilesystem"],
    &["securityContext", "capabilities", "add"],
    &["securityContext", "capabilities", "drop"],
    &["securityContext", "runAsUser"],
    &["securityContext", "runAsGroup"],
    &["securityContext", "runAsNonRoot"],
    &["securityContext", "procMount"],
    &["securityContext", "seccompProfile"],
    &["securityContext", "appArmorProfile"],
    &["securityContext", "seLinuxOptions"],
    &["resources"],
    &["resources", "limits"],
    &["resources", "requests"],
    &["resources", "limits", "cpu"],
    &["resources", "limits", "memory"],
    &["resources", "requests", "cpu"],
    &["resources", "requests", "memory"],
];
/// The most lines between a key and the first line of its value, all of them blank or comments.
const MAX_GAP: usize = 8;

pub(super) fn find_pod_reasons(place: PodPlace<'_>, needs: &mut Vec<ProgramNeed>) {
    if has_no_comment(place) {
        return;
    }
    for field in POD_FIELDS {
        needs.extend(reason_of(place, &field_path(field), |path| place.pod.span_of(path)));
    }
}

pub(super) fn find_container_reasons(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    needs: &mut Vec<ProgramNeed>,
) {
    if has_no_comment(place) {
        return;
    }
    let model = &case.container.model;
    let mut fields: Vec<YamlPath> = CONTAINER_FIELDS.into_iter().map(field_path).collect();
    let added = model.security_context.map_field(|context| &context.capabilities);
    let added = added.map_field(|capabilities| &capabilities.add);
    fields.extend(added.valid_items().map(|(at, _)| path!["securityContext", "capabilities", "add", at]));
    fields.extend(model.ports.valid_items().map(|(at, _)| path!["ports", at, "hostPort"]));
    for field in fields {
        needs.extend(reason_of(place, &field, |path| case.container.span_of(path)));
    }
}

/// True for most documents, in which no field need be looked up.
fn has_no_comment(place: PodPlace<'_>) -> bool {
    place.document.tree.comments().is_empty()
}

/// The reason beside a value of a manifest, where one argues for it.
#[must_use]
pub fn find_value_reason(
    path: &RelPath,
    document: &ManifestDocument,
    field: &[PathStep],
) -> Option<ProgramNeed> {
    let tree = &document.tree;
    let span = tree.locate_value(tree.root()?, field)?;
    let text = document.source_text();
    let start = key_line(text, span, field)?;
    let reason = find_reason(text, tree.comments(), start).filter(|reason| reason.argues)?;
    let place = NeedEvidence { text: reason.quoted.clone().into(), path: path.clone(), span: reason.span };
    Some(decision(field, last_key(field), &reason.quoted, place))
}

fn field_path(keys: &[&str]) -> YamlPath {
    keys.iter().copied().map(PathStep::from).collect()
}

fn last_key(field: &[PathStep]) -> &str {
    field
        .iter()
        .rev()
        .find_map(|step| if let PathStep::Key(key) = step { Some(key) } else { None })
        .map_or("", String::as_str)
}

/// The field by which a decision is known: its keys and indices.
#[must_use]
pub fn name_field(field: &[PathStep]) -> String {
    let parts = field.iter().map(|step| match step {
        PathStep::Key(key) => key.clone(),
        PathStep::Index(index) => index.to_string(),
    });
    parts.collect::<Vec<_>>().join(".")
}

/// The comment at the line of a field, else at that of the block that holds it.
fn reason_of(
    place: PodPlace<'_>,
    field: &[PathStep],
    span_of: impl Fn(&[PathStep]) -> Option<Span>,
) -> Option<ProgramNeed> {
    let text = place.document.source_text();
    span_of(field)?;
    let holder = field.split_last().map(|(_, holder)| holder).filter(|holder| !holder.is_empty());
    [Some(field), holder].into_iter().flatten().find_map(|path| {
        let start = key_line(text, span_of(path)?, path)?;
        let reason = find_reason(text, place.document.tree.comments(), start)?;
        let evidence = place.evidence_at(reason.quoted.clone(), reason.span);
        Some(decision(field, last_key(path), &reason.quoted, evidence))
    })
}

fn decision(field: &[PathStep], at: &str, quoted: &str, evidence: NeedEvidence) -> ProgramNeed {
    ProgramNeed {
        kind: NeedKind::Decision(name_field(field)),
        certainty: NeedCertainty::Likely,
        reason: format!("the comment at `{at}` says {quoted}").into(),
        evidence: vec![evidence],
    }
}

/// The beginning of the line of a value's key: the value's own, or the one above the block that it is.
fn key_line(text: &str, value: Span, field: &[PathStep]) -> Option<usize> {
    let mut start = line_start(text, value.start);
    let Some(PathStep::Key(key)) = field.last() else { return Some(start) };
    for step in 0..MAX_GAP {
        let line = text[start..].lines().next().unwrap_or_default();
        if line.contains(&format!("{key}:")) || line.contains(&format!("{key}\":")) {
            return Some(start);
        }
        let is_gap = line.trim().is_empty() || line.trim_start().starts_with('#');
        if step > 0 && !is_gap || start == 0 {
            return None;
        }
        start = line_start(text, start - 1);
    }
    None
}
