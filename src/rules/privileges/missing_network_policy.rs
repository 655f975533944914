//! `missing-network-policy`: the repository's network policies leave this workload out.

use crate::finding::{Remedy, Severity};
use crate::rules::rule::page;
use crate::rules::{Check, Findings, PodView, Repository, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-network-policy",
    severity: Severity::Low,
    theme: Theme::Network,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-network-policy"),
    checks: &[Check::Workload(workload)],
};

/// Where nobody writes policies it says nothing: then it would say so of everything.
fn workload(view: &PodView<'_>, repository: &Repository<'_>, out: &mut Findings<'_>) {
    if view.patch || !repository.has_network_policies() {
        return out.silent();
    }
    match repository.is_selected(view.path, view.namespace(), &view.pod.labels) {
        Some(true) => {}
        Some(false) => {
            let message = "no NetworkPolicy of the repository selects this pod: everything may reach it";
            out.report(view.pod.spec_key_span, message, Remedy::None);
        }
        None => out.unknown(),
    }
}
