//! Weighs edits of values on which somebody decided: the reason that a comment gives is quoted.

use super::{NeedObjection, PodCase};
use crate::finding::{PodEdit, ResourceBound, ResourceName};
use crate::needs::NeedKind;
use crate::needs::pod::name_field;

/// The decisions that an edit would change.
pub(super) fn against_decisions<'n>(case: PodCase<'n>, edit: &PodEdit) -> Vec<NeedObjection<'n>> {
    let (container, fields) = changed_fields(case, edit);
    let is_changed = |kind: &NeedKind| match kind {
        NeedKind::Decision(field) => fields.iter().any(|changed| is_part(field, changed)),
        _ => false,
    };
    let needs: Vec<_> = match container {
        Some(index) => case.needs_of(index).collect(),
        None => case.needs.shared.iter().collect(),
    };
    needs.into_iter().filter(|need| is_changed(&need.kind)).map(NeedObjection::by_certainty).collect()
}

/// The container that an edit is for, and the fields that it changes.
fn changed_fields(case: PodCase<'_>, edit: &PodEdit) -> (Option<usize>, Vec<String>) {
    let security = |index: &usize, field: &str| (Some(*index), vec![format!("securityContext.{field}")]);
    match edit {
        PodEdit::RunAsNonRoot { container } => {
            let (index, mut fields) = security(container, "runAsNonRoot");
            // Root is given up for a number.
            let is_root = case
                .container(*container)
                .is_some_and(|view| view.pod.pod.run_as_user(view.container).get() == Some(&0));
            fields.extend(is_root.then(|| "securityContext.runAsUser".to_owned()));
            (index, fields)
        }
        PodEdit::RunAsUser { container } | PodEdit::RunAsImageUser { container } => {
            security(container, "runAsUser")
        }
        PodEdit::RunAsGroup { container } => security(container, "runAsGroup"),
        PodEdit::DefaultSeccomp { container } => security(container, "seccompProfile"),
        PodEdit::ReadOnlyRoot { container } => security(container, "readOnlyRootFilesystem"),
        PodEdit::DropAllCapabilities { container } => security(container, "capabilities.drop"),
        PodEdit::ForbidEscalation { container } => security(container, "allowPrivilegeEscalation"),
        PodEdit::SetResource { container, bound, resource } => {
            let bound = match bound {
                ResourceBound::Limit => "limits",
                ResourceBound::Request => "requests",
            };
            let resource = match resource {
                ResourceName::Cpu => "cpu",
                ResourceName::Memory => "memory",
            };
            (Some(*container), vec![format!("resources.{bound}.{resource}")])
        }
        PodEdit::NoTokenMount => (None, vec!["automountServiceAccountToken".to_owned()]),
        PodEdit::MountWritablePaths { container, .. } => (Some(*container), Vec::new()),
        PodEdit::SetField { container, path, .. } | PodEdit::RemoveField { container, path } => {
            (*container, vec![name_field(path)])
        }
    }
}

/// True where one field is the other, or holds it.
fn is_part(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
