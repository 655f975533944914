//! How much of the node a container may take, and whether anybody asks how it is.

pub(super) mod missing_cpu_limit;
pub(super) mod missing_cpu_request;
pub(super) mod missing_liveness_probe;
pub(super) mod missing_memory_limit;
pub(super) mod missing_memory_request;
pub(super) mod missing_readiness_probe;

use super::{ContainerView, Findings};
use crate::finding::{Bound, Quantity, Remedy, Safety, Want};
use crate::manifest::Role;
use crate::manifest::model::{Handler, Lenient, Resources};

/// Reports a container that lacks the bound. What the pod says for all of its containers counts; a request that is
/// absent beside a limit is that limit (Kubernetes, "Resource Management for Pods and Containers").
fn lacks(view: &ContainerView<'_>, bound: Bound, quantity: Quantity, out: &mut Findings<'_>) {
    let defaults = &view.pod.settings.resources;
    let default = match (bound, quantity) {
        (Bound::Limit, Quantity::Cpu) => &defaults.cpu_limit,
        (Bound::Limit, Quantity::Memory) => &defaults.memory_limit,
        (Bound::Request, Quantity::Cpu) => &defaults.cpu_request,
        (Bound::Request, Quantity::Memory) => &defaults.memory_request,
    };
    if view.is_ephemeral() || default.is_none() {
        return out.silent();
    }
    let levels = [&view.container.model.resources, &view.pod.pod.model.resources];
    let said = levels.map(|resources| says(resources, bound, quantity));
    if said.contains(&Said::Yes) {
        return;
    }
    if said.contains(&Said::Unclear) {
        return out.unknown();
    }
    if view.pod.patch {
        return out.silent();
    }
    let (what, which) = (name(quantity), if bound == Bound::Limit { "limit" } else { "request" });
    let caution = match (bound, quantity) {
        (Bound::Limit, Quantity::Memory) => "a program that needs more is killed",
        (Bound::Limit, Quantity::Cpu) => "a program that wants more is throttled",
        (Bound::Request, _) => "the scheduler needs a node with that much to spare",
    };
    let title = format!("Set the {what} {which}");
    let want = Want::Resource { container: view.index, bound, quantity };
    let remedy = Remedy::change(title, Safety::Review, vec![view.intent(want)]).but(caution);
    out.report(view.place(), format!("container `{}` has no {what} {which}", view.name()), remedy);
}

/// Reports a container that serves and lacks the probe. What runs to its end is not asked: init containers that are no
/// sidecars, and the jobs of whatever kind. No probe is invented: a wrong one kills pods.
fn lacks_probe(view: ContainerView<'_>, which: &str, probe: &Lenient<Handler>, out: &mut Findings<'_>) {
    let serves = matches!(view.container.role, Role::Main | Role::Sidecar);
    if !serves || view.pod.object.kind.ends_with("Job") || (view.pod.patch && probe.is_absent()) {
        return out.silent();
    }
    match probe {
        Lenient::Value(_) => {}
        Lenient::Wrong(_) => out.unknown(),
        Lenient::Absent => {
            let message = format!("container `{}` has no {which} probe", view.name());
            out.report(view.place(), message, Remedy::None);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Unclear,
}

fn says(resources: &Lenient<Resources>, bound: Bound, quantity: Quantity) -> Said {
    let of = |bound| {
        let map = resources.field(|r| if bound == Bound::Limit { &r.limits } else { &r.requests });
        match map.field(|map| map.get(name(quantity)).unwrap_or(&Lenient::Absent)) {
            Lenient::Value(quantity) if quantity.amount().is_some() => Said::Yes,
            Lenient::Value(_) | Lenient::Wrong(_) => Said::Unclear,
            Lenient::Absent => Said::No,
        }
    };
    match of(bound) {
        Said::No if bound == Bound::Request => of(Bound::Limit),
        said => said,
    }
}

/// The API's name of a resource.
pub(crate) const fn name(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Cpu => "cpu",
        Quantity::Memory => "memory",
    }
}
