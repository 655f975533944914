//! `unmasked-proc`: what the runtime hides of /proc is open.

use crate::finding::{Remedy, Safety, Severity};
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "unmasked-proc",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unmasked-proc"),
    checks: &[Check::Container(container)],
};

/// Pod Security Standards, "/proc Mount Type": baseline allows it to a pod with users of its own (since 1.35),
/// restricted to none.
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    if view.pod.is_windows() {
        return out.silent();
    }
    let mount = view.own_context(|context| &context.proc_mount);
    let Some(kind) = mount.get().filter(|kind| *kind != "Default") else {
        return out.unknown_if(mount.is_wrong());
    };
    let severity = if view.pod.has_own_users() { Severity::Medium } else { Severity::High };
    let at = view.span_of(&["securityContext", "procMount"]).unwrap_or(view.place());
    let intent = view.pod.set(Some(view.index), path!["securityContext", "procMount"], "Default");
    let remedy = Remedy::change("Set `procMount` to `Default`", Safety::Safe, vec![intent]);
    out.report_as(severity, at, format!("`procMount` is `{kind}`"), remedy);
}
