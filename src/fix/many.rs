//! Many fixes at once: what `check` offers, and what `fix` writes.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::assess::assess_risk;
use super::batch::{self, Batch, Reach, for_each};
use super::draft::{Draft, Step};
use super::kustomized;
use super::planner::{findings, plan, resolved};
use super::{Answers, Offer, Offers, Outcome};
use crate::audit::Engine;
use crate::finding::FindingKey;
use crate::finding::{Change, Finding, Remedy, Safety};
use crate::repo::{FileKind, RelPath};

/// How often what fixes have made mendable is mended in turn, the first time included.
const ROUNDS: usize = 3;

/// The offer for each finding of the rules that are asked for: that its fix can be proven together with all others, or
/// with as many of them as go together.
#[must_use]
pub fn offers(engine: &Engine, asked: impl Fn(&str) -> bool + Sync) -> Offers {
    let answers = Answers::default();
    let reach = Reach { safety: Safety::Review, answers: &answers, alone: None };
    let mut batch = batch::mend(engine, reach, |key| asked(key.rule));
    // What is part of no block is proven by itself.
    let alone: Vec<&FindingKey> = batch.left_out.iter().map(|fix| &fix.key).collect();
    let alone = for_each(&alone, |key| Some((key.clone(), plan(engine, std::slice::from_ref(key)).err()?)));
    batch.withheld.extend(alone.into_iter().flatten());
    let withheld: BTreeMap<&FindingKey, &String> =
        batch.withheld.iter().map(|(key, reason)| (key, reason)).collect();
    let paths: Vec<&RelPath> =
        engine.paths(FileKind::Dockerfile).chain(engine.paths(FileKind::Manifest)).collect();
    let offers = for_each(&paths, |path| offers_of(engine, &answers, path, &withheld));
    offers.into_iter().flatten().collect()
}

/// All fixes of the classes up to `safety` of the rules that are asked for.
#[must_use]
pub fn everything(engine: &Engine, safety: Safety, asked: impl Fn(&str) -> bool + Sync) -> Outcome {
    everything_with(engine, safety, &Answers::default(), asked)
}

/// The same, with what registries said of images.
#[must_use]
pub fn everything_with(
    engine: &Engine,
    safety: Safety,
    answers: &Answers,
    asked: impl Fn(&str) -> bool + Sync,
) -> Outcome {
    let reach = Reach { safety, answers, alone: None };
    let mut batch = batch::mend(engine, reach, |key| asked(key.rule));
    for _ in 1..ROUNDS {
        if !mend_more(engine, &mut batch, reach, &asked) {
            break;
        }
    }
    let resolves: Vec<FindingKey> =
        batch.patches.iter().flat_map(|patch| resolved(engine, &batch, patch)).collect();
    // `latest` with a digest is no finding any more, though no version could be named.
    batch.withheld.retain(|(key, _)| !resolves.contains(key));
    let mut cautions = Vec::new();
    if !answers.is_empty() {
        let mended = findings(engine, &batch.mended.iter().collect());
        let mended = mended.iter().map(|(key, finding)| (&key.path, *finding));
        cautions = kustomized::cautions(engine, mended);
    }
    let Batch { patches, withheld, left_out, .. } = batch;
    Outcome { patches, resolves, withheld, cautions, left_out }
}

/// Mends what only the fixes so far have made mendable, so that a second run finds nothing more to do: a command can be
/// given another once `sudo` is gone from it. Whether there was anything.
fn mend_more(
    engine: &Engine,
    batch: &mut Batch,
    reach: Reach<'_>,
    asked: &(impl Fn(&str) -> bool + Sync),
) -> bool {
    if batch.patches.is_empty() {
        return false;
    }
    let mended = engine.with_texts(&batch.patches);
    let more = batch::mend(&mended, reach, |key| asked(key.rule));
    if !more.patches.is_empty() {
        // Proven was what stood before; what is gone of it in the end, only a look at the end can tell.
        batch.resolves.clear();
    }
    for patch in &more.patches {
        match batch.patches.iter_mut().find(|first| first.path == patch.path) {
            Some(first) => first.after = patch.after.clone(),
            None => batch.patches.push(patch.clone()),
        }
    }
    batch.patches.retain(|patch| patch.before != patch.after);
    batch.facts.extend(more.facts);
    !more.patches.is_empty()
}

/// What would mend each finding of a file, as far as it can be told before any of it is proven: of what is told here,
/// [`offers`] may yet withhold some.
#[must_use]
pub fn prospects(engine: &Engine, path: &RelPath) -> Offers {
    let answers = Answers::default();
    let Some(draft) = Draft::of(engine, &answers, path).map(Draft::unproven) else { return Offers::new() };
    let prospect = |key: &FindingKey, finding: &Finding| match &finding.remedy {
        Remedy::None => Offer::None,
        Remedy::Withheld(reason) => Offer::Withheld(reason.clone()),
        Remedy::Change(change) => match draft.safety(change) {
            Ok(safety) => offer(engine, key, change, safety, vec![finding.rule]),
            Err(reason) => Offer::Withheld(reason),
        },
    };
    let open = engine.open(path).into_iter();
    open.map(|(key, finding)| (key.clone(), prospect(&key, finding))).collect()
}

fn offers_of(
    engine: &Engine,
    answers: &Answers,
    path: &RelPath,
    withheld: &BTreeMap<&FindingKey, &String>,
) -> Vec<(FindingKey, Offer)> {
    let Some(draft) = Draft::of(engine, answers, path) else { return Vec::new() };
    let open = engine.open(path);
    let steps: Vec<Vec<Step>> = open.iter().map(|(_, finding)| steps(&draft, finding)).collect();
    let others = Others::of(open.iter().map(|(key, _)| key.rule).zip(&steps));
    let mut offers = Vec::new();
    for ((key, finding), own) in open.iter().zip(&steps) {
        let offer = match (&finding.remedy, withheld.get(key)) {
            (Remedy::None, _) => Offer::None,
            (_, Some(reason)) => Offer::Withheld((*reason).clone()),
            (Remedy::Withheld(reason), None) => Offer::Withheld(reason.clone()),
            (Remedy::Change(change), None) => {
                let safety = draft.safety(change).unwrap_or(Safety::Value);
                offer(engine, key, change, safety, others.within(finding.rule, own))
            }
        };
        offers.push((key.clone(), offer));
    }
    offers
}

fn offer(
    engine: &Engine,
    key: &FindingKey,
    change: &Change,
    safety: Safety,
    resolves: Vec<&'static str>,
) -> Offer {
    let risk = assess_risk(engine, key, change);
    Offer::Fix { title: change.title.clone(), safety: risk.class_of(safety), risk, resolves }
}

fn steps(draft: &Draft<'_>, finding: &Finding) -> Vec<Step> {
    match &finding.remedy {
        Remedy::Change(change) => draft.steps(&[change]).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A finding by its place, its rule and the steps of its change.
type Stepped<'a> = (usize, &'static str, &'a [Step]);

/// What the changes of a file's findings come to, found by one of their steps: there may be very many.
struct Others<'a> {
    by_step: HashMap<&'a Step, Vec<Stepped<'a>>>,
}

impl<'a> Others<'a> {
    fn of(changes: impl Iterator<Item = (&'static str, &'a Vec<Step>)> + Clone) -> Self {
        let mut common: HashMap<&Step, usize> = HashMap::new();
        let (mut by_step, mut seen) = (HashMap::<_, Vec<_>>::new(), HashSet::new());
        for (_, steps) in changes.clone() {
            steps.iter().for_each(|step| *common.entry(step).or_default() += 1);
        }
        for (at, (rule, steps)) in changes.enumerate() {
            // Containers often share a change; the step that the fewest have tells most.
            let rarest = steps.iter().min_by_key(|step| common[step]);
            if let Some(rarest) = rarest.filter(|_| seen.insert((rule, steps))) {
                by_step.entry(rarest).or_default().push((at, rule, steps.as_slice()));
            }
        }
        Self { by_step }
    }

    /// The rules whose whole change is part of `own`: `rule` first, the others in the order of the file.
    fn within(&self, rule: &'static str, own: &[Step]) -> Vec<&'static str> {
        let all: HashSet<&Step> = own.iter().collect();
        let candidates = own.iter().filter_map(|step| self.by_step.get(step)).flatten();
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
