//! Weighs bounds of resources: a limit that the program is known to need more than, and who else sets them.

use super::field_risks::container_refusals;
use super::{NeedObjection, PodCase};
use crate::finding::{ResourceBound, ResourceName};
use crate::needs::NeedKind;

/// The needs that speak against a default bound; the bound that is written is raised to them.
pub(super) fn against_bound<'n>(
    case: PodCase<'n>,
    container: usize,
    bound: ResourceBound,
    resource: ResourceName,
) -> Vec<NeedObjection<'n>> {
    let is_of_resource = |kind: &NeedKind| match resource {
        ResourceName::Memory => matches!(kind, NeedKind::Memory(_)),
        ResourceName::Cpu => matches!(kind, NeedKind::Processor(_)),
    };
    let needs = case.needs_of(container).filter(|need| is_of_resource(&need.kind));
    let needs = needs.filter(|_| bound == ResourceBound::Limit).map(NeedObjection::possible);
    needs.chain(container_refusals(case, container, "resources")).collect()
}
