//! Finds what shows that a pod calls the Kubernetes API, for fixes that take its token away.
//!
//! Sources: Kubernetes, "Using RBAC Authorization" and "Configure Service Accounts for Pods".

use super::{BoundRole, PodPlace};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};

/// The most roles of one account that are looked at.
pub const MAX_BOUND_ROLES: usize = 64;

/// The roles that are bound to the pod's account: it has them to call the API.
pub(super) fn find_bound_roles(place: PodPlace<'_>, roles: &[BoundRole], needs: &mut Vec<ProgramNeed>) {
    let Some(account) = place.pod.model.service_account_or_default().filter(|_| !roles.is_empty()) else {
        return;
    };
    let names = name_some(roles.iter().map(|bound| bound.role.as_str()));
    let evidence = roles.iter().map(|bound| NeedEvidence {
        text: format!("`{account}` is bound to `{}`", bound.role).into(),
        path: bound.path.clone(),
        span: bound.span,
    });
    needs.push(ProgramNeed {
        kind: NeedKind::ApiToken,
        certainty: NeedCertainty::Shown,
        reason: format!("the service account `{account}` is bound to {names} to call the Kubernetes API")
            .into(),
        evidence: evidence.collect(),
    });
}

/// A few names, in code.
fn name_some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 3;
    let mut all: Vec<&str> = names.collect();
    all.dedup();
    let is_cut_off = all.len() >= MAX_BOUND_ROLES;
    let shown: Vec<String> = all.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match all.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        _ if is_cut_off => format!("{} and many more", shown.join(", ")),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
