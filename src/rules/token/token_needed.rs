//! Reports a pod without a token whose account was given rights (`token-needed`).

use super::service_account_token_mounted::list_roles;
use crate::finding::Severity;
use crate::needs::pod::find_token_volumes;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::PathStep;

pub(crate) static RULE: Rule = Rule {
    id: "token-needed",
    severity: Severity::Info,
    theme: RuleTheme::Token,
    decision: RuleDecision::ApiToken,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("token-needed"),
    checks: &[RuleCheck::RepoPod(check_workload)],
};

/// The namespace's own account is everybody's there: rights of it are meant for others, too.
fn check_workload(view: &PodView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    let model = &view.pod.model;
    out.mark_not_applicable();
    let account = model.service_account_or_default().filter(|account| *account != "default");
    let Some(account) = account.filter(|_| !view.is_patch) else { return };
    let automount = &model.automount_service_account_token;
    let of_account = || repository.automounts_token(view.path, view.namespace(), account);
    let is_off = automount.get().copied().or_else(of_account) == Some(false) && !automount.is_wrong();
    if !is_off || !find_token_volumes(view.place()).is_empty() {
        return;
    }
    let roles = repository.roles_bound_to(view.path, view.namespace(), account);
    if roles.is_empty() {
        return;
    }
    let span = view.field_or_spec_span(&[PathStep::from("automountServiceAccountToken")]);
    let message = format!(
        "the account {account} has rights by {}, and the program gets no token to use them",
        list_roles(&roles)
    );
    out.report_needed(span, message, Ok(None));
}
