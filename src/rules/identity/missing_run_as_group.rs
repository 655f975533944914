//! Reports a container whose group is the image's, or root's (`missing-run-as-group`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-run-as-group",
    severity: Severity::Medium,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-run-as-group"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Without `runAsGroup` the primary group is the image's; a `runAsUser` without an account has group 0.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let in_effect = view.pod.pod.run_as_group(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() {
        return out.mark_not_applicable();
    }
    let message = match in_effect.get() {
        Some(0) => "`runAsGroup` is 0, which is root's group".to_owned(),
        Some(_) => return,
        None if in_effect.is_unknown() => return out.mark_unknown(),
        None if view.is_part() => return out.mark_not_applicable(),
        None => format!("container `{}` runs in its image's group, or in root's", view.name()),
    };
    let sharing = view.containers_inheriting(|pod, container| pod.run_as_group(container).level);
    let edits = sharing.map(|container| view.pod_edit(PodEdit::RunAsGroup { container })).collect();
    let fix = Fix::new("Set `runAsGroup`", Safety::Review, edits);
    let fix = fix.with_caution("files that only the image's group may read are closed to another");
    out.report_at(view.locate_value(in_effect.level, in_effect.span), message, Ok(Some(fix)));
}
