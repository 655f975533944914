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
    seen.typed("container $ cd /sys/fs/cgroup; cat cpu.max memory.max");
    match cpu {
        Some(cores) => seen.printed(format!("{:.0} {PERIOD:.0}", cores * PERIOD)),
        None => seen.printed(format!("max {PERIOD:.0}")),
    }
    seen.printed(memory.map_or_else(|| "max".to_owned(), |bytes| format!("{bytes:.0}")));
    let cpu = cpu.map_or_else(
        || "It may take every core of the node".to_owned(),
        |cores| {
            format!(
                "After {} ms of cpu time in each 100 ms it waits for the next (throttled)",
                (cores * 1000.0).round() / 10.0
            )
        },
    );
    let memory = bounds.memory_limit.as_ref().map_or_else(
        || "all of its memory".to_owned(),
        |limit| format!("at {limit} the OOM killer ends it: `OOMKilled`, exit code 137"),
    );
    seen.note(if bounds.memory_limit.is_some() || cpu.starts_with("After") {
        format!("{cpu}; {memory}.")
    } else {
        format!("{cpu}, and {memory}.")
    });
    seen.note(format!("Quality of service, by these bounds: {}.", bounds.class()));
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

    /// The class that the kubelet would give a pod of this container alone. Without a request of its own a limit is
    /// the request.
    fn class(&self) -> &'static str {
        let all = [&self.cpu_limit, &self.memory_limit, &self.cpu_request, &self.memory_request];
        let equal = |request: &Option<String>, limit: &Option<String>| {
            limit.is_some() && (request.is_none() || request == limit)
        };
        if all.iter().all(|bound| bound.is_none()) {
            "BestEffort, the first to go when the node runs short"
        } else if equal(&self.cpu_request, &self.cpu_limit) && equal(&self.memory_request, &self.memory_limit)
        {
            "Guaranteed, the last to go"
        } else {
            "Burstable, safe as long as it stays below its request"
        }
    }
}
