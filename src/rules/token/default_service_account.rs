//! Reports a pod with the token that every pod of its namespace may hold (`default-service-account`).

use crate::finding::Severity;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "default-service-account",
    severity: Severity::Low,
    theme: RuleTheme::Token,
    decision: RuleDecision::ApiToken,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("default-service-account"),
    checks: &[RuleCheck::RepoPod(check_workload)],
};

/// Without the token the account is of no use. Which account takes its place, a person must decide.
fn check_workload(view: &PodView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    let model = &view.pod.model;
    let automount = &model.automount_service_account_token;
    let named = !model.service_account_name.is_absent() || !model.service_account.is_absent();
    if view.is_patch && (!named || automount.is_absent()) {
        return out.mark_not_applicable();
    }
    if model.service_account_or_default().is_none() || automount.is_wrong() {
        return out.mark_unknown();
    }
    let of_account = || repository.automounts_token(view.path, view.namespace(), "default");
    let mounted = automount.get().copied().or_else(of_account) != Some(false);
    if model.service_account_or_default() == Some("default") && mounted {
        let span = view.pod.span_of(&path!["serviceAccountName"]);
        let span = span.or(view.pod.span_of(&path!["serviceAccount"])).unwrap_or(view.pod.spec_key_span);
        let message = "the pod holds the token of `default`, the account of every pod that names no other";
        out.report(span, message, Ok(None));
    }
}
