//! `missing-liveness-probe`: nobody notices a program that hangs.

use super::lacks_probe;
use crate::finding::Severity;
use crate::rules::rule::page;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-liveness-probe",
    severity: Severity::Info,
    theme: Theme::Resources,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-liveness-probe"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    lacks_probe(*view, "liveness", &view.container.model.liveness_probe, out);
}
