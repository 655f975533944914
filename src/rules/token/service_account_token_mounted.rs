//! Reports a pod with a key to the Kubernetes API, needed or not (`service-account-token-mounted`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::needs::NeedCertainty;
use crate::needs::pod::find_token_volumes;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, PathStep};

pub(crate) static RULE: Rule = Rule {
    id: "service-account-token-mounted",
    severity: Severity::Medium,
    theme: RuleTheme::Token,
    decision: RuleDecision::ApiToken,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("service-account-token-mounted"),
    checks: &[RuleCheck::RepoPod(check_workload)],
};

/// The pod's own word, else its ServiceAccount's, else true (Kubernetes, "Opt out of API credential automounting"). A
/// token that a volume mounts is there whatever these say.
fn check_workload(view: &PodView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    let model = &view.pod.model;
    let own = view.pod.span_of(&[PathStep::from("automountServiceAccountToken")]);
    let account = model.service_account_or_default();
    let volume = find_token_volumes(view.place()).into_iter().next();
    let is_off = |account| repository.automounts_token(view.path, view.namespace(), account) == Some(false);
    let (span, mut message) = match &model.automount_service_account_token {
        Lenient::Value(false) if volume.is_none() => return,
        Lenient::Wrong(_) => return out.mark_unknown(),
        Lenient::Value(_) => {
            (own.unwrap_or(view.pod.spec_key_span), "the service account's token is mounted".to_owned())
        }
        Lenient::Absent if view.is_patch => return out.mark_not_applicable(),
        Lenient::Absent => match account {
            None => return out.mark_unknown(),
            Some(account) if is_off(account) && volume.is_none() => return,
            Some(_) => (
                view.pod.spec_key_span,
                "the service account's token is mounted, as it is when nothing is said".to_owned(),
            ),
        },
    };
    let needs = repository.token_needs(view.place());
    let need = needs.first();
    let fix = match (&volume, need) {
        (Some(volume), _) => {
            message = format!("the service account's token is mounted: {}", volume.reason);
            Err(format!("{}: that volume and its mounts must go, too", volume.reason))
        }
        (None, need) => {
            let caution = need.map_or("a program that calls the Kubernetes API is refused".into(), |need| {
                format!("{}: without the token it is refused", need.reason)
            });
            let edits = vec![view.pod_edit(PodEdit::NoTokenMount)];
            let fix = Fix::new("Do not mount the service account's token", Safety::Review, edits);
            Ok(Some(fix.with_caution(caution)))
        }
    };
    match need.filter(|need| need.certainty >= NeedCertainty::Shown) {
        Some(need) => {
            let roles =
                account.map(|account| repository.roles_bound_to(view.path, view.namespace(), account));
            let roles = roles.filter(|roles| !roles.is_empty());
            let rights = roles.map_or("the roles of its account".to_owned(), |roles| list_roles(&roles));
            let message = format!(
                "the service account's token is mounted, and in use, as {}: narrow {rights} to what it asks for",
                need.reason
            );
            out.report_needed(span, message, fix);
        }
        None => out.report(span, message, fix),
    }
}

/// A few of them, by name.
pub(super) fn list_roles(roles: &[&str]) -> String {
    const SHOWN: usize = 3;
    let mut text = roles.iter().take(SHOWN).map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
    if roles.len() > SHOWN {
        text.push_str(&format!(" and {} more", roles.len() - SHOWN));
    }
    text
}
