//! Reports a filter on system calls that is switched off (`unconfined-seccomp`).

use super::check_profile;
use crate::finding::{Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};

pub(crate) static RULE: Rule = Rule {
    id: "unconfined-seccomp",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unconfined-seccomp"),
    checks: &[RuleCheck::Pod(check_pod), RuleCheck::Container(check_container)],
};

const CAUTION: &str = "system calls that the runtime's filter refuses fail with \"Operation not permitted\"";

/// Pod Security Standards, baseline, "Seccomp". The pod's own profile counts even where each container has another, and
/// the annotations of before Kubernetes 1.19 count no more.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let profile = view.pod.model.security_context.map_field(|context| &context.seccomp_profile);
    check_profile(*view, None, ("seccompProfile", &profile), (Safety::Review, CAUTION), out);
}

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let profile = view.own_context(|context| &context.seccomp_profile);
    check_profile(view.pod, Some(*view), ("seccompProfile", &profile), (Safety::Review, CAUTION), out);
}
