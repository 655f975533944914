//! Plans: as many of the asked findings as can be mended together, in one step.

use std::collections::{BTreeMap, BTreeSet};

use super::assess_risk::{assess_risk, own_cautions};
use super::fix_batch;
use super::fix_batch::{FixBatch, FixLimits};
use super::kustomize_caveats;
use super::resolved_findings::find_resolved;
use super::{FixPlan, RegistryAnswers};
use crate::audit::{AuditEngine, FileContent};
use crate::finding::FindingKey;
use crate::finding::{Change, Finding, Remedy, RiskAssessment, Safety};
use crate::repo::FilePatch;
use crate::repo::{FileKind, RelPath};

/// The plan that mends these findings. Where some of them cannot be mended together with the others, those are
/// withheld with the reason and the rest goes on. What a change requires in another file is part of the plan: a
/// workload's new uid is its Dockerfile's too.
///
/// # Errors
/// When none of them can be mended; the reason, for the screen.
pub fn plan_fix(engine: &AuditEngine, keys: &[FindingKey]) -> Result<FixPlan, String> {
    plan_with_answers(engine, keys, &RegistryAnswers::default())
}

/// The same plan, with what registries said of images.
///
/// # Errors
/// As [`plan`].
pub fn plan_with_answers(
    engine: &AuditEngine,
    keys: &[FindingKey],
    answers: &RegistryAnswers,
) -> Result<FixPlan, String> {
    plan_cancellable(engine, keys, answers, &|| true)
}

/// Why there is no plan that nobody waits for any more.
const PLAN_CANCELLED: &str = "nobody waits for it any more";

/// The same plan, as long as it is `wanted`.
///
/// # Errors
/// As [`plan`], and soon after it is wanted no more.
pub fn plan_cancellable(
    engine: &AuditEngine,
    keys: &[FindingKey],
    answers: &RegistryAnswers,
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<FixPlan, String> {
    let keys: BTreeSet<&FindingKey> = keys.iter().collect();
    let answers = &answers.with_pins(&engine.settings().chosen_values.images);
    let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let alone = keys.first().copied().filter(|_| keys.len() == 1);
    let reach = FixLimits { max_safety: Safety::Review, answers, single_key: alone };
    let batch = fix_batch::fix_files(engine, reach, &paths, |key| wanted() && keys.contains(key));
    if !wanted() {
        return Err(PLAN_CANCELLED.to_owned());
    }
    let found = open_findings_of(engine, &keys);
    let changes = fixed_changes(engine, &batch, &found);
    let patches = batch.patches.iter().take_while(|_| wanted());
    let mut plan = FixPlan {
        title: String::new(),
        safety: changes
            .iter()
            .map(|(change, risk)| risk.class_of(change.safety))
            .max()
            .unwrap_or(Safety::Safe),
        risk: changes.iter().map(|(_, assessed)| assessed.risk).max().unwrap_or_default(),
        resolves: patches.flat_map(|patch| keys_resolved_by(engine, &batch, patch)).collect(),
        cautions: Vec::new(),
        evidence: Vec::new(),
        withheld: batch.withheld.clone(),
        breaking_fixes: batch.breaking_fixes.clone(),
        patches: batch.patches.clone(),
    };
    for (change, assessed) in &changes {
        for caution in own_cautions(change, assessed) {
            if !plan.cautions.iter().any(|said| said == caution) {
                plan.cautions.push(caution.to_string());
            }
        }
        for evidence in &assessed.evidence {
            if !plan.evidence.contains(evidence) {
                plan.evidence.push(evidence.clone());
            }
        }
    }
    if !wanted() {
        return Err(PLAN_CANCELLED.to_owned());
    }
    let mended = found.iter().filter(|(key, _)| batch.fixed_keys.contains(key));
    plan.cautions
        .extend(kustomize_caveats::image_caveats(engine, mended.map(|(key, finding)| (&key.path, *finding))));
    let titles: BTreeSet<&str> = changes.iter().map(|(change, _)| change.title.as_ref()).collect();
    plan.title = match titles.first() {
        Some(title) if titles.len() == 1 => (*title).to_owned(),
        _ => format!("Mend {} findings", plan.resolves.len()),
    };
    match (plan.patches.is_empty(), plan.withheld.first()) {
        (true, Some((_, reason))) => Err(reason.clone()),
        (true, None) if !plan.breaking_fixes.is_empty() => Err(ALL_WOULD_BREAK.to_owned()),
        (true, None) => Err(why_no_fix(engine, &keys, &found)),
        (false, _) => Ok(plan),
    }
}

/// How much text the single fixes of one file may make and prove, in bytes: each of them reads the whole file.
const MAX_PATCH_BYTES: usize = 8 * 1024 * 1024;

/// What the fix of each of these findings would write on its own, made on all processors. Those that have none are left
/// out, and so are, in a file that is large and has many, those beyond what can be proven one by one.
#[must_use]
pub fn patch_each_finding(
    engine: &AuditEngine,
    keys: &[&FindingKey],
) -> BTreeMap<FindingKey, Vec<FilePatch>> {
    let mut work: BTreeMap<&RelPath, usize> = BTreeMap::new();
    let affordable = keys.iter().copied().filter(|key| {
        let spent = work.entry(&key.path).or_default();
        *spent += engine.file(&key.path).map_or(1, |(source, _)| source.text().len());
        *spent <= MAX_PATCH_BYTES
    });
    let affordable: Vec<&FindingKey> = affordable.collect();
    let patches = fix_batch::par_map_paths(&affordable, |key| {
        let plan = plan_fix(engine, std::slice::from_ref(key)).ok()?;
        Some((key.clone(), plan.patches))
    });
    patches.into_iter().flatten().collect()
}

/// Each asked change that is part of the batch, with its risk.
fn fixed_changes<'a>(
    engine: &AuditEngine,
    batch: &FixBatch,
    findings: &[(FindingKey, &'a Finding)],
) -> Vec<(&'a Change, RiskAssessment)> {
    let mended = findings.iter().filter(|(key, _)| batch.fixed_keys.contains(key));
    let changes = mended.filter_map(|(key, finding)| match &finding.remedy {
        Remedy::Change(change) => Some((change, assess_risk(engine, key, change))),
        _ => None,
    });
    changes.collect()
}

/// Why nothing is written of fixes each of which will break the program.
const ALL_WOULD_BREAK: &str =
    "each of these fixes would break the program, as far as its files say: ask for one alone";

/// Why a fix cannot be made whose value is not in the repository.
pub const NEEDS_VALUE: &str = "its value is not in these files: a registry has it, or a person";

/// Why there is nothing to write although nothing was withheld.
fn why_no_fix(
    engine: &AuditEngine,
    keys: &BTreeSet<&FindingKey>,
    findings: &[(FindingKey, &Finding)],
) -> String {
    if let Some(quiet) = keys.first().and_then(|key| engine.find_suppression(key)) {
        return format!("it is {quiet}");
    }
    let needs_value = findings.iter().any(|(_, finding)| matches!(finding.remedy, Remedy::Change(_)));
    let reason = if needs_value { NEEDS_VALUE } else { "its rule has no fix: a person must decide" };
    reason.to_owned()
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

/// The findings of the file that are gone once the batch is written.
pub(super) fn keys_resolved_by(engine: &AuditEngine, batch: &FixBatch, patch: &FilePatch) -> Vec<FindingKey> {
    if let Some(resolves) = batch.resolved_by_file.get(&patch.path) {
        return resolves.clone();
    }
    let kind = match engine.file(&patch.path) {
        Some((_, FileContent::Dockerfile(_))) => FileKind::Dockerfile,
        _ => FileKind::Manifest,
    };
    let after = engine.simulate_text(&patch.path, kind, patch.after.text(), &batch.planned_facts);
    let open = engine.open_findings(&patch.path);
    find_resolved(open.iter().map(|(key, _)| key), &after.findings)
}
