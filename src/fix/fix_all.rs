//! Makes many fixes at once: those that `check` offers, and those that `fix` writes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::assess_risk::assess_risk;
use super::charts::{fix_charts, preview_chart_fixes, verified_chart_offers};
use super::file_fixer::FileFixer;
use super::fix_limits::{FixLimits, par_map_paths};
use super::kept_decisions::DecisionIndex;
use super::plan_findings::{describe_plan, keys_resolved_by, open_findings_of, plan_open_findings};
use super::planned_edit::PlannedEdit;
use super::pod::CannotFix;
use super::{FixOffer, FixOffers, FixPlan, RegistryAnswers, fix_batch, kustomize_caveats};
use crate::audit::{AuditEngine, ListedFinding};
use crate::finding::{AssessedFix, Edit, Finding, FindingKey, Fix, Safety};
use crate::project::FactOverrides;
use crate::repo::{FileKind, RelPath};

/// The most rounds of fixing, the first included: a fix may make another one possible.
const MAX_ROUNDS: usize = 3;

/// The most findings of one document that are looked at together for each part of a list.
const MAX_WHOLE_GROUP: usize = 4096;

/// The proof of all fixes of a repository, as far as offers depend on it: what could not be proven, and what charts offer.
/// Made once for all files, while the offers of a file are made when they are asked for: all at once they would take
/// many times the memory of the findings.
pub struct ProvenOffers<'a> {
    engine: &'a AuditEngine,
    answers: RegistryAnswers,
    withheld: BTreeMap<FindingKey, String>,
    charts: FixOffers,
    last_file: Mutex<Option<(RelPath, Arc<OpenFile<'a>>)>>,
}

/// What the offers of each part of a file's list look at.
struct OpenFile<'a> {
    documents: FindingsByDocument<'a>,
    decisions: Arc<DecisionIndex<'a>>,
}

/// Open findings by the document that their fixes change, if they change one.
type FindingsByDocument<'a> = BTreeMap<Option<usize>, Vec<(FindingKey, &'a Finding)>>;

fn document_of(finding: &Finding) -> Option<usize> {
    finding.edits().iter().find_map(Edit::document)
}

fn group_by_document(open: Vec<(FindingKey, &Finding)>) -> FindingsByDocument<'_> {
    let mut groups = FindingsByDocument::new();
    for (key, finding) in open {
        groups.entry(document_of(finding)).or_default().push((key, finding));
    }
    groups
}

impl<'a> ProvenOffers<'a> {
    /// Proves the fixes of the rules that `asked` accepts together, or as many of them as go together.
    pub(super) fn prove_fixes(engine: &'a AuditEngine, asked: impl Fn(&str) -> bool + Sync) -> Self {
        let answers = pinned_answers(engine);
        let none = BTreeSet::new();
        let reach =
            FixLimits { keeps_only_refusals: true, ..FixLimits::of_class(Safety::Review, &answers, &none) };
        let mut batch = fix_batch::fix_repository(engine, reach, |key| asked(key.rule));
        batch.withheld.extend(find_unproven(engine, &batch.breaking_fixes));
        let charts = verified_chart_offers(engine, &batch);
        let withheld = batch.withheld.into_iter().collect();
        Self { engine, withheld, charts, answers, last_file: Mutex::default() }
    }

    /// The offers for some of a file's findings, in its order: of all at once they would take many times the memory of
    /// the findings.
    #[must_use]
    pub fn offers_among(&self, path: &RelPath, listed: &[Arc<ListedFinding>]) -> FixOffers {
        let mut offers = Vec::new();
        if let Some(draft) = FileFixer::for_file(self.engine, &self.answers, path) {
            let open = self.open_file(path);
            let (groups, draft) = (&open.documents, draft.with_decisions(Arc::clone(&open.decisions)));
            let documents: BTreeSet<Option<usize>> =
                listed.iter().map(|listed| document_of(&listed.finding)).collect();
            for document in documents {
                let group = groups.get(&document).map(Vec::as_slice).unwrap_or_default();
                // A document is mostly asked for by few parts of the list; a very long one, or what belongs to none, by all.
                if listed.len() >= group.len() || group.len() <= MAX_WHOLE_GROUP {
                    add_offers(&draft, group.to_vec(), &self.withheld, &mut offers);
                    continue;
                }
                let asked = listed.iter().filter(|listed| listed.is_open());
                let own = asked.filter(|listed| document_of(&listed.finding) == document);
                let own = own.map(|listed| (listed.key.clone(), &*listed.finding));
                add_offers(&draft, own.collect(), &self.withheld, &mut offers);
            }
        } else {
            offers.extend(offers_without_edits(self.engine, path));
        }
        let charts = listed.iter().filter_map(|listed| self.charts.get_key_value(&listed.key));
        offers.extend(charts.map(|(key, offer)| (key.clone(), offer.clone())));
        offers.into_iter().collect()
    }

    /// What offers of a file look at; of the file that was asked about last it is still there.
    fn open_file(&self, path: &RelPath) -> Arc<OpenFile<'a>> {
        let mut last = self.last_file.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref().filter(|(known, _)| known == path) {
            Some((_, open)) => Arc::clone(open),
            None => {
                let open = Arc::new(OpenFile {
                    documents: group_by_document(self.engine.open_findings(path)),
                    decisions: Arc::new(DecisionIndex::of_file(self.engine, path)),
                });
                *last = Some((path.clone(), Arc::clone(&open)));
                open
            }
        }
    }

    /// The offers of every file.
    pub(super) fn all_offers(self) -> FixOffers {
        let paths: Vec<&RelPath> = self
            .engine
            .audited_paths_of_kind(FileKind::Dockerfile)
            .chain(self.engine.audited_paths_of_kind(FileKind::Manifest))
            .collect();
        let offers =
            par_map_paths(&paths, |path| offers_for_file(self.engine, &self.answers, path, &self.withheld));
        offers.into_iter().flatten().chain(self.charts).collect()
    }
}

/// Those among fixes that are left out of a batch which cannot be made, with the reason. They are proven together, and
/// by themselves only where that fails.
fn find_unproven(engine: &AuditEngine, breaking: &[AssessedFix]) -> Vec<(FindingKey, String)> {
    let keys: BTreeSet<&FindingKey> = breaking.iter().map(|fix| &fix.key).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let answers = pinned_answers(engine);
    let limits = FixLimits {
        writes_templates: true,
        keeps_only_keys: true,
        ..FixLimits::of_class(Safety::Review, &answers, &keys)
    };
    let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
    let proven = fix_batch::fix_files(engine, limits, &paths, |key| keys.contains(key));
    let alone: Vec<&FindingKey> =
        keys.iter().copied().filter(|key| !proven.progress.fixed_keys.contains(*key)).collect();
    let alone = par_map_paths(&alone, |key| {
        let no_plan = plan_open_findings(engine, std::slice::from_ref(key)).err()?;
        Some((key.clone(), no_plan.to_string()))
    });
    alone.into_iter().flatten().collect()
}

/// The offers for the findings of charts alone, proven as [`verified_fixes`] proves them.
pub(super) fn verified_fixes_of_charts(
    engine: &AuditEngine,
    asked: impl Fn(&str) -> bool + Sync,
) -> FixOffers {
    let answers = pinned_answers(engine);
    let paths = engine.chart_folders().flat_map(|folder| engine.chart_files(folder)).collect();
    let none = BTreeSet::new();
    let reach = FixLimits::of_class(Safety::Review, &answers, &none);
    let mut batch = FixPlan::default();
    batch.merge_plans(fix_charts(engine, reach, (&paths, &FactOverrides::default()), &|key: &FindingKey| {
        asked(key.rule)
    }));
    verified_chart_offers(engine, &batch)
}

/// No registry's answers: only what a person chose of images.
fn pinned_answers(engine: &AuditEngine) -> RegistryAnswers {
    RegistryAnswers::default().with_pins(engine.settings().image_pins())
}

/// All fixes of the classes up to `safety` of the rules that `asked` accepts, with registries' answers on images.
pub(super) fn fix_all(
    engine: &AuditEngine,
    safety: Safety,
    answers: &RegistryAnswers,
    asked: impl Fn(&str) -> bool + Sync,
) -> FixPlan {
    let answers = &answers.with_pins(engine.settings().image_pins());
    let none = BTreeSet::new();
    let reach = FixLimits::of_class(safety, answers, &none);
    let mut plan = fix_batch::fix_repository(engine, reach, |key| asked(key.rule));
    for _ in 1..MAX_ROUNDS {
        if !fix_again(engine, &mut plan, reach, &asked) {
            break;
        }
    }
    plan.resolves = plan.patches.iter().flat_map(|patch| keys_resolved_by(engine, &plan, patch)).collect();
    // `latest` with a digest is no finding any more, though no version could be named.
    let resolves: BTreeSet<&FindingKey> = plan.resolves.iter().collect();
    plan.withheld.retain(|(key, _)| !resolves.contains(key));
    let fixed = open_findings_of(engine, &plan.progress.fixed_keys.iter().collect());
    describe_plan(&mut plan, &fixed);
    if answers.names_images() {
        plan.cautions.extend(kustomize_caveats::image_caveats(
            engine,
            fixed.iter().map(|(key, finding)| (&key.path, *finding)),
        ));
    }
    plan
}

/// Fixes the findings that only the fixes so far have made fixable, so that a second run has nothing more to do: a
/// command can be given another once `sudo` is gone from it. True where there were any.
fn fix_again(
    engine: &AuditEngine,
    plan: &mut FixPlan,
    reach: FixLimits<'_>,
    asked: &(impl Fn(&str) -> bool + Sync),
) -> bool {
    if plan.patches.is_empty() {
        return false;
    }
    let fixed = engine.with_patches(&plan.patches);
    let more = fix_batch::fix_repository(&fixed, reach, |key| asked(key.rule));
    if !more.patches.is_empty() {
        // Proven was what stood before; what is gone of it in the end, only a look at the end can tell.
        plan.progress.resolved_by_file.clear();
    }
    let first: HashMap<RelPath, usize> =
        plan.patches.iter().enumerate().map(|(at, patch)| (patch.path.clone(), at)).collect();
    for patch in &more.patches {
        match first.get(&patch.path) {
            Some(at) => plan.patches[*at].after = patch.after.clone(),
            None => plan.patches.push(patch.clone()),
        }
    }
    plan.patches.retain(|patch| patch.before != patch.after);
    plan.progress.planned_facts.extend(more.progress.planned_facts);
    !more.patches.is_empty()
}

/// The offer for each finding of a file, as far as it is known before any fix is proven: [`verified_fixes`] may yet
/// withhold some of these.
pub(super) fn preview_fixes(engine: &AuditEngine, path: &RelPath) -> FixOffers {
    let answers = pinned_answers(engine);
    let Some(draft) = FileFixer::for_file(engine, &answers, path).map(FileFixer::without_proof) else {
        return preview_chart_fixes(engine, path)
            .unwrap_or_else(|| offers_without_edits(engine, path).into_iter().collect());
    };
    let open = engine.open_findings(path).into_iter();
    open.map(|(key, finding)| (key.clone(), preview_fix(&draft, &key, finding))).collect()
}

/// The same for some of the file's findings.
pub(super) fn preview_fixes_among(
    engine: &AuditEngine,
    path: &RelPath,
    listed: &[Arc<ListedFinding>],
) -> FixOffers {
    let answers = pinned_answers(engine);
    let Some(draft) = FileFixer::for_file(engine, &answers, path).map(FileFixer::without_proof) else {
        return offers_without_edits(engine, path).into_iter().collect();
    };
    let open = listed.iter().filter(|listed| listed.is_open());
    open.map(|listed| (listed.key.clone(), preview_fix(&draft, &listed.key, &listed.finding))).collect()
}

fn preview_fix(draft: &FileFixer<'_>, key: &FindingKey, finding: &Finding) -> FixOffer {
    match &finding.fix {
        Ok(None) => FixOffer::None,
        Err(reason) => FixOffer::Withheld(reason.clone()),
        Ok(Some(fix)) => match draft.safety_of(fix) {
            Ok(safety) => fix_offer(draft, key, fix, safety, vec![finding.rule]),
            Err(reason) => FixOffer::Withheld(reason),
        },
    }
}

/// The offers for a file, made document by document: where there are very many, the edits of all of them would take many
/// times the memory of the findings. Fixes of different documents resolve nothing of each other.
fn offers_for_file(
    engine: &AuditEngine,
    answers: &RegistryAnswers,
    path: &RelPath,
    withheld: &BTreeMap<FindingKey, String>,
) -> Vec<(FindingKey, FixOffer)> {
    let Some(draft) = FileFixer::for_file(engine, answers, path) else {
        return offers_without_edits(engine, path);
    };
    let open = engine.open_findings(path);
    let mut offers = Vec::with_capacity(open.len());
    for some in group_by_document(open).into_values() {
        add_offers(&draft, some, withheld, &mut offers);
    }
    offers
}

/// The reasons for the findings of a file that holds nothing to edit, such as a JSON patch; charts have offers of their own.
fn offers_without_edits(engine: &AuditEngine, path: &RelPath) -> Vec<(FindingKey, FixOffer)> {
    if engine.chart_of(path).is_some() {
        return Vec::new();
    }
    let withheld = |(key, finding): (FindingKey, &Finding)| {
        let reason = finding.withheld_reason()?.to_owned();
        Some((key, FixOffer::Withheld(reason)))
    };
    engine.open_findings(path).into_iter().filter_map(withheld).collect()
}

fn add_offers(
    draft: &FileFixer<'_>,
    open: Vec<(FindingKey, &Finding)>,
    withheld: &BTreeMap<FindingKey, String>,
    offers: &mut Vec<(FindingKey, FixOffer)>,
) {
    let plans: Vec<Result<Vec<PlannedEdit>, CannotFix>> =
        open.iter().map(|(_, finding)| draft.plan_edits(finding.edits())).collect();
    let steps = plans.iter().map(|plan| plan.as_deref().unwrap_or_default());
    let others = CoveredRules::index_by_edit(open.iter().map(|(key, _)| key.rule).zip(steps.clone()));
    for (((key, finding), plan), own) in open.iter().zip(&plans).zip(steps) {
        let offer = match (&finding.fix, withheld.get(key)) {
            (Ok(None), _) => FixOffer::None,
            (_, Some(reason)) => FixOffer::Withheld(reason.clone()),
            (Err(reason), None) => FixOffer::Withheld(reason.clone()),
            (Ok(Some(fix)), None) => {
                let is_undone = draft.find_undone_decision(&fix.edits).is_some();
                let safety = draft.safety_of_plan(fix, plan.as_deref()).ok().filter(|_| !is_undone);
                let safety = safety.unwrap_or(Safety::Value);
                fix_offer(draft, key, fix, safety, others.rules_covered_by(finding.rule, own))
            }
        };
        offers.push((key.clone(), offer));
    }
}

fn fix_offer(
    draft: &FileFixer<'_>,
    key: &FindingKey,
    fix: &Fix,
    safety: Safety,
    resolves: Vec<&'static str>,
) -> FixOffer {
    let risk = assess_risk(draft, key, fix);
    FixOffer::Fix { title: fix.title.clone(), safety: risk.class_of(safety), risk, resolves }
}

/// A finding by its place, its rule and the steps of its change.
type FindingEdits<'a> = (usize, &'static str, &'a [PlannedEdit]);

/// The edits of a file's findings, found by one of their steps: there may be very many.
struct CoveredRules<'a> {
    by_edit: HashMap<&'a PlannedEdit, Vec<FindingEdits<'a>>>,
}

impl<'a> CoveredRules<'a> {
    fn index_by_edit(changes: impl Iterator<Item = (&'static str, &'a [PlannedEdit])> + Clone) -> Self {
        let mut common: HashMap<&PlannedEdit, usize> = HashMap::new();
        let (mut by_step, mut seen) = (HashMap::<_, Vec<_>>::new(), HashSet::new());
        for (_, steps) in changes.clone() {
            steps.iter().for_each(|step| *common.entry(step).or_default() += 1);
        }
        for (at, (rule, steps)) in changes.enumerate() {
            // Containers often share a change; the step that the fewest findings have selects best.
            let rarest = steps.iter().min_by_key(|step| common[step]);
            if let Some(rarest) = rarest.filter(|_| seen.insert((rule, steps))) {
                by_step.entry(rarest).or_default().push((at, rule, steps));
            }
        }
        Self { by_edit: by_step }
    }

    /// The rules whose whole change is part of `own`: `rule` first, the others in the order of the file.
    fn rules_covered_by(&self, rule: &'static str, own: &[PlannedEdit]) -> Vec<&'static str> {
        let all: HashSet<&PlannedEdit> = own.iter().collect();
        let candidates = own.iter().filter_map(|step| self.by_edit.get(step)).flatten();
        let within = candidates.filter(|(_, _, theirs)| theirs.iter().all(|step| all.contains(step)));
        let mut within: Vec<(usize, &'static str)> = within.map(|(at, rule, _)| (*at, *rule)).collect();
        within.sort_unstable();
        let mut rules = vec![rule];
        for (_, other) in within {
            if !rules.contains(&other) {
                rules.push(other);
            }
        }
        rules
    }
}
