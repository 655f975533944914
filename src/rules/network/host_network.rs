//! Reports a pod that uses the node's own network (`host-network`).

use super::super::privileges::{check_host_namespace, find_host_processes};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "host-network",
    severity: Severity::High,
    theme: RuleTheme::Network,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-network"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, baseline, "Host Namespaces". A Windows HostProcess container cannot be without the node's
/// network, so it stops being one with it.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let message =
        "`hostNetwork` is true: the pod has its node's addresses, and hears what only the node should";
    let caution = "whoever reaches the program by the node's address no longer does; it needs a Service";
    let others = find_host_processes(*view).into_iter().map(|place| place.edit).collect();
    check_host_namespace(*view, "hostNetwork", &view.pod.model.host_network, (message, caution), others, out);
}
