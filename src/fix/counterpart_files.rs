//! Withholds fixes whose other half lies in a file outside the audited ones, where nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use super::file_fixer::FileFixer;
use crate::audit::AuditEngine;
use crate::finding::{Finding, Fix};
use crate::project::FactOverrides;
use crate::repo::RelPath;

/// Why a fix of a workload cannot be made, where its Dockerfile would have to end as another user and is out of reach.
pub(super) fn check_workload_fix(draft: &FileFixer<'_>, fix: &Fix) -> Option<String> {
    let engine = draft.engine();
    // Where the whole repository is audited, nothing is out of reach.
    engine.has_context().then_some(())?;
    let dockerfile =
        draft.required_dockerfiles(std::iter::once(fix)).into_iter().find(|path| engine.is_context(path))?;
    Some(workload_reason(&dockerfile))
}

/// The reason for a workload whose Dockerfile is out of reach.
pub(super) fn workload_reason(dockerfile: &RelPath) -> String {
    format!("{dockerfile} would have to end as the same user: name a folder that holds both")
}

/// The Dockerfiles whose new user a workload around them would have to follow, each with the reason to leave it.
pub(super) fn dockerfiles_to_leave(engine: &AuditEngine, facts: &FactOverrides) -> BTreeMap<RelPath, String> {
    if !engine.has_context() {
        return BTreeMap::new();
    }
    let users = facts.keys().flat_map(|path| {
        let users = engine.index().manifests_running(path).into_iter();
        users.map(move |user| (path.clone(), user))
    });
    let left =
        users.filter(|(_, user)| engine.is_context(user) && would_change_findings(engine, user, facts));
    left.map(|(path, user)| (path, counterpart_reason(&user))).collect()
}

/// True where a manifest would have new findings once Dockerfiles have the facts in `facts`.
fn would_change_findings(engine: &AuditEngine, path: &RelPath, facts: &FactOverrides) -> bool {
    let about = |finding: &Finding| (finding.rule, finding.subject.clone());
    let found = |facts: &FactOverrides| -> BTreeSet<_> {
        engine.simulate_facts(path, facts).iter().map(|listed| about(&listed.finding)).collect()
    };
    !found(facts).is_subset(&found(&FactOverrides::default()))
}

/// The reason for a Dockerfile's findings.
pub(super) fn counterpart_reason(user: &RelPath) -> String {
    format!("{user} runs its image and would have to follow: name a folder that holds both")
}
