//! Reports a pod with a key to the Kubernetes API, needed or not (`service-account-token-mounted`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, PathStep};

pub(crate) static RULE: Rule = Rule {
    id: "service-account-token-mounted",
    severity: Severity::Medium,
    theme: RuleTheme::Token,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("service-account-token-mounted"),
    checks: &[RuleCheck::RepoPod(check_workload)],
};

/// The pod's own word, else its ServiceAccount's, else true (Kubernetes, "Opt out of API credential automounting").
fn check_workload(view: &PodView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    let model = &view.pod.model;
    let own = view.pod.span_of(&[PathStep::from("automountServiceAccountToken")]);
    let account = model.service_account_or_default();
    let (span, message) = match &model.automount_service_account_token {
        Lenient::Value(false) => return,
        Lenient::Wrong(_) => return out.mark_unknown(),
        Lenient::Value(true) => {
            (own.unwrap_or(view.pod.spec_key_span), "the service account's token is mounted".to_owned())
        }
        Lenient::Absent if view.is_patch => return out.mark_not_applicable(),
        Lenient::Absent => match account {
            None => return out.mark_unknown(),
            Some(account) if repository.automounts_token(view.namespace(), account) == Some(false) => return,
            Some(_) => (
                view.pod.spec_key_span,
                "the service account's token is mounted, as it is when nothing is said".to_owned(),
            ),
        },
    };
    let roles =
        account.map(|account| repository.roles_bound_to(view.namespace(), account)).unwrap_or_default();
    let caution = match (account, roles.as_slice()) {
        (Some(account), [_, ..]) => format!(
            "`{account}` is bound to {}: this program seems to call the Kubernetes API, and would be refused",
            list_roles(&roles)
        ),
        _ => "a program that calls the Kubernetes API is refused".to_owned(),
    };
    let fix = Fix::new(
        "Do not mount the service account's token",
        Safety::Review,
        vec![view.pod_edit(PodEdit::NoTokenMount)],
    );
    out.report(span, message, Ok(Some(fix.with_caution(caution))));
}

/// A few of them, by name.
fn list_roles(roles: &[&str]) -> String {
    const SHOWN: usize = 3;
    let mut text = roles.iter().take(SHOWN).map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
    if roles.len() > SHOWN {
        text.push_str(&format!(" and {} more", roles.len() - SHOWN));
    }
    text
}
