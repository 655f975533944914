//! Plans fixes for the app and `fix`: as many of the requested findings as can be fixed together, in one step.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::assess_risk::own_cautions;
use super::fix_limits::FixLimits;
use super::resolved_findings::find_resolved;
use super::{FixPlan, NoPlan, RegistryAnswers, fix_batch, kustomize_caveats};
use crate::audit::{AuditEngine, FileContent};
use crate::finding::{AssessedFix, Finding, FindingKey, Fix, RiskAssessment, Safety};
use crate::repo::{FileKind, FilePatch, RelPath};

/// The reason why a cancelled plan was not made.
const PLAN_CANCELLED: &str = "nobody waits for it any more";

/// The registries' answers that a plan is made with, and whether anybody still waits for it.
#[derive(Clone, Copy)]
pub(super) struct PlanLimits<'a> {
    pub answers: &'a RegistryAnswers,
    pub is_awaited: &'a (dyn Fn() -> bool + Sync),
}

/// The plan that fixes these findings, without registries' answers and not to be cancelled.
pub(super) fn plan_open_findings(engine: &AuditEngine, keys: &[FindingKey]) -> Result<FixPlan, NoPlan> {
    let answers = RegistryAnswers::default();
    plan_fixes(engine, keys, PlanLimits { answers: &answers, is_awaited: &|| true })
}

/// The plan that fixes these findings, all of which are open.
///
/// # Errors
/// When none of them can be fixed, and soon after it is awaited no more.
pub(super) fn plan_fixes(
    engine: &AuditEngine,
    keys: &[FindingKey],
    limits: PlanLimits<'_>,
) -> Result<FixPlan, NoPlan> {
    let PlanLimits { answers, is_awaited: wanted } = limits;
    let keys: BTreeSet<&FindingKey> = keys.iter().collect();
    let answers = &answers.with_pins(engine.settings().image_pins());
    let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let none = BTreeSet::new();
    let breaking_keys = if keys.len() == 1 { &keys } else { &none };
    let reach =
        FixLimits { writes_templates: true, ..FixLimits::of_class(Safety::Review, answers, breaking_keys) };
    let mut plan = fix_batch::fix_files(engine, reach, &paths, |key| wanted() && keys.contains(key));
    if !wanted() {
        return Err(PLAN_CANCELLED.into());
    }
    let found = open_findings_of(engine, &keys);
    let patches = plan.patches.iter().take_while(|_| wanted());
    plan.resolves = patches.flat_map(|patch| keys_resolved_by(engine, &plan, patch)).collect();
    describe_plan(&mut plan, &found);
    if !wanted() {
        return Err(PLAN_CANCELLED.into());
    }
    note_cautions(engine, &mut plan, &found);
    match (plan.patches.is_empty(), plan.withheld.first()) {
        (true, Some((_, reason))) => Err(reason.clone().into()),
        (true, None) if !plan.breaking_fixes.is_empty() => Err(why_left_out(&plan, &found).into()),
        (true, None) => Err(why_no_fix(engine, &keys, &found)),
        (false, _) => Ok(plan),
    }
}

/// Says what the plan holds of the fixes of these findings: how safe they are, what is known of them, and its title.
pub(super) fn describe_plan(plan: &mut FixPlan, findings: &[(FindingKey, &Finding)]) {
    let fixes = risks_of_fixes(plan, findings);
    let classes = fixes.iter().map(|(_, fix, assessed)| assessed.class_of(fix.safety));
    plan.safety = classes.max().unwrap_or_default();
    plan.risk = fixes.iter().map(|(_, _, assessed)| assessed.risk).max().unwrap_or_default();
    for evidence in fixes.iter().flat_map(|(_, _, assessed)| &assessed.evidence) {
        if !plan.evidence.contains(evidence) {
            plan.evidence.push(evidence.clone());
        }
    }
    let titles: BTreeSet<&str> = fixes.iter().map(|(_, fix, _)| fix.title.as_ref()).collect();
    plan.title = match titles.first() {
        Some(title) if titles.len() == 1 => (*title).to_owned(),
        _ => format!("Fix {} findings", plan.resolves.len()),
    };
    plan.assessed_fixes =
        fixes.into_iter().map(|(key, _, assessment)| AssessedFix { key: key.clone(), assessment }).collect();
    plan.assessed_fixes.sort_by_key(|fix| Reverse(fix.assessment.risk));
}

/// Adds what programs may notice of these fixes, the most serious first, and where they do not reach.
fn note_cautions(engine: &AuditEngine, plan: &mut FixPlan, findings: &[(FindingKey, &Finding)]) {
    let mut fixes = risks_of_fixes(plan, findings);
    fixes.sort_by_key(|(_, _, assessed)| Reverse((assessed.risk, assessed.evidence.len().min(1))));
    for caution in fixes.iter().flat_map(|(_, fix, assessed)| own_cautions(fix, assessed)) {
        let caution = caution.to_string();
        if !plan.cautions.contains(&caution) {
            plan.cautions.push(caution);
        }
    }
    let fixed = findings.iter().filter(|(key, _)| plan.progress.fixed_keys.contains(key));
    let caveats = kustomize_caveats::image_caveats(engine, fixed.map(|(key, finding)| (&key.path, *finding)));
    plan.cautions.extend(caveats);
}

/// Each fix of these findings that is part of the plan, with its risk.
fn risks_of_fixes<'a>(
    plan: &FixPlan,
    findings: &'a [(FindingKey, &'a Finding)],
) -> Vec<(&'a FindingKey, &'a Fix, RiskAssessment)> {
    let fixed = findings.iter().filter(|(key, _)| plan.progress.fixed_keys.contains(key));
    let fixes = fixed.filter_map(|(key, finding)| {
        Some((key, finding.available_fix()?, plan.progress.assessments.get(key)?.clone()))
    });
    fixes.collect()
}

/// The reason why nothing is written where the fixes that could be made would break the program: how many they are, and
/// what the other findings need.
fn why_left_out(plan: &FixPlan, findings: &[(FindingKey, &Finding)]) -> String {
    let is_breaking = |key: &FindingKey| plan.breaking_fixes.iter().any(|fix| fix.key == *key);
    let others = || findings.iter().filter(|(key, _)| !is_breaking(key));
    let lacking = others().filter(|(_, finding)| finding.available_fix().is_some()).count();
    let open = others().count() - lacking;
    let (which, one) = match plan.breaking_fixes.len() {
        1 if lacking + open == 0 => ("this fix".to_owned(), "it"),
        1 => ("1 of these fixes".to_owned(), "it"),
        _ if lacking + open == 0 => ("each of these fixes".to_owned(), "one"),
        breaking => (format!("{breaking} of these fixes"), "one"),
    };
    let mut said = format!("{which} would break the program, as far as its files say: ask for {one} alone");
    let needs = |count: usize| if count == 1 { "needs" } else { "need" };
    let rest = [
        (lacking, format!("{} a value", needs(lacking))),
        (open, format!("{} a person's decision", needs(open))),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        said += &format!("; {count} more {what}");
    }
    said
}

/// The reason why there is nothing to write although nothing was withheld.
fn why_no_fix(
    engine: &AuditEngine,
    keys: &BTreeSet<&FindingKey>,
    findings: &[(FindingKey, &Finding)],
) -> NoPlan {
    if let Some(quiet) = keys.first().and_then(|key| engine.find_suppression(key)) {
        return format!("it is {quiet}").into();
    }
    let needs_value = findings.iter().any(|(_, finding)| finding.available_fix().is_some());
    if needs_value {
        NoPlan::NeedsValue { user: None, values: Box::default() }
    } else {
        "a person must decide this one".into()
    }
}

/// The findings of those keys, in the order of the keys.
pub(super) fn open_findings_of<'a>(
    engine: &'a AuditEngine,
    keys: &BTreeSet<&FindingKey>,
) -> Vec<(FindingKey, &'a Finding)> {
    let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let open = paths.into_iter().flat_map(|path| engine.open_findings(path));
    let mut found: Vec<_> = open.filter(|(key, _)| keys.contains(key)).collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// The findings of the file that are gone once the plan is written.
pub(super) fn keys_resolved_by(engine: &AuditEngine, plan: &FixPlan, patch: &FilePatch) -> Vec<FindingKey> {
    if let Some(resolves) = plan.progress.resolved_by_file.get(&patch.path) {
        return resolves.clone();
    }
    let kind = match engine.file(&patch.path) {
        Some((_, FileContent::Dockerfile(_))) => FileKind::Dockerfile,
        _ => FileKind::Manifest,
    };
    let after = engine.simulate_text(&patch.path, kind, patch.after.text(), &plan.progress.planned_facts);
    let open = engine.open_findings(&patch.path);
    find_resolved(&open, &after)
}
