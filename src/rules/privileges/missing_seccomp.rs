//! Reports a program to which every system call of the kernel is open (`missing-seccomp`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-seccomp",
    severity: Severity::Medium,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-seccomp"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, restricted, "Seccomp": a profile must be set, by the container or its pod; Windows pods are
/// exempt. The annotations of before Kubernetes 1.19 no longer count.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let in_effect = view.pod.pod.seccomp_type(view.container);
    if view.pod.is_windows() || view.is_part() && in_effect.value.is_absent() {
        return out.mark_not_applicable();
    }
    if in_effect.is_unknown() {
        return out.mark_unknown();
    }
    if in_effect.value.is_absent() {
        let edits = vec![view.pod_edit(PodEdit::DefaultSeccomp { container: view.index })];
        let fix = Fix::new("Set the seccomp profile to `RuntimeDefault`", Safety::Safe, edits);
        // The runtime gives a privileged container none, whatever is set.
        let privileged = view.container.model.security_context.map_field(|context| &context.privileged);
        let is_idle = privileged.get() == Some(&true);
        let idle = if is_idle { ", and gets none while it is privileged" } else { "" };
        out.report(
            view.label_span(),
            format!("container `{}` has no seccomp profile{idle}", view.name()),
            Ok(Some(fix)),
        );
    }
}
