//! Selects the capabilities that a container keeps when all others are dropped.
//!
//! Source: capabilities(7) and Kubernetes: an added capability reaches a process that stays uid 0, or a file that carries
//! it, when it is in the bounding set; a process that is not root gets none.

use std::collections::BTreeSet;

use super::PodCase;
use super::identity_risks::LOW_PORT_CAPABILITY;
use crate::kubernetes::DEFAULT_CAPABILITIES;
use crate::needs::NeedKind;
use crate::rules::ContainerView;

/// The capabilities that the container needs and does not add yet, in their order. `leaves_root`: the same plan gives it
/// another user than root.
pub(in crate::fix) fn capabilities_to_keep(
    case: PodCase<'_>,
    view: ContainerView<'_>,
    leaves_root: bool,
) -> BTreeSet<String> {
    let pod = view.pod.pod;
    let is_other = pod.run_as_user(view.container).get().is_some_and(|uid| *uid > 0)
        || pod.run_as_non_root(view.container).get() == Some(&true);
    let is_root = !leaves_root && !is_other;
    let needed = case.needs_of(view.index).filter_map(|need| match &need.kind {
        NeedKind::FileCapability(name) => Some(name.as_str()),
        NeedKind::Capability(name) if is_root => Some(name.as_str()),
        NeedKind::LowPort(_) if is_root => Some(LOW_PORT_CAPABILITY),
        _ => None,
    });
    let add = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let is_added = |name: &str| {
        add.valid_items().any(|(_, added)| added == "ALL" || added.trim_start_matches("CAP_") == name)
    };
    let kept = needed.filter(|name| DEFAULT_CAPABILITIES.contains(name) && !is_added(name));
    kept.map(str::to_owned).collect()
}

/// True where it is known which capabilities the program takes as root.
pub(super) fn knows_root_capabilities(case: PodCase<'_>, container: usize) -> bool {
    case.has_need(container, |kind| matches!(kind, NeedKind::Capability(_)))
}
