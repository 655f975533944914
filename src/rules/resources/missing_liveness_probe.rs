//! Reports a program whose hanging nobody notices (`missing-liveness-probe`).

use super::check_probe;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-liveness-probe",
    severity: Severity::Info,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-liveness-probe"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_probe(*view, "liveness", &view.container.model.liveness_probe, out);
}
