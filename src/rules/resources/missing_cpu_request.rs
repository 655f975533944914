//! Reports a container whose need of processors the scheduler does not know (`missing-cpu-request`).

use super::check_bound;
use crate::finding::{ResourceBound, ResourceName, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-cpu-request",
    severity: Severity::Low,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-cpu-request"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_bound(view, ResourceBound::Request, ResourceName::Cpu, out);
}
