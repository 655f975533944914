//! Reports a pod without a token whose account was given rights (`token-needed`).

use crate::finding::Severity;
use crate::needs::pod::find_token_volumes;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, PathStep};

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
    let is_off = match automount {
        Lenient::Value(is_mounted) => !is_mounted,
        Lenient::Wrong(_) => false,
        Lenient::Absent => repository.automounts_token(view.path, view.namespace(), account) == Some(false),
    };
    if !is_off || !find_token_volumes(view.place()).is_empty() {
        return;
    }
    let roles = repository.roles_bound_to(view.path, view.namespace(), account);
    let Some(role) = roles.first() else { return };
    let more = if roles.len() > 1 { format!(" and {} more", roles.len() - 1) } else { String::new() };
    let span = view.field_or_spec_span(&[PathStep::from("automountServiceAccountToken")]);
    let message = format!(
        "the account {account} has rights by `{role}`{more}, and the program gets no token to use them"
    );
    out.report_needed(span, message, Ok(None));
}
