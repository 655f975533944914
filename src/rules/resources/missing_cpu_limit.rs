//! Reports a container where one busy loop may take all of the node's processors (`missing-cpu-limit`).

use super::check_bound;
use crate::finding::{ResourceBound, ResourceName, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-cpu-limit",
    severity: Severity::Low,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-cpu-limit"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_bound(view, ResourceBound::Limit, ResourceName::Cpu, out);
}
