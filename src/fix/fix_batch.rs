//! Fixes of many findings in many files: the Dockerfiles first, since workloads agree with them.

use std::collections::{BTreeMap, BTreeSet};

use super::assess_risk::assess_risk;
use super::file_fixer::{FileFixer, ProvenText, SurroundingChanges};
use super::fix_error::FixRequest;
use super::planned_facts::PlannedFacts;
use super::pod::CannotFix;
use super::resolved_findings::find_resolved;
use super::{RegistryAnswers, conflicts, counterpart_files};
use crate::audit::AuditEngine;
use crate::base::par_map;
use crate::finding::FindingKey;
use crate::finding::{BreakingFix, BuildIntent, Change, Finding, Intent, Remedy, Safety};
use crate::repo::FilePatch;
use crate::repo::{FileKind, RelPath};
use crate::text::SourceText;

/// What comes of the asked findings.
#[derive(Debug, Default)]
pub(super) struct FixBatch {
    pub patches: Vec<FilePatch>,
    pub fixed_keys: BTreeSet<FindingKey>,
    pub withheld: Vec<(FindingKey, String)>,
    pub breaking_fixes: Vec<BreakingFix>,
    /// The findings of each patched file that are gone once it is written, as its proof shows.
    pub resolved_by_file: BTreeMap<RelPath, Vec<FindingKey>>,
    /// What the Dockerfiles would say once their patches are written.
    pub planned_facts: PlannedFacts,
}

/// Which fixes are made.
#[derive(Clone, Copy)]
pub(super) struct FixLimits<'a> {
    /// Up to this class.
    pub max_safety: Safety,
    /// And those whose values registries have given.
    pub answers: &'a RegistryAnswers,
    /// The one fix that is asked for by itself, so that it is made even where it will break the program.
    pub single_key: Option<&'a FindingKey>,
}

/// Mends as much as can be of what is asked, as far as the reach goes.
pub(super) fn fix_repository(
    engine: &AuditEngine,
    reach: FixLimits<'_>,
    asked: impl Fn(&FindingKey) -> bool + Sync,
) -> FixBatch {
    fix_files(engine, reach, &engine.audited_paths().collect(), asked)
}

/// The same where all that is asked stands in these files: the others are not looked at in vain, were it only once for
/// each of very many plans.
pub(super) fn fix_files(
    engine: &AuditEngine,
    reach: FixLimits<'_>,
    paths: &BTreeSet<&RelPath>,
    asked: impl Fn(&FindingKey) -> bool + Sync,
) -> FixBatch {
    let of = |kind| paths.iter().copied().filter(move |path| engine.kind(path) == Some(kind));
    let mut manifests: BTreeSet<&RelPath> = of(FileKind::Manifest).collect();
    let asked_of: Vec<&RelPath> = manifests.iter().copied().collect();
    let mut required = required_dockerfiles(engine, &asked_of, reach, &asked);
    required.retain(|path| !engine.is_context(path));
    let builds: BTreeSet<&RelPath> = of(FileKind::Dockerfile).chain(&required).collect();
    let builds: Vec<&RelPath> = builds.into_iter().collect();
    let mut batch = FixBatch::default();
    let none = PlannedFacts::default();
    let build = |path: &RelPath| {
        let required = required.contains(path);
        fix_file(engine, path, reach, &none, |key, finding| asked(key) || (required && changes_user(finding)))
    };
    batch.merge_batches(par_map_paths(&builds, |path| build(path)));
    for (path, user) in counterpart_files::dockerfiles_to_leave(engine, &batch.planned_facts) {
        batch.refix_without_user(engine, &path, &user, &asked, |keeps| {
            fix_file(engine, &path, reach, &none, keeps)
        });
    }
    let facts = std::mem::take(&mut batch.planned_facts);
    // Of the others, only workloads whose Dockerfile changes may have to follow it.
    let users: BTreeSet<RelPath> =
        facts.keys().flat_map(|path| engine.index().manifests_running(path)).collect();
    manifests.extend(users.iter().filter(|path| !engine.is_context(path)));
    let manifests: Vec<&RelPath> = manifests.into_iter().collect();
    let edited = par_map_paths(&manifests, |path| fix_file(engine, path, reach, &facts, |key, _| asked(key)));
    batch.merge_batches(edited);
    batch.planned_facts = facts;
    batch
}

/// The Dockerfiles whose user must change along with what is asked of the workloads.
fn required_dockerfiles(
    engine: &AuditEngine,
    manifests: &[&RelPath],
    reach: FixLimits<'_>,
    asked: &(impl Fn(&FindingKey) -> bool + Sync),
) -> BTreeSet<RelPath> {
    if reach.max_safety < Safety::Review {
        return BTreeSet::new();
    }
    let required = par_map_paths(manifests, |path| {
        let open = engine.open_findings(path);
        let changes =
            open.iter().filter(|(key, _)| asked(key)).filter_map(|(_, finding)| match &finding.remedy {
                Remedy::Change(change) => Some(change),
                _ => None,
            });
        FileFixer::for_file(engine, reach.answers, path)
            .map(|draft| draft.required_dockerfiles(changes))
            .unwrap_or_default()
    });
    required.into_iter().flatten().collect()
}

fn changes_user(finding: &Finding) -> bool {
    let intents = match &finding.remedy {
        Remedy::Change(change) => change.intents.as_slice(),
        _ => &[],
    };
    intents.contains(&Intent::Build(BuildIntent::User))
}

fn fix_file(
    engine: &AuditEngine,
    path: &RelPath,
    reach: FixLimits<'_>,
    facts: &PlannedFacts,
    asked: impl Fn(&FindingKey, &Finding) -> bool,
) -> FixBatch {
    let mut batch = FixBatch::default();
    let Some(draft) = FileFixer::for_file(engine, reach.answers, path) else { return batch };
    let induced = draft.new_findings_from(facts);
    let open = engine.open_findings(path);
    let asked =
        open.iter().filter(|(key, finding)| asked(key, finding)).map(|(key, finding)| (key, *finding));
    let all = asked.chain(induced.iter().map(|(key, finding)| (key, finding.as_ref())));
    let wanted = select_requests(engine, &draft, all, reach, &mut batch);
    let others = SurroundingChanges { facts, induced_findings: &induced };
    let (mended, after) = conflicts::fix_compatible(&draft, others, wanted, &mut batch.withheld);
    batch.fixed_keys = mended.iter().map(|wanted| wanted.key.clone()).collect();
    if let Some(ProvenText { text, audit }) = after {
        batch
            .resolved_by_file
            .insert(path.clone(), find_resolved(open.iter().map(|(key, _)| key), &audit.findings));
        batch.planned_facts.extend(audit.facts.map(|facts| (path.clone(), facts)));
        let (before, after) = (draft.source().clone(), SourceText::new(text));
        batch.patches.push(FilePatch { path: path.clone(), before, after });
    }
    batch
}

/// That a change can be laid out, and has no other half out of reach.
fn check_feasible(draft: &FileFixer<'_>, change: &Change) -> Result<(), CannotFix> {
    if let Some(reason) = counterpart_files::check_workload_change(draft, change) {
        return Err(CannotFix::Impossible(reason));
    }
    draft.plan_edits(&[change]).map(drop)
}

/// The findings that a plan may take in; the batch notes those whose fix is withheld or left out.
fn select_requests<'a>(
    engine: &AuditEngine,
    draft: &FileFixer<'_>,
    findings: impl Iterator<Item = (&'a FindingKey, &'a Finding)>,
    reach: FixLimits<'_>,
    batch: &mut FixBatch,
) -> Vec<FixRequest<'a>> {
    let mut wanted = Vec::new();
    for (key, finding) in findings {
        match &finding.remedy {
            Remedy::None => {}
            Remedy::Withheld(reason) => batch.withheld.push((key.clone(), reason.clone())),
            Remedy::Change(change) => match check_feasible(draft, change) {
                Ok(()) if change.intents.is_empty() => {}
                Ok(()) => {
                    let assessed = assess_risk(engine, key, change);
                    let class = assessed.class_of(change.safety);
                    // A registry's value is asked for by the asking; once it is there, the fix is wanted.
                    let is_reached = class <= reach.max_safety || class == Safety::Value;
                    if is_reached && assessed.will_break() && reach.single_key != Some(key) {
                        batch
                            .breaking_fixes
                            .push(BreakingFix { key: key.clone(), evidence: assessed.evidence });
                    } else if is_reached {
                        wanted.push(FixRequest { key, finding, change });
                    }
                }
                Err(CannotFix::NeedsValue(_)) => {}
                Err(CannotFix::Impossible(reason)) => batch.withheld.push((key.clone(), reason)),
            },
        }
    }
    wanted
}

impl FixBatch {
    /// Mends a Dockerfile anew, but for its user, which a workload out of reach would have to follow.
    fn refix_without_user(
        &mut self,
        engine: &AuditEngine,
        path: &RelPath,
        user: &RelPath,
        asked: &impl Fn(&FindingKey) -> bool,
        mend: impl FnOnce(&dyn Fn(&FindingKey, &Finding) -> bool) -> Self,
    ) {
        self.patches.retain(|patch| patch.path != *path);
        self.fixed_keys.retain(|key| key.path != *path);
        self.withheld.retain(|(key, _)| key.path != *path);
        self.breaking_fixes.retain(|left| left.key.path != *path);
        self.resolved_by_file.remove(path);
        self.planned_facts.remove(path);
        let open = engine.open_findings(path).into_iter();
        let left = open.filter(|(key, finding)| asked(key) && changes_user(finding)).map(|(key, _)| key);
        self.withheld.extend(left.map(|key| (key, counterpart_files::counterpart_reason(user))));
        self.merge_batches(vec![mend(&|key, finding| asked(key) && !changes_user(finding))]);
    }

    fn merge_batches(&mut self, files: Vec<Self>) {
        for file in files {
            self.patches.extend(file.patches);
            self.resolved_by_file.extend(file.resolved_by_file);
            self.planned_facts.extend(file.planned_facts);
            self.fixed_keys.extend(file.fixed_keys);
            self.withheld.extend(file.withheld);
            self.breaking_fixes.extend(file.breaking_fixes);
        }
    }
}

/// Does the work for each path, on all processors; the results in the order of the paths.
pub(super) fn par_map_paths<I: Sync, T: Send>(paths: &[&I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    par_map(paths.to_vec(), work)
}
