//! `missing-run-as-group`: the container's group is the image's, or root's.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-run-as-group",
    severity: Severity::Medium,
    theme: Theme::Identity,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-run-as-group"),
    checks: &[Check::Container(container)],
};

/// Without `runAsGroup` the primary group is the image's; a `runAsUser` without an account has group 0.
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    let in_effect = view.pod.pod.run_as_group(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() {
        return out.silent();
    }
    let message = match in_effect.get() {
        Some(0) => "`runAsGroup` is 0, which is root's group".to_owned(),
        Some(_) => return,
        None if in_effect.is_unknown() => return out.unknown(),
        None if view.pod.patch => return out.silent(),
        None => format!("container `{}` runs in its image's group, or in root's", view.name()),
    };
    let sharing = view.sharing(|pod, container| pod.run_as_group(container).from);
    let intents = sharing.map(|container| view.intent(Want::Group { container })).collect();
    let remedy = Remedy::change("Set `runAsGroup`", Safety::Review, intents);
    let remedy = remedy.but("files that only the image's group may read are closed to another");
    out.report_at(view.at(in_effect.from, in_effect.span), message, remedy);
}
