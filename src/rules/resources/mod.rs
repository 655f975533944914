//! Checks how much of the node a container may take, and that its health is probed.

pub(super) mod missing_cpu_limit;
pub(super) mod missing_cpu_request;
pub(super) mod missing_liveness_probe;
pub(super) mod missing_memory_limit;
pub(super) mod missing_memory_request;
pub(super) mod missing_readiness_probe;

use super::{ContainerView, FindingCollector};
use crate::finding::{Bound, Quantity, Remedy, Safety, Want};
use crate::kubernetes::ContainerRole;
use crate::kubernetes::model::{ProbeHandler, ResourceRequirements};
use crate::yaml::Lenient;

/// Reports a container that lacks the bound. The pod's own bound counts for all of its containers; a request that is
/// absent beside a limit is that limit (Kubernetes, "Resource Management for Pods and Containers").
fn check_bound(view: &ContainerView<'_>, bound: Bound, quantity: Quantity, out: &mut FindingCollector<'_>) {
    let defaults = &view.pod.settings.resource_defaults;
    let default = match (bound, quantity) {
        (Bound::Limit, Quantity::Cpu) => &defaults.cpu_limit,
        (Bound::Limit, Quantity::Memory) => &defaults.memory_limit,
        (Bound::Request, Quantity::Cpu) => &defaults.cpu_request,
        (Bound::Request, Quantity::Memory) => &defaults.memory_request,
    };
    if view.is_ephemeral() || default.is_none() {
        return out.mark_not_applicable();
    }
    let levels = [&view.container.model.resources, &view.pod.pod.model.resources];
    let said = levels.map(|resources| bound_state(resources, bound, quantity));
    if said.contains(&BoundState::Present) {
        return;
    }
    if said.contains(&BoundState::Unknown) {
        return out.mark_unknown();
    }
    if view.pod.is_patch {
        return out.mark_not_applicable();
    }
    let (what, which) = (resource_name(quantity), if bound == Bound::Limit { "limit" } else { "request" });
    let caution = match (bound, quantity) {
        (Bound::Limit, Quantity::Memory) => "a program that needs more is killed",
        (Bound::Limit, Quantity::Cpu) => "a program that wants more is throttled",
        (Bound::Request, _) => "the scheduler needs a node with that much to spare",
    };
    let title = format!("Set the {what} {which}");
    let want = Want::Resource { container: view.index, bound, quantity };
    let remedy = Remedy::change(title, Safety::Review, vec![view.pod_edit(want)]).but(caution);
    out.report(view.label_span(), format!("container `{}` has no {what} {which}", view.name()), remedy);
}

/// Reports a container that serves and lacks the probe. Programs that run to their end need none: init containers that
/// are no sidecars, and the jobs of whatever kind. No probe is invented: a wrong one kills pods.
fn check_probe(
    view: ContainerView<'_>,
    which: &str,
    probe: &Lenient<ProbeHandler>,
    out: &mut FindingCollector<'_>,
) {
    let serves = matches!(view.container.role, ContainerRole::Main | ContainerRole::Sidecar);
    if !serves || view.pod.object.kind.ends_with("Job") || (view.pod.is_patch && probe.is_absent()) {
        return out.mark_not_applicable();
    }
    match probe {
        Lenient::Value(_) => {}
        Lenient::Wrong(_) => out.mark_unknown(),
        Lenient::Absent => {
            let message = format!("container `{}` has no {which} probe", view.name());
            out.report(view.label_span(), message, Remedy::None);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BoundState {
    Present,
    Absent,
    Unknown,
}

fn bound_state(resources: &Lenient<ResourceRequirements>, bound: Bound, quantity: Quantity) -> BoundState {
    let of = |bound| {
        let map = resources.map_field(|r| if bound == Bound::Limit { &r.limits } else { &r.requests });
        match map.map_field(|map| map.get(resource_name(quantity)).unwrap_or(&Lenient::Absent)) {
            Lenient::Value(quantity) if quantity.amount().is_some() => BoundState::Present,
            Lenient::Value(_) | Lenient::Wrong(_) => BoundState::Unknown,
            Lenient::Absent => BoundState::Absent,
        }
    };
    match of(bound) {
        BoundState::Absent if bound == Bound::Request => of(Bound::Limit),
        said => said,
    }
}

/// The API's name of a resource.
pub(crate) const fn resource_name(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Cpu => "cpu",
        Quantity::Memory => "memory",
    }
}
