//! Reports a container that has all of the node's powers (`privileged-container`).

use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "privileged-container",
    severity: Severity::Critical,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("privileged-container"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, baseline, "Privileged Containers".
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let privileged = view.own_context(|context| &context.privileged);
    if privileged.is_wrong() {
        return out.mark_unknown();
    }
    if privileged.is(&true) {
        let at = view.field_span(&["securityContext", "privileged"]).unwrap_or(view.label_span());
        let edit = view.pod.set_edit(Some(view.index), path!["securityContext", "privileged"], false);
        let fix = Fix::new("Set `privileged` to false", Safety::Review, vec![edit]);
        let caution = "a program that works on the node itself, its devices or its kernel, no longer can";
        out.report(at, "a privileged container is root on its node", Ok(Some(fix.with_caution(caution))));
    }
}
