//! Fixes many findings in many files for the planner: the Dockerfiles first, since workloads agree with them.

use std::collections::BTreeSet;

use super::assess_risk::assess_risk;
use super::charts::{builds_without_followers, fix_charts, required_by_charts};
use super::file_fixer::{FileFixer, SurroundingChanges};
use super::fix_limits::{FixLimits, par_map_paths};
use super::pod::CannotFix;
use super::resolved_findings::find_resolved;
use super::{FixPlan, KeyedFinding, conflicts, counterpart_files, large_file};
use crate::audit::AuditEngine;
use crate::finding::{AssessedFix, DockerfileEdit, Edit, Finding, FindingKey, Fix, Safety};
use crate::project::FactOverrides;
use crate::repo::{FileKind, RelPath};

/// Fixes as many of the requested findings as possible, within the limits.
pub(super) fn fix_repository(
    engine: &AuditEngine,
    reach: FixLimits<'_>,
    asked: impl Fn(&FindingKey) -> bool + Sync,
) -> FixPlan {
    fix_files(engine, reach, &engine.audited_paths().collect(), asked)
}

/// The same where all requested findings lie in these files: the others are not searched, which would cost time for
/// each of very many plans.
pub(super) fn fix_files(
    engine: &AuditEngine,
    reach: FixLimits<'_>,
    paths: &BTreeSet<&RelPath>,
    asked: impl Fn(&FindingKey) -> bool + Sync,
) -> FixPlan {
    let of = |kind| paths.iter().copied().filter(move |path| engine.kind(path) == Some(kind));
    let mut manifests: BTreeSet<&RelPath> = of(FileKind::Manifest).collect();
    let asked_of: Vec<&RelPath> = manifests.iter().copied().collect();
    let mut required = required_dockerfiles(engine, &asked_of, reach, &asked);
    required.extend(required_by_charts(engine, reach, paths, &asked));
    required.retain(|path| !engine.is_context(path));
    let builds: BTreeSet<&RelPath> = of(FileKind::Dockerfile).chain(&required).collect();
    let builds: Vec<&RelPath> = builds.into_iter().collect();
    let mut plan = FixPlan::default();
    let none = FactOverrides::default();
    let build = |path: &RelPath| {
        let required = required.contains(path);
        fix_file(engine, path, reach, &none, |key, finding| asked(key) || (required && changes_user(finding)))
    };
    plan.merge_plans(par_map_paths(&builds, |path| build(path)));
    let mut left = counterpart_files::dockerfiles_to_leave(engine, &plan.progress.planned_facts);
    left.extend(builds_without_followers(engine, reach, &plan.progress.planned_facts));
    for (path, reason) in left {
        refix_without_user(engine, &mut plan, (&path, &reason), &asked, |keeps| {
            fix_file(engine, &path, reach, &none, keeps)
        });
    }
    let facts = std::mem::take(&mut plan.progress.planned_facts);
    plan = reach.keep_asked(plan);
    // Of the others, only workloads whose Dockerfile changes may have to follow it.
    let users: BTreeSet<RelPath> =
        facts.keys().flat_map(|path| engine.index().manifests_running(path)).collect();
    manifests.extend(users.iter().filter(|path| !engine.is_context(path)));
    let manifests: Vec<&RelPath> = manifests.into_iter().collect();
    let edited = par_map_paths(&manifests, |path| {
        reach.keep_asked(fix_file(engine, path, reach, &facts, |key, _| asked(key)))
    });
    plan.merge_plans(edited);
    plan.merge_plans(fix_charts(engine, reach, (paths, &facts), &asked));
    plan.progress.planned_facts = facts;
    plan
}

/// The Dockerfiles whose user must change along with the requested changes of the workloads.
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
            open.iter().filter(|(key, _)| asked(key)).filter_map(|(_, finding)| finding.available_fix());
        FileFixer::for_file(engine, reach.answers, path)
            .map(|draft| draft.required_dockerfiles(changes))
            .unwrap_or_default()
    });
    required.into_iter().flatten().collect()
}

fn changes_user(finding: &Finding) -> bool {
    finding.edits().contains(&Edit::Dockerfile(DockerfileEdit::SetUser))
}

fn fix_file(
    engine: &AuditEngine,
    path: &RelPath,
    reach: FixLimits<'_>,
    facts: &FactOverrides,
    asked: impl Fn(&FindingKey, &Finding) -> bool,
) -> FixPlan {
    let mut plan = FixPlan::default();
    let Some(draft) = FileFixer::for_file(engine, reach.answers, path) else { return plan };
    let induced = draft.new_findings_from(facts);
    let open = engine.open_findings(path);
    let asked =
        open.iter().filter(|(key, finding)| asked(key, finding)).map(|(key, finding)| (key, *finding));
    let all = asked.chain(induced.iter().map(|(key, finding)| (key, finding.as_ref())));
    let others = SurroundingChanges { facts, induced_findings: &induced };
    let mut chosen = Vec::new();
    let groups = large_file::group_findings(&draft, all.collect(), others);
    let is_whole = groups.len() == 1;
    for group in groups {
        let wanted = select_findings(&draft, group.into_iter(), reach, &mut plan);
        if is_whole {
            chosen = wanted;
        } else {
            chosen.extend(conflicts::fix_compatible(&draft, others, wanted, &mut plan.withheld).0);
        }
        if reach.keeps_only_refusals && !is_whole {
            plan.progress.assessments.clear();
            chosen.clear();
        }
    }
    if reach.keeps_only_refusals && !is_whole {
        return plan;
    }
    let (fixed, after) = conflicts::fix_compatible(&draft, others, chosen, &mut plan.withheld);
    plan.progress.fixed_keys = fixed.iter().map(|(key, _)| (*key).clone()).collect();
    if let Some((patch, audit)) = after {
        plan.progress.resolved_by_file.insert(path.clone(), find_resolved(&open, &audit));
        plan.progress.planned_facts.extend(audit.facts.map(|facts| (path.clone(), facts)));
        plan.patches.push(patch);
    }
    plan
}

/// That a fix can be laid out, and has no other half out of reach.
fn check_feasible(draft: &FileFixer<'_>, fix: &Fix) -> Result<(), CannotFix> {
    if let Some(reason) = counterpart_files::check_workload_fix(draft, fix) {
        return Err(CannotFix::Impossible(reason));
    }
    draft.plan_edits(&fix.edits).map(drop)
}

/// The findings that a plan may take in; the plan notes those whose fix is withheld or left out.
fn select_findings<'a>(
    draft: &FileFixer<'_>,
    findings: impl Iterator<Item = KeyedFinding<'a>>,
    reach: FixLimits<'_>,
    plan: &mut FixPlan,
) -> Vec<KeyedFinding<'a>> {
    let mut wanted = Vec::new();
    for (key, finding) in findings {
        match &finding.fix {
            Ok(None) => {}
            Err(reason) => plan.withheld.push((key.clone(), reason.clone())),
            Ok(Some(fix)) => match check_feasible(draft, fix) {
                Ok(()) if fix.edits.is_empty() => {}
                Ok(()) => {
                    let assessed = assess_risk(draft, key, fix);
                    let class = assessed.class_of(fix.safety);
                    // A registry's value is asked for by the asking; once it is there, the fix is wanted.
                    let is_reached = class <= reach.max_safety || class == Safety::Value;
                    if is_reached && assessed.will_break() && !reach.breaking_keys.contains(key) {
                        plan.breaking_fixes.push(AssessedFix { key: key.clone(), assessment: assessed });
                    } else if is_reached && assessed.risk <= reach.max_risk {
                        plan.progress.assessments.insert(key.clone(), assessed);
                        wanted.push((key, finding));
                    }
                }
                Err(CannotFix::NeedsValue(_)) => {}
                Err(CannotFix::Impossible(reason)) => plan.withheld.push((key.clone(), reason)),
            },
        }
    }
    wanted
}

/// Fixes a Dockerfile anew, but for its user, which a workload would have to follow and cannot.
fn refix_without_user(
    engine: &AuditEngine,
    plan: &mut FixPlan,
    (path, reason): (&RelPath, &str),
    asked: &impl Fn(&FindingKey) -> bool,
    fix_again: impl FnOnce(&dyn Fn(&FindingKey, &Finding) -> bool) -> FixPlan,
) {
    plan.remove_file(path);
    let open = engine.open_findings(path).into_iter();
    let left = open.filter(|(key, finding)| asked(key) && changes_user(finding)).map(|(key, _)| key);
    plan.withheld.extend(left.map(|key| (key, reason.to_owned())));
    plan.merge_plans([fix_again(&|key, finding| asked(key) && !changes_user(finding))]);
}
