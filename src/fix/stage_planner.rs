//! Plans the fixes of a stage for the app, group by group: the first are there at once, and one is planned anew alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::assess_risk::own_cautions;
use super::file_fixer::FileFixer;
use super::fix_all::preview_fixes;
use super::fix_limits::{FixLimits, par_map_paths};
use super::plan_findings::{keys_resolved_by, open_findings_of};
use super::staged_group::{StagedBlock, StagedFix, StagedGroup, StagedPatch};
use super::values::find_value_lines;
use super::{FixOffer, FixOffers, FixPlan, RegistryAnswers, fix_batch};
use crate::audit::AuditEngine;
use crate::finding::{AssessedFix, Edit, Finding, FindingKey, FixRisk, Safety};
use crate::repo::{FileKind, FilePatch, PathBase, RelPath};
use crate::text::diff::{ChangedBlock, changed_blocks};
use crate::yaml::edit;

/// The groups that are planned before the first are shown, and the most that are planned at once later.
const FIRST_GROUPS: usize = 8;
const MAX_GROUPS: usize = 128;

/// Findings to be planned together, with the name of their group.
pub(super) type GroupOrder = (RelPath, Vec<FindingKey>);

/// Plans these findings, and reports groups as they are ready, with the number of findings planned so far. Stops soon
/// after it is awaited no more; false then.
pub(super) fn plan_stage(
    engine: &AuditEngine,
    keys: &[FindingKey],
    (answers, max_risk, is_awaited): (&RegistryAnswers, FixRisk, &(dyn Fn() -> bool + Sync)),
    report: &mut dyn FnMut(Vec<StagedGroup>, usize),
) -> bool {
    let answers = answers.with_pins(engine.settings().image_pins());
    let orders = group_findings(engine, keys);
    let (mut done, mut at, mut size) = (0, 0, FIRST_GROUPS);
    while at < orders.len() {
        let part: Vec<&GroupOrder> = orders[at..].iter().take(size).collect();
        let planned = par_map_paths(&part, |order| {
            is_awaited().then(|| plan_group(engine, order, (&answers, max_risk), is_awaited))
        });
        if !is_awaited() {
            return false;
        }
        done += part.iter().map(|(_, keys)| keys.len()).sum::<usize>();
        (at, size) = (at + part.len(), (size * 2).min(MAX_GROUPS));
        report(planned.into_iter().flatten().collect(), done);
    }
    true
}

/// Parts findings by the files that depend on one another, in the order in which they were asked for.
pub(super) fn group_findings(engine: &AuditEngine, keys: &[FindingKey]) -> Vec<GroupOrder> {
    let mut files = JoinedFiles::default();
    let base = PathBase::new(&engine.settings().root_prefix);
    for (container, link) in engine.index().iter_links() {
        files.join(&engine.record_path(&base.path_for_people(&container.path)), &link.dockerfile);
    }
    for folder in engine.chart_folders() {
        let mut paths = engine.chart_files(folder);
        if let Some(first) = paths.next() {
            paths.for_each(|path| files.join(first, path));
        }
    }
    let names = files.name_groups();
    let mut places: HashMap<RelPath, usize> = HashMap::new();
    let mut orders: Vec<GroupOrder> = Vec::new();
    for key in keys {
        let name = names.get(&key.path).unwrap_or(&key.path);
        let at = *places.entry(name.clone()).or_insert_with(|| {
            orders.push((name.clone(), Vec::new()));
            orders.len() - 1
        });
        orders[at].1.push(key.clone());
    }
    orders
}

/// Files that depend on one another.
#[derive(Default)]
struct JoinedFiles {
    numbers: HashMap<RelPath, usize>,
    /// The file that each leads to; one that leads to itself stands for its group.
    leads: Vec<usize>,
}

impl JoinedFiles {
    fn join(&mut self, one: &RelPath, other: &RelPath) {
        let [one, other] = [one, other].map(|path| {
            let next = self.leads.len();
            let number = *self.numbers.entry(path.clone()).or_insert(next);
            if number == next {
                self.leads.push(next);
            }
            self.find_lead(number)
        });
        self.leads[one] = other;
    }

    fn find_lead(&mut self, mut number: usize) -> usize {
        while self.leads[number] != number {
            self.leads[number] = self.leads[self.leads[number]];
            number = self.leads[number];
        }
        number
    }

    /// The name of each file's group: the first of its files.
    fn name_groups(mut self) -> HashMap<RelPath, RelPath> {
        let mut paths: Vec<(RelPath, usize)> = std::mem::take(&mut self.numbers).into_iter().collect();
        paths.sort();
        let mut firsts: HashMap<usize, RelPath> = HashMap::new();
        let named = paths.into_iter().map(|(path, number)| {
            let lead = self.find_lead(number);
            let name = firsts.entry(lead).or_insert_with(|| path.clone()).clone();
            (path, name)
        });
        named.collect()
    }
}

/// The plan for these findings alone, with all that is gone once it is written.
pub(super) fn plan_findings_of_group(
    engine: &AuditEngine,
    keys: &[FindingKey],
    (answers, max_risk): (&RegistryAnswers, FixRisk),
    is_awaited: &(dyn Fn() -> bool + Sync),
) -> FixPlan {
    let asked: BTreeSet<&FindingKey> = keys.iter().collect();
    let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    // What would break a program is never part of a stage, also where it is all that there is.
    let none = BTreeSet::new();
    let limits = FixLimits::of_class(Safety::Review, answers, &none);
    let limits = FixLimits { max_risk, writes_templates: true, ..limits };
    let mut plan = fix_batch::fix_files(engine, limits, &paths, |key| is_awaited() && asked.contains(key));
    plan.resolves = plan.patches.iter().flat_map(|patch| keys_resolved_by(engine, &plan, patch)).collect();
    plan
}

fn plan_group(
    engine: &AuditEngine,
    (id, keys): &GroupOrder,
    (answers, max_risk): (&RegistryAnswers, FixRisk),
    is_awaited: &(dyn Fn() -> bool + Sync),
) -> StagedGroup {
    let mut plan = plan_findings_of_group(engine, keys, (answers, max_risk), is_awaited);
    let found = open_findings_of(engine, &keys.iter().collect());
    let (fixes, findings) = list_fixes(&plan, &found);
    let patches = plan.patches.iter().map(|patch| StagedPatch {
        patch: patch.clone(),
        blocks: match plan.progress.line_fixes.get(&patch.path) {
            Some(lines) => assign_by_lines(patch, lines, &fixes),
            None => assign_blocks(engine, answers, patch, (&fixes, &findings)),
        },
    });
    let mut patches: Vec<StagedPatch> = patches.collect();
    patches.iter_mut().for_each(|patch| note_values(engine, patch, &findings));
    note_unplanned(engine, &mut plan, &found, max_risk);
    StagedGroup {
        id: id.clone(),
        keys: keys.clone(),
        patches,
        fixes,
        withheld: plan.withheld,
        breaking_fixes: plan.breaking_fixes,
        resolves: plan.resolves,
    }
}

/// The fixes that the plan holds of these findings, and the findings.
fn list_fixes<'f>(
    plan: &FixPlan,
    found: &'f [(FindingKey, &'f Finding)],
) -> (Vec<StagedFix>, Vec<&'f Finding>) {
    let mut listed = (Vec::new(), Vec::new());
    for (key, finding) in found.iter().filter(|(key, _)| plan.progress.fixed_keys.contains(key)) {
        let Some(fix) = finding.available_fix() else { continue };
        let assessed = plan.progress.assessments.get(key).cloned().unwrap_or_default();
        listed.0.push(StagedFix {
            key: key.clone(),
            title: fix.title.to_string(),
            is_safe: assessed.risk == FixRisk::None,
            risk: assessed.risk,
            cautions: own_cautions(fix, &assessed).map(ToString::to_string).collect(),
            evidence: assessed.evidence.iter().map(ToString::to_string).collect(),
        });
        listed.1.push(*finding);
    }
    listed
}

/// Notes the reason for the findings that are neither fixed nor withheld.
fn note_unplanned(
    engine: &AuditEngine,
    plan: &mut FixPlan,
    found: &[(FindingKey, &Finding)],
    max_risk: FixRisk,
) {
    let mut known: BTreeSet<&FindingKey> = plan.withheld.iter().map(|(key, _)| key).collect();
    known.extend(plan.breaking_fixes.iter().map(|fix| &fix.key));
    known.extend(plan.resolves.iter().chain(&plan.progress.fixed_keys));
    let left: Vec<_> = found.iter().filter(|(key, _)| !known.contains(key)).collect();
    let (broken, left) = part_breaking(engine, left);
    plan.breaking_fixes.extend(broken);
    let reason = |finding: &Finding| match finding.available_fix() {
        Some(fix) if fix.safety != Safety::Value && max_risk == FixRisk::None => {
            "it may break the program: nothing here tells that it does not"
        }
        Some(_) => "its value is not in these files: a registry has it, or a person",
        None => "its rule has no fix: a person must decide",
    };
    let left: Vec<(FindingKey, String)> =
        left.into_iter().map(|(key, finding)| (key.clone(), reason(finding).to_owned())).collect();
    plan.withheld.extend(left);
}

/// Parts findings whose fixes would break their program, whatever value they are given, from the others.
fn part_breaking<'f>(
    engine: &AuditEngine,
    left: Vec<&'f (FindingKey, &'f Finding)>,
) -> (Vec<AssessedFix>, Vec<&'f (FindingKey, &'f Finding)>) {
    let paths: BTreeSet<&RelPath> = left
        .iter()
        .filter(|(_, finding)| finding.available_fix().is_some())
        .map(|(key, _)| &key.path)
        .collect();
    let offers: FixOffers = paths.into_iter().flat_map(|path| preview_fixes(engine, path)).collect();
    let mut parted = (Vec::new(), Vec::new());
    for one in left {
        match offers.get(&one.0) {
            Some(FixOffer::Fix { risk, .. }) if risk.will_break() => {
                parted.0.push(AssessedFix { key: one.0.clone(), assessment: risk.clone() });
            }
            _ => parted.1.push(one),
        }
    }
    parted
}

/// Notes which changes of a file hold no value that could be another. In charts it is not looked for.
fn note_values(engine: &AuditEngine, staged: &mut StagedPatch, findings: &[&Finding]) {
    let Some(lines) = find_value_lines(engine, &staged.patch) else { return };
    let names_image = |at: &usize| findings[*at].edits().iter().any(|edit| matches!(edit, Edit::Image(_)));
    for block in &mut staged.blocks {
        let own = block.block.after.clone();
        block.has_value =
            lines.iter().any(|line| own.contains(&(line - 1))) || block.fixes.iter().any(names_image);
    }
}

/// The changed lines of a chart's file, each with the fixes that made it.
fn assign_by_lines(
    patch: &FilePatch,
    lines: &BTreeMap<usize, Vec<FindingKey>>,
    fixes: &[StagedFix],
) -> Vec<StagedBlock> {
    let blocks = changed_blocks(patch.before.text(), patch.after.text()).into_iter();
    blocks
        .map(|block| {
            // Where lines only go, the next one is known for it.
            let end = block.after.end.max(block.after.start + 1);
            let makers: BTreeSet<&FindingKey> =
                lines.range(block.after.start..end).flat_map(|(_, keys)| keys).collect();
            let fixes = (0..fixes.len()).filter(|at| makers.contains(&fixes[*at].key)).collect();
            StagedBlock { block, fixes, has_value: true }
        })
        .collect()
}

/// The changed lines of a file, each with the fixes that make it: where there are several, by what each fix would change
/// alone.
fn assign_blocks(
    engine: &AuditEngine,
    answers: &RegistryAnswers,
    patch: &FilePatch,
    (fixes, findings): (&[StagedFix], &[&Finding]),
) -> Vec<StagedBlock> {
    let blocks = changed_blocks(patch.before.text(), patch.after.text());
    let own: Vec<usize> = (0..fixes.len()).filter(|at| fixes[*at].key.path == patch.path).collect();
    let mut assigned: Vec<StagedBlock> =
        blocks.into_iter().map(|block| StagedBlock { block, fixes: Vec::new(), has_value: true }).collect();
    let is_plain = engine.kind(&patch.path).is_some_and(|kind| kind != FileKind::Template);
    let fixer = FileFixer::for_file(engine, answers, &patch.path).filter(|_| is_plain && assigned.len() > 1);
    let mut known: BTreeMap<String, Vec<ChangedBlock>> = BTreeMap::new();
    for at in own {
        let edits = findings[at].edits();
        let alone = fixer.as_ref().map(|fixer| {
            known.entry(format!("{edits:?}")).or_insert_with(|| {
                let edits: Vec<&Edit> = edits.iter().collect();
                let text = fixer.make_text(&edits, edit::apply_edits).ok();
                text.map(|(_, text)| changed_blocks(patch.before.text(), &text)).unwrap_or_default()
            })
        });
        let touches = |staged: &StagedBlock| {
            alone.as_ref().is_none_or(|alone| alone.iter().any(|block| meets(&staged.block, block)))
        };
        let is_placed = assigned.iter().any(touches);
        // Where a fix would stand is not known: it is of all that changes here.
        for staged in &mut assigned {
            if !is_placed || touches(staged) {
                staged.fixes.push(at);
            }
        }
    }
    assigned
}

/// Whether two changes of a text are in one place.
const fn meets(one: &ChangedBlock, other: &ChangedBlock) -> bool {
    one.before.start <= other.before.end && other.before.start <= one.before.end
}
