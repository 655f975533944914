//! Reports a pod that sees the node's processes (`host-pid`).

use super::check_host_namespace;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "host-pid",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-pid"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, baseline, "Host Namespaces". Windows has no such thing.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_windows() {
        return out.mark_not_applicable();
    }
    let message =
        "`hostPID` is true: the pod sees every process of its node, and may signal those of its user";
    let caution = "a program that watches the node's processes sees only its own";
    check_host_namespace(*view, "hostPID", &view.pod.model.host_pid, (message, caution), Vec::new(), out);
}
