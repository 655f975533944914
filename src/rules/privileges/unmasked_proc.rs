//! Reports a container that sees what the runtime hides of /proc (`unmasked-proc`).

use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "unmasked-proc",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unmasked-proc"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, "/proc Mount Type": baseline allows it to a pod with users of its own (since 1.35),
/// restricted to none.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let mount = view.own_context(|context| &context.proc_mount);
    let Some(kind) = mount.get().filter(|kind| *kind != "Default") else {
        return out.mark_unknown_if(mount.is_wrong());
    };
    let severity = if view.pod.has_own_users() { Severity::Medium } else { Severity::High };
    let at = view.field_span(&["securityContext", "procMount"]).unwrap_or(view.label_span());
    let edit = view.pod.set_edit(Some(view.index), path!["securityContext", "procMount"], "Default");
    let fix = Fix::new("Set `procMount` to `Default`", Safety::Safe, vec![edit]);
    out.report_as(severity, at, format!("`procMount` is `{kind}`"), Ok(Some(fix)));
}
