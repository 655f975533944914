//! Weighs edits of single fields: what gives a container the node, and what its platform or operator refuses.

use super::{NeedObjection, PodCase};
use crate::needs::NeedKind;
use crate::yaml::PathStep;

/// The fields of a pod spec and of a container that open the node to the program.
const NODE_FIELDS: [&str; 6] = ["hostNetwork", "hostPID", "hostIPC", "hostPort", "privileged", "procMount"];

/// The needs that speak against changing a field of the pod spec, or of a container.
pub(super) fn against_field<'n>(
    case: PodCase<'n>,
    container: Option<usize>,
    path: &[PathStep],
) -> Vec<NeedObjection<'n>> {
    let keys: Vec<&str> = path.iter().filter_map(|step| step_key(step).ok()).collect();
    let needs: Vec<_> = match container {
        Some(index) => case.needs_of(index).collect(),
        None => case.needs.of_all().collect(),
    };
    let opens_node = keys.iter().any(|key| NODE_FIELDS.contains(key));
    let is_capability = keys.contains(&"capabilities");
    let is_privileged = keys.last() == Some(&"privileged");
    // Who works on the node by design may do so without what only shares its memory, or a port that is opened on it.
    let is_beside = keys.iter().any(|key| ["hostIPC", "hostPort"].contains(key));
    let speaks = |need: &NeedKind| match need {
        NeedKind::NodeAccess => opens_node || is_capability,
        NeedKind::Capability(name) | NeedKind::FileCapability(name) => {
            is_privileged || (is_capability && takes_away(case, container, path, name))
        }
        _ => false,
    };
    let weigh = |need| match is_beside {
        true => NeedObjection::possible(need),
        false => NeedObjection::by_certainty(need),
    };
    let mut found: Vec<_> = needs.into_iter().filter(|need| speaks(&need.kind)).map(weigh).collect();
    found.extend(refusals(case, &keys.join(".")));
    found
}

/// The key of a step, else its index.
const fn step_key(step: &PathStep) -> Result<&str, usize> {
    match step {
        PathStep::Key(key) => Ok(key.as_str()),
        PathStep::Index(index) => Err(*index),
    }
}

/// True where the edit removes this capability from the list of those that are added.
fn takes_away(case: PodCase<'_>, container: Option<usize>, path: &[PathStep], name: &str) -> bool {
    let Some(view) = container.and_then(|index| case.container(index)) else { return false };
    let add = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let at = path.iter().find_map(|step| step_key(step).err());
    add.valid_items()
        .filter(|(nth, _)| at.is_none_or(|at| at == *nth))
        .any(|(_, added)| added == "ALL" || added.trim_start_matches("CAP_") == name)
}

/// The needs by which the platform or the operator refuses a field of the pod spec, or overwrites it.
pub(super) fn refusals<'n>(case: PodCase<'n>, field: &str) -> impl Iterator<Item = NeedObjection<'n>> {
    let refuses = move |kind: &NeedKind| match kind {
        NeedKind::RefusedField(refused) => {
            field.strip_prefix(refused.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }
        _ => false,
    };
    let needs: Vec<_> = case.needs.of_all().filter(|need| refuses(&need.kind)).collect();
    needs.into_iter().map(NeedObjection::by_certainty)
}

/// The same for a field that each container may have for itself.
pub(super) fn container_refusals<'n>(
    case: PodCase<'n>,
    container: usize,
    field: &str,
) -> impl Iterator<Item = NeedObjection<'n>> {
    let refused = format!("containers.{field}");
    let refuses = move |kind: &NeedKind| match kind {
        NeedKind::RefusedField(path) => {
            refused.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }
        _ => false,
    };
    let needs: Vec<_> = case.needs_of(container).filter(|need| refuses(&need.kind)).collect();
    needs.into_iter().map(NeedObjection::by_certainty)
}
