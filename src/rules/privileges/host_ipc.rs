//! Reports a pod that shares the node's memory segments and message queues (`host-ipc`).

use super::check_host_namespace;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "host-ipc",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-ipc"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, baseline, "Host Namespaces". Windows has no such thing.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_windows() {
        return out.mark_not_applicable();
    }
    let message = "`hostIPC` is true: the pod shares memory and queues with every process of its node";
    let caution = "a program that shares memory with one on the node no longer finds it";
    check_host_namespace(*view, "hostIPC", &view.pod.model.host_ipc, (message, caution), Vec::new(), out);
}
