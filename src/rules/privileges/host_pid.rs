//! `host-pid`: the pod sees the node's processes.

use super::host_namespace;
use crate::finding::Severity;
use crate::rules::rule::page;
use crate::rules::{Check, Findings, PodView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "host-pid",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-pid"),
    checks: &[Check::Pod(pod)],
};

/// Pod Security Standards, baseline, "Host Namespaces". Windows has no such thing.
fn pod(view: &PodView<'_>, out: &mut Findings<'_>) {
    if view.is_windows() {
        return out.silent();
    }
    let message =
        "`hostPID` is true: the pod sees every process of its node, and may signal those of its user";
    let caution = "a program that watches the node's processes sees only its own";
    host_namespace(*view, "hostPID", &view.pod.model.host_pid, (message, caution), Vec::new(), out);
}
