//! `missing-run-as-user`: the manifest does not say as whom the container runs.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-run-as-user",
    severity: Severity::Medium,
    theme: Theme::Identity,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-run-as-user"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    let in_effect = view.pod.pod.run_as_user(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() || view.pod.patch {
        return out.silent();
    }
    if in_effect.is_unknown() {
        return out.unknown();
    }
    if in_effect.get().is_none() {
        let remedy = Remedy::change(
            "Set `runAsUser`",
            Safety::Review,
            vec![view.intent(Want::User { container: view.index })],
        );
        let message = format!("container `{}` runs as whichever user its image names", view.name());
        out.report(
            view.place(),
            message,
            remedy.but("files that only the image's user may read are closed to another"),
        );
    }
}
