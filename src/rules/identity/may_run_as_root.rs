//! Reports a container that nothing stops from running as root (`may-run-as-root`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "may-run-as-root",
    severity: Severity::High,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("may-run-as-root"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, restricted, "Running as Non-root": `runAsNonRoot` must be true in effect; a `runAsUser`
/// alone is not enough. `hostUsers: false` relaxes it (Kubernetes 1.35).
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let in_effect = view.pod.pod.run_as_non_root(view.container);
    if view.pod.has_own_users() {
        return out.mark_not_applicable();
    }
    match in_effect.get() {
        Some(true) => return,
        None if in_effect.is_unknown() => return out.mark_unknown(),
        None if view.is_part() => return out.mark_not_applicable(),
        _ => {}
    }
    let message = match in_effect.get() {
        Some(false) => "`runAsNonRoot` is false: this container may run as root".to_owned(),
        _ => format!("nothing stops container `{}` from running as root", view.name()),
    };
    let sharing = view.containers_inheriting(|pod, container| pod.run_as_non_root(container).level);
    let edits = sharing.map(|container| view.pod_edit(PodEdit::RunAsNonRoot { container })).collect();
    let fix = Fix::new("Set `runAsNonRoot` to true", Safety::Review, edits);
    out.report_at(
        view.locate_value(in_effect.level, in_effect.span),
        message,
        Ok(Some(fix.with_caution("a program that needs root no longer starts"))),
    );
}
