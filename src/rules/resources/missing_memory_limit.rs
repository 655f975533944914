//! Reports a container where one leak may take the node's memory, and other programs with it (`missing-memory-limit`).

use super::check_bound;
use crate::finding::{ResourceBound, ResourceName, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-memory-limit",
    severity: Severity::Medium,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-memory-limit"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_bound(view, ResourceBound::Limit, ResourceName::Memory, out);
}
