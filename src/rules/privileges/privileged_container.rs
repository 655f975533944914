//! `privileged-container`: the container has all of the node's powers.

use crate::finding::{Remedy, Safety, Severity};
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "privileged-container",
    severity: Severity::Critical,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("privileged-container"),
    checks: &[Check::Container(container)],
};

/// Pod Security Standards, baseline, "Privileged Containers".
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    if view.pod.is_windows() {
        return out.silent();
    }
    let privileged = view.own_context(|context| &context.privileged);
    if privileged.is_wrong() {
        return out.unknown();
    }
    if privileged.is(&true) {
        let at = view.span_of(&["securityContext", "privileged"]).unwrap_or(view.place());
        let intent = view.pod.set(Some(view.index), path!["securityContext", "privileged"], false);
        let remedy = Remedy::change("Set `privileged` to false", Safety::Review, vec![intent]);
        let caution = "a program that works on the node itself, its devices or its kernel, no longer can";
        out.report(at, "a privileged container is root on its node", remedy.but(caution));
    }
}
