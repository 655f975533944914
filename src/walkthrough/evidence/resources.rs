//! What the kernel does at the limits: throttling, the OOM killer, and who goes first when the node is short.

use super::Seen;
use crate::finding::Bound;
use crate::manifest::model::{Lenient, Quantity};
use crate::rules::ContainerView;
use crate::settings::Resources;
use crate::walkthrough::scene::Scene;

/// The period over which the kernel counts cpu time, in microseconds (Linux, cgroup v2, `cpu.max`; the kubelet's
/// default).
const PERIOD: f64 = 100_000.0;

/// A container's bounds, as they are or as they would be.
struct Bounds {
    cpu_limit: Option<String>,
    memory_limit: Option<String>,
    cpu_request: Option<String>,
    memory_request: Option<String>,
}

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let Some(main) = scene.main() else { return };
    let bounds = Bounds::of(main);
    seen.now();
    kernel(seen, &bounds);
    if seen.then() {
        let view = main.pod;
        let defaults = view.settings.resources_of(view.path, &view.object.label());
        kernel(seen, &bounds.or(defaults));
    }
}

fn kernel(seen: &mut Seen, bounds: &Bounds) {
    let amount = |text: &Option<String>| text.as_deref().and_then(|text| Quantity::from(text).amount());
    let (cpu, memory) = (amount(&bounds.cpu_limit), amount(&bounds.memory_limit));
    seen.typed("cgroup $ cat cpu.max memory.max");
    match cpu {
        Some(cores) => seen.printed(format!("{:.0} {PERIOD:.0}", cores * PERIOD)),
        None => seen.printed(format!("max {PERIOD:.0}")),
    }
    seen.printed(memory.map_or_else(|| "max".to_owned(), |bytes| format!("{bytes:.0}")));
    let waits = cpu.map(|cores| {
        let share = (cores * 1000.0).round() / 10.0;
        format!("After {share} ms of each 100 ms it waits (throttled)")
    });
    let ends = bounds.memory_limit.as_ref();
    let ends = ends.map(|limit| format!("at {limit} the kernel ends it (`OOMKilled`, exit code 137)"));
    seen.note(match (waits, ends) {
        (None, None) => "It may take every core of the node, and all of its memory.".to_owned(),
        (Some(waits), None) => format!("{waits}; it may take all of the node's memory."),
        (None, Some(ends)) => format!("It may take every core of the node; {ends}."),
        (Some(waits), Some(ends)) => format!("{waits}; {ends}."),
    });
    seen.note(format!("{}.", bounds.class()));
}

impl Bounds {
    fn of(main: ContainerView<'_>) -> Self {
        let resources = &main.container.model.resources;
        let bound = |bound, name: &str| {
            let map = resources.field(|r| if bound == Bound::Limit { &r.limits } else { &r.requests });
            let amount = map.field(|map| map.get(name).unwrap_or(&Lenient::Absent));
            amount.get().map(Quantity::to_string)
        };
        Self {
            cpu_limit: bound(Bound::Limit, "cpu"),
            memory_limit: bound(Bound::Limit, "memory"),
            cpu_request: bound(Bound::Request, "cpu"),
            memory_request: bound(Bound::Request, "memory"),
        }
    }

    fn or(self, defaults: &Resources) -> Self {
        Self {
            cpu_limit: self.cpu_limit.or_else(|| defaults.cpu_limit.clone()),
            memory_limit: self.memory_limit.or_else(|| defaults.memory_limit.clone()),
            cpu_request: self.cpu_request.or_else(|| defaults.cpu_request.clone()),
            memory_request: self.memory_request.or_else(|| defaults.memory_request.clone()),
        }
    }

    /// What the class means that the kubelet would give a pod of this container alone. Without a request of its own a limit is
    /// the request.
    fn class(&self) -> &'static str {
        let all = [&self.cpu_limit, &self.memory_limit, &self.cpu_request, &self.memory_request];
        let equal = |request: &Option<String>, limit: &Option<String>| {
            limit.is_some() && (request.is_none() || request == limit)
        };
        if all.iter().all(|bound| bound.is_none()) {
            "When the node runs short it is the first to go (class BestEffort)"
        } else if equal(&self.cpu_request, &self.cpu_limit) && equal(&self.memory_request, &self.memory_limit)
        {
            "When the node runs short it is the last to go (class Guaranteed)"
        } else {
            "When the node runs short it is safe below its request (class Burstable)"
        }
    }
}
