//! Reports a workload that the repository's network policies leave out (`missing-network-policy`).

use crate::finding::Severity;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-network-policy",
    severity: Severity::Low,
    theme: RuleTheme::Network,
    decision: RuleDecision::NetworkReach,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("missing-network-policy"),
    checks: &[RuleCheck::RepoPod(check_workload)],
};

/// In a repository without policies the rule does not apply: it would report every workload.
fn check_workload(view: &PodView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_patch || !repository.has_network_policies(view.path) {
        return out.mark_not_applicable();
    }
    match repository.is_selected_by_policy(view.path, view.namespace(), &view.pod.labels) {
        Some(true) => {}
        Some(false) => {
            let message = "no NetworkPolicy of the repository selects this pod: everything may reach it";
            out.report(view.pod.spec_key_span, message, Ok(None));
        }
        None => out.mark_unknown(),
    }
}
