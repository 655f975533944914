//! Shows what the kernel does at the limits: throttling, the OOM killer, and its order when the node is short.

use super::EvidenceWriter;
use crate::finding::ResourceBound;
use crate::kubernetes::model::Quantity;
use crate::rules::ContainerView;
use crate::settings::ResourceDefaults;
use crate::walkthrough::walk_context::WalkContext;
use crate::yaml::Lenient;

/// The period over which the kernel counts cpu time, in microseconds (Linux, cgroup v2, `cpu.max`; the kubelet's
/// default).
const CPU_PERIOD_MICROS: f64 = 100_000.0;

/// A container's bounds, as they are or as they would be.
struct ContainerBounds {
    cpu_limit: Option<String>,
    memory_limit: Option<String>,
    cpu_request: Option<String>,
    memory_request: Option<String>,
}

pub(super) fn show_resources(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let Some(main) = scene.main_container() else { return };
    let bounds = ContainerBounds::from_container(main);
    seen.begin_now();
    let command = kernel_command(scene);
    show_kernel_limits(seen, command, &bounds);
    if seen.begin_after() {
        let view = main.pod;
        let container = main.container.name.as_deref().unwrap_or_default();
        let defaults = view.settings.resource_defaults_of(view.path, &view.object.label(), container);
        show_kernel_limits(seen, command, &bounds.with_defaults(&defaults));
    }
}

/// The command that shows the container's control group: in the container, else in the group's folder on the node.
fn kernel_command(scene: &WalkContext<'_>) -> &'static str {
    if scene.image_tools().are_known() {
        "container $ cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/memory.max"
    } else {
        "node:/sys/fs/cgroup/… $ cat cpu.max memory.max"
    }
}

fn show_kernel_limits(seen: &mut EvidenceWriter, command: &str, bounds: &ContainerBounds) {
    let amount = |text: &Option<String>| text.as_deref().and_then(|text| Quantity::from(text).amount());
    let (cpu, memory) = (amount(&bounds.cpu_limit), amount(&bounds.memory_limit));
    seen.push_command(command);
    match cpu {
        Some(cores) => seen.push_output(format!("{:.0} {CPU_PERIOD_MICROS:.0}", cores * CPU_PERIOD_MICROS)),
        None => seen.push_output(format!("max {CPU_PERIOD_MICROS:.0}")),
    }
    seen.push_output(memory.map_or_else(|| "max".to_owned(), |bytes| format!("{bytes:.0}")));
    let waits = cpu.map(|cores| {
        let share = (cores * 1000.0).round() / 10.0;
        format!("After {share} ms of each 100 ms it waits (throttled)")
    });
    let ends = bounds.memory_limit.as_ref();
    let ends = ends.map(|limit| format!("at {limit} the kernel ends it (`OOMKilled`, exit code 137)"));
    seen.push_note(match (waits, ends) {
        (None, None) => "It may take every core of the node, and all of its memory.".to_owned(),
        (Some(waits), None) => format!("{waits}; it may take all of the node's memory."),
        (None, Some(ends)) => format!("It may take every core of the node; {ends}."),
        (Some(waits), Some(ends)) => format!("{waits}; {ends}."),
    });
    seen.push_note(format!("{}.", bounds.describe_qos_class()));
}

impl ContainerBounds {
    fn from_container(main: ContainerView<'_>) -> Self {
        let resources = &main.container.model.resources;
        let bound = |bound, name: &str| {
            let map =
                resources.map_field(|r| if bound == ResourceBound::Limit { &r.limits } else { &r.requests });
            let amount = map.map_field(|map| map.get(name).unwrap_or(&Lenient::Absent));
            amount.get().map(Quantity::to_string)
        };
        Self {
            cpu_limit: bound(ResourceBound::Limit, "cpu"),
            memory_limit: bound(ResourceBound::Limit, "memory"),
            cpu_request: bound(ResourceBound::Request, "cpu"),
            memory_request: bound(ResourceBound::Request, "memory"),
        }
    }

    fn with_defaults(self, defaults: &ResourceDefaults) -> Self {
        Self {
            cpu_limit: self.cpu_limit.or_else(|| defaults.cpu_limit.clone()),
            memory_limit: self.memory_limit.or_else(|| defaults.memory_limit.clone()),
            cpu_request: self.cpu_request.or_else(|| defaults.cpu_request.clone()),
            memory_request: self.memory_request.or_else(|| defaults.memory_request.clone()),
        }
    }

    /// The meaning of the class that the kubelet would give a pod of this container alone. Without a request of its own
    /// a limit is the request.
    fn describe_qos_class(&self) -> &'static str {
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
