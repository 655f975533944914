//! `missing-cpu-limit`: one busy loop may take all of the node's processors.

use super::lacks;
use crate::finding::{Bound, Quantity, Severity};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-cpu-limit",
    severity: Severity::Low,
    theme: Theme::Resources,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-cpu-limit"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    lacks(view, Bound::Limit, Quantity::Cpu, out);
}
