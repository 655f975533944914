//! `missing-memory-limit`: one leak may take the node's memory, and other programs with it.

use super::lacks;
use crate::finding::{Bound, Quantity, Severity};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-memory-limit",
    severity: Severity::Medium,
    theme: Theme::Resources,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-memory-limit"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    lacks(view, Bound::Limit, Quantity::Memory, out);
}
