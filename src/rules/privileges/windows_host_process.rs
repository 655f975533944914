//! Reports a Windows container that is a process of the node itself (`windows-host-process`).

use super::{HostProcessPlace, find_host_processes, host_process_of_container, host_process_of_pod};
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};

pub(crate) static RULE: Rule = Rule {
    id: "windows-host-process",
    severity: Severity::Critical,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("windows-host-process"),
    checks: &[RuleCheck::Pod(check_pod), RuleCheck::Container(check_container)],
};

/// Pod Security Standards, baseline, "HostProcess".
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let own = view.pod.model.security_context.map_field(|context| &context.windows_options);
    if own.map_field(|options| &options.host_process).is_wrong() {
        return out.mark_unknown();
    }
    report_place(*view, host_process_of_pod(*view), out);
}

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let own = view.own_context(|context| &context.windows_options);
    if own.map_field(|options| &options.host_process).is_wrong() {
        return out.mark_unknown();
    }
    report_place(view.pod, host_process_of_container(view), out);
}

/// A pod without settings for Windows is not concerned. All containers of a pod are host processes or none is, so every
/// place that sets it changes at once.
fn report_place(view: PodView<'_>, own: Option<HostProcessPlace>, out: &mut FindingCollector<'_>) {
    let Some(HostProcessPlace { span, edit }) = own else {
        if !view.is_windows() {
            out.mark_not_applicable();
        }
        return;
    };
    let mut edits: Vec<_> = find_host_processes(view).into_iter().map(|place| place.edit).collect();
    if !edits.contains(&edit) {
        edits.push(edit);
    }
    let fix = Fix::new("Set `hostProcess` to false", Safety::Review, edits);
    let caution = "a program that manages the node no longer can";
    out.report(
        span,
        "a HostProcess container runs on the node itself, with no isolation",
        Ok(Some(fix.with_caution(caution))),
    );
}
