//! `missing-readiness-probe`: requests reach a program that is not ready for them.

use super::lacks_probe;
use crate::finding::Severity;
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-readiness-probe",
    severity: Severity::Info,
    theme: Theme::Resources,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-readiness-probe"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    lacks_probe(*view, "readiness", &view.container.model.readiness_probe, out);
}
