//! Many fixes at once: what `check` offers, and what `fix` writes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::draft::{Draft, Step};
use super::planner::{class, of_file, resolved};
use super::{FindingKey, Offer, Offers, Outcome};
use crate::audit::Engine;
use crate::finding::{Finding, Remedy, Safety};
use crate::repo::RelPath;
use crate::store::Store;

/// The offer for each finding of the store: that its fix can be proven together with all others of its file, or with
/// as many of them as go together.
#[must_use]
pub fn offers(engine: &Engine, store: &Store) -> Offers {
    let per_file = for_each_file(store, |path, findings| offers_of(engine, path, findings));
    per_file.into_iter().flatten().collect()
}

/// All fixes of the classes up to `safety` of the rules that are asked for.
#[must_use]
pub fn everything(
    engine: &Engine,
    store: &Store,
    safety: Safety,
    asked: impl Fn(&str) -> bool + Sync,
) -> Outcome {
    let per_file = for_each_file(store, |path, findings| {
        let findings: Vec<_> = findings.iter().copied().filter(|(key, _)| asked(key.rule)).collect();
        let plan = of_file(engine, path, &findings, safety);
        let resolves = plan.patch.as_ref().map(|patch| resolved(engine, store, patch)).unwrap_or_default();
        Outcome { patches: plan.patch.into_iter().collect(), resolves, withheld: plan.withheld }
    });
    let mut outcome = Outcome::default();
    for file in per_file {
        outcome.patches.extend(file.patches);
        outcome.resolves.extend(file.resolves);
        outcome.withheld.extend(file.withheld);
    }
    outcome
}

fn offers_of(
    engine: &Engine,
    path: &RelPath,
    findings: &[(&FindingKey, &Finding)],
) -> Vec<(FindingKey, Offer)> {
    let Some(draft) = Draft::of(engine, path) else { return Vec::new() };
    let plan = of_file(engine, path, findings, Safety::Review);
    let withheld: BTreeMap<&FindingKey, &String> =
        plan.withheld.iter().map(|(key, reason)| (key, reason)).collect();
    let steps: Vec<(&str, Vec<Step>)> = findings
        .iter()
        .filter_map(|(key, finding)| match &finding.remedy {
            Remedy::Change(change) if plan.mended.contains(key) => {
                Some((key.rule, draft.steps(&[change]).ok()?))
            }
            _ => None,
        })
        .collect();
    let resolves = |rule: &'static str, own: &[Step]| {
        let mut rules = vec![rule];
        for (other, theirs) in &steps {
            let within = !theirs.is_empty() && theirs.iter().all(|step| own.contains(step));
            if let Some(other) = crate::rules::find(other).map(|rule| rule.id)
                && within
                && !rules.contains(&other)
            {
                rules.push(other);
            }
        }
        rules
    };
    findings
        .iter()
        .map(|(key, finding)| {
            let offer = match (&finding.remedy, withheld.get(key)) {
                (Remedy::None, _) => Offer::None,
                (_, Some(reason)) => Offer::Withheld((*reason).clone()),
                (Remedy::Withheld(reason), None) => Offer::Withheld(reason.clone()),
                (Remedy::Change(change), None) => {
                    let safety = class(&draft, change).unwrap_or(Safety::Value);
                    let own = draft.steps(&[change]).unwrap_or_default();
                    Offer::Fix { title: change.title.clone(), safety, resolves: resolves(key.rule, &own) }
                }
            };
            ((*key).clone(), offer)
        })
        .collect()
}

/// Does the work for each file with open findings, on all processors; the results in the order of the files.
fn for_each_file<T: Send>(
    store: &Store,
    work: impl Fn(&RelPath, &[(&FindingKey, &Finding)]) -> T + Sync,
) -> Vec<T> {
    let paths: Vec<&RelPath> = store.files().map(|file| &file.path).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len().max(1));
    let queue = Mutex::new(paths.iter().enumerate());
    let run = || {
        let mut done = Vec::new();
        while let Some((at, path)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            let listed = store.findings_in(path);
            let open = listed.iter().filter(|(_, listed)| listed.suppressed.is_none());
            let findings: Vec<(&FindingKey, &Finding)> =
                open.map(|(key, listed)| (key, &listed.finding)).collect();
            if !findings.is_empty() {
                done.push((at, work(path, &findings)));
            }
        }
        done
    };
    let mut results = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
