//! `unconfined-seccomp`: the filter on system calls is switched off.

use super::unconfined;
use crate::finding::{Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, PodView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "unconfined-seccomp",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unconfined-seccomp"),
    checks: &[Check::Pod(pod), Check::Container(container)],
};

const CAUTION: &str = "system calls that the runtime's filter refuses fail with \"Operation not permitted\"";

/// Pod Security Standards, baseline, "Seccomp". The pod's own profile counts even where each container has another, and
/// the annotations of before Kubernetes 1.19 count no more.
fn pod(view: &PodView<'_>, out: &mut Findings<'_>) {
    let profile = view.pod.model.security_context.field(|context| &context.seccomp_profile);
    unconfined(*view, None, ("seccompProfile", &profile), (Safety::Review, CAUTION), out);
}

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    let profile = view.own_context(|context| &context.seccomp_profile);
    unconfined(view.pod, Some(*view), ("seccompProfile", &profile), (Safety::Review, CAUTION), out);
}
