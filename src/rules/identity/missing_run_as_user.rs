//! Reports a manifest that sets no user for a container (`missing-run-as-user`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-run-as-user",
    severity: Severity::Medium,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-run-as-user"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let in_effect = view.pod.pod.run_as_user(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() || view.is_part() {
        return out.mark_not_applicable();
    }
    if in_effect.is_unknown() {
        return out.mark_unknown();
    }
    if in_effect.get().is_none() {
        let fix = Fix::new(
            "Set `runAsUser`",
            Safety::Review,
            vec![view.pod_edit(PodEdit::RunAsUser { container: view.index })],
        );
        let message = format!("container `{}` runs as whichever user its image names", view.name());
        out.report(
            view.label_span(),
            message,
            Ok(Some(fix.with_caution("files that only the image's user may read are closed to another"))),
        );
    }
}
