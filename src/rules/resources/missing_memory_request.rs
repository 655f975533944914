//! Reports a container whose need of memory the scheduler does not know (`missing-memory-request`).

use super::check_bound;
use crate::finding::{ResourceBound, ResourceName, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-memory-request",
    severity: Severity::Low,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-memory-request"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_bound(view, ResourceBound::Request, ResourceName::Memory, out);
}
