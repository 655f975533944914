//! `missing-memory-request`: the scheduler does not know how much memory the program needs.

use super::lacks;
use crate::finding::{Bound, Quantity, Severity};
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-memory-request",
    severity: Severity::Low,
    theme: Theme::Resources,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("missing-memory-request"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    lacks(view, Bound::Request, Quantity::Memory, out);
}
