//! `host-ipc`: the pod shares the node's memory segments and message queues.

use super::host_namespace;
use crate::finding::Severity;
use crate::rules::rule::page;
use crate::rules::{Check, Findings, PodView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "host-ipc",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-ipc"),
    checks: &[Check::Pod(pod)],
};

/// Pod Security Standards, baseline, "Host Namespaces". Windows has no such thing.
fn pod(view: &PodView<'_>, out: &mut Findings<'_>) {
    if view.is_windows() {
        return out.silent();
    }
    let message = "`hostIPC` is true: the pod shares memory and queues with every process of its node";
    let caution = "a program that shares memory with one on the node no longer finds it";
    host_namespace(*view, "hostIPC", &view.pod.model.host_ipc, (message, caution), Vec::new(), out);
}
