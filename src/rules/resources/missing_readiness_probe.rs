//! Reports a program that gets requests before it is ready for them (`missing-readiness-probe`).

use super::check_probe;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-readiness-probe",
    severity: Severity::Info,
    theme: RuleTheme::Resources,
    decision: RuleDecision::ResourceLimits,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-readiness-probe"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    check_probe(*view, "readiness", &view.container.model.readiness_probe, out);
}
