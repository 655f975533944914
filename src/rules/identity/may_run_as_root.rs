//! `may-run-as-root`: nothing stops the container from running as root.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "may-run-as-root",
    severity: Severity::High,
    theme: Theme::Identity,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("may-run-as-root"),
    checks: &[Check::Container(container)],
};

/// Pod Security Standards, restricted, "Running as Non-root": `runAsNonRoot` must be true in effect; a `runAsUser`
/// alone is not enough. `hostUsers: false` relaxes it (Kubernetes 1.35).
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    let in_effect = view.pod.pod.run_as_non_root(view.container);
    if view.pod.has_own_users() {
        return out.silent();
    }
    match in_effect.get() {
        Some(true) => return,
        None if in_effect.is_unknown() => return out.unknown(),
        None if view.pod.patch => return out.silent(),
        _ => {}
    }
    let message = match in_effect.get() {
        Some(false) => "`runAsNonRoot` is false: this container may run as root".to_owned(),
        _ => format!("nothing stops container `{}` from running as root", view.name()),
    };
    let sharing = view.sharing(|pod, container| pod.run_as_non_root(container).from);
    let intents = sharing.map(|container| view.intent(Want::NonRoot { container })).collect();
    let remedy = Remedy::change("Set `runAsNonRoot` to true", Safety::Review, intents);
    out.report_at(
        view.at(in_effect.from, in_effect.span),
        message,
        remedy.but("a program that needs root no longer starts"),
    );
}
