//! Checks how much of the node a container may take, and that its health is probed.

pub(super) mod missing_cpu_limit;
pub(super) mod missing_cpu_request;
pub(super) mod missing_liveness_probe;
pub(super) mod missing_memory_limit;
pub(super) mod missing_memory_request;
pub(super) mod missing_readiness_probe;

use super::{ContainerView, FindingCollector, PodView};
use crate::finding::{Fix, PodEdit, ResourceBound, ResourceName, Safety};
use crate::kubernetes::ContainerRole;
use crate::kubernetes::model::{ProbeHandler, ResourceRequirements};
use crate::settings::ResourceDefaults;
use crate::yaml::Lenient;

/// The rules whose fix writes a default bound.
pub(crate) const BOUND_RULES: [&str; 4] = [
    missing_memory_limit::RULE.id,
    missing_cpu_limit::RULE.id,
    missing_memory_request::RULE.id,
    missing_cpu_request::RULE.id,
];

/// Reports a container that lacks the bound. The pod's own bound counts for all of its containers; a request that is
/// absent beside a limit is that limit (Kubernetes, "Resource Management for Pods and Containers").
fn check_bound(
    view: &ContainerView<'_>,
    bound: ResourceBound,
    resource: ResourceName,
    out: &mut FindingCollector<'_>,
) {
    let defaults = &view.pod.settings.resource_defaults;
    let default = match (bound, resource) {
        (ResourceBound::Limit, ResourceName::Cpu) => &defaults.cpu_limit,
        (ResourceBound::Limit, ResourceName::Memory) => &defaults.memory_limit,
        (ResourceBound::Request, ResourceName::Cpu) => &defaults.cpu_request,
        (ResourceBound::Request, ResourceName::Memory) => &defaults.memory_request,
    };
    if view.is_ephemeral() || default.is_none() {
        return out.mark_not_applicable();
    }
    let levels = [&view.container.model.resources, &view.pod.pod.model.resources];
    let said = levels.map(|resources| bound_state(resources, bound, resource));
    if said.contains(&BoundState::Present) {
        return;
    }
    if said.contains(&BoundState::Unknown) {
        return out.mark_unknown();
    }
    if view.is_part() {
        return out.mark_not_applicable();
    }
    let (what, which) =
        (resource_name(resource), if bound == ResourceBound::Limit { "limit" } else { "request" });
    let caution = match (bound, resource) {
        (ResourceBound::Limit, ResourceName::Memory) => "a program that needs more is killed",
        (ResourceBound::Limit, ResourceName::Cpu) => "a program that wants more is throttled",
        (ResourceBound::Request, _) => "the scheduler needs a node with that much to spare",
    };
    let title = format!("Set the {what} {which}");
    let edit = PodEdit::SetResource { container: view.index, bound, resource };
    let container = view.container.name.as_deref().unwrap_or_default();
    let chosen = view.pod.settings.resource_defaults_of(view.pod.path, &view.pod.object.label(), container);
    // What a program needs is not in these files: the default is a value that is offered, until a person sets it.
    let safety = if chosen == ResourceDefaults::default() { Safety::Value } else { Safety::Review };
    let fix = Fix::new(title, safety, vec![view.pod_edit(edit)]).with_caution(caution);
    out.report(
        view.label_span(),
        format!("container `{}` has no {what} {which}", view.name()),
        Ok(Some(fix)),
    );
}

/// Reports a container that serves and lacks the probe. Programs that run to their end need none: init containers that
/// are no sidecars, and the jobs of whatever kind. No probe is invented: a wrong one kills pods.
fn check_probe(
    view: ContainerView<'_>,
    which: &str,
    probe: &Lenient<Box<ProbeHandler>>,
    out: &mut FindingCollector<'_>,
) {
    let serves = matches!(view.container.role, ContainerRole::Main | ContainerRole::Sidecar);
    if !serves || runs_to_end(view.pod) || (view.is_part() && probe.is_absent()) {
        return out.mark_not_applicable();
    }
    match probe {
        Lenient::Value(_) => {}
        Lenient::Wrong(_) => out.mark_unknown(),
        Lenient::Absent => {
            let message = format!("container `{}` has no {which} probe", view.name());
            out.report(view.label_span(), message, Ok(None));
        }
    }
}

/// The kinds whose pods run to their end although no word of them says so.
const RUN_TO_END_KINDS: [&str; 16] = [
    "AnalysisRun",
    "AnalysisTemplate",
    "ClusterAnalysisTemplate",
    "ClusterTask",
    "ClusterTrainingRuntime",
    "ClusterWorkflowTemplate",
    "CronWorkflow",
    "JobSet",
    "Pipeline",
    "PipelineRun",
    "StepAction",
    "Task",
    "TaskRun",
    "TrainingRuntime",
    "Workflow",
    "WorkflowTemplate",
];

/// True for a pod that is not started again once it has ended well.
fn runs_to_end(view: PodView<'_>) -> bool {
    let policy = &view.pod.model.restart_policy;
    view.object.kind.ends_with("Job")
        || RUN_TO_END_KINDS.contains(&view.object.kind.as_str())
        || policy.is("Never")
        || policy.is("OnFailure")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BoundState {
    Present,
    Absent,
    Unknown,
}

fn bound_state(
    resources: &Lenient<ResourceRequirements>,
    bound: ResourceBound,
    resource: ResourceName,
) -> BoundState {
    let of = |bound| {
        let map =
            resources.map_field(|r| if bound == ResourceBound::Limit { &r.limits } else { &r.requests });
        match map.map_field(|map| map.get(resource_name(resource)).unwrap_or(&Lenient::Absent)) {
            Lenient::Value(quantity) if quantity.amount().is_some() => BoundState::Present,
            Lenient::Value(_) | Lenient::Wrong(_) => BoundState::Unknown,
            Lenient::Absent => BoundState::Absent,
        }
    };
    match of(bound) {
        BoundState::Absent if bound == ResourceBound::Request => of(ResourceBound::Limit),
        said => said,
    }
}

/// The API's name of a resource.
pub(crate) const fn resource_name(resource: ResourceName) -> &'static str {
    match resource {
        ResourceName::Cpu => "cpu",
        ResourceName::Memory => "memory",
    }
}

/// The rules that the settings turn off by giving no bound.
pub(crate) fn rules_without_bound(defaults: &ResourceDefaults) -> Vec<&'static str> {
    let bounds = [
        (missing_cpu_limit::RULE.id, &defaults.cpu_limit),
        (missing_memory_limit::RULE.id, &defaults.memory_limit),
        (missing_cpu_request::RULE.id, &defaults.cpu_request),
        (missing_memory_request::RULE.id, &defaults.memory_request),
    ];
    bounds.into_iter().filter(|(_, bound)| bound.is_none()).map(|(rule, _)| rule).collect()
}
