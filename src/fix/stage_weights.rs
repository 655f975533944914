//! Says what each finding of some files would come to in a stage of all that are of its decision, for the first screen's
//! marks and for the search: what a stage leaves out is no fix there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::fix_all::preview_fixes;
use super::fix_limits::par_map_paths;
use super::stage_planner::{GroupOrder, group_findings, plan_findings_of_group};
use super::{FixOffer, FixOffers, FixPlan, RegistryAnswers};
use crate::audit::AuditEngine;
use crate::finding::{FindingKey, FixRisk, Safety};
use crate::repo::RelPath;
use crate::rules::{RuleDecision, find_rule};

/// The offer for each open finding of the files, after those of each decision were planned together.
pub(super) fn weigh_fixes(engine: &AuditEngine, paths: &[RelPath], answers: &RegistryAnswers) -> FixOffers {
    let answers = answers.with_pins(engine.settings().image_pins());
    let keys: Vec<FindingKey> =
        paths.iter().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect();
    let orders = group_findings(engine, &keys);
    let orders: Vec<&GroupOrder> = orders.iter().collect();
    let weighed = par_map_paths(&orders, |(_, keys)| {
        let paths: BTreeSet<&RelPath> = keys.iter().map(|key| &key.path).collect();
        let mut offers: FixOffers = paths.into_iter().flat_map(|path| preview_fixes(engine, path)).collect();
        let mut settled = FixOffers::new();
        for keys in part_by_decision(keys) {
            let plan = plan_findings_of_group(engine, &keys, (&answers, FixRisk::MayBreak), &|| true);
            let own = keys.into_iter().filter_map(|key| offers.remove_entry(&key)).collect();
            settled.extend(settle_offers(own, &plan));
        }
        settled.extend(offers);
        settled
    });
    weighed.into_iter().flatten().collect()
}

/// The findings of each decision, which stand in rows of their own: each is staged by itself.
fn part_by_decision(keys: &[FindingKey]) -> Vec<Vec<FindingKey>> {
    let mut parts: BTreeMap<Option<RuleDecision>, Vec<FindingKey>> = BTreeMap::new();
    for key in keys {
        parts.entry(find_rule(key.rule).map(|rule| rule.decision)).or_default().push(key.clone());
    }
    parts.into_values().collect()
}

/// What is offered once a plan has shown what of it can be written, and what goes with it.
fn settle_offers(mut offers: FixOffers, plan: &FixPlan) -> FixOffers {
    let withheld: HashMap<&FindingKey, &String> =
        plan.withheld.iter().map(|(key, reason)| (key, reason)).collect();
    let breaking: BTreeSet<&FindingKey> = plan.breaking_fixes.iter().map(|fix| &fix.key).collect();
    let resolved: BTreeSet<&FindingKey> = plan.resolves.iter().collect();
    let is_written = |key: &FindingKey| plan.progress.fixed_keys.contains(key) || resolved.contains(key);
    for (key, offer) in &mut offers {
        let is_of_stage = matches!(offer, FixOffer::Fix { safety: Safety::Safe | Safety::Review, .. });
        if let Some(reason) = withheld.get(key).filter(|_| !is_written(key)) {
            *offer = FixOffer::Withheld((*reason).clone());
        } else if is_of_stage && !is_written(key) && !breaking.contains(key) {
            *offer = FixOffer::Withheld("it cannot be written together with the others".to_owned());
        }
    }
    let written: BTreeMap<DecidedObject, FixOffer> = offers
        .iter()
        .filter(|(key, offer)| {
            plan.progress.fixed_keys.contains(key) && matches!(offer, FixOffer::Fix { .. })
        })
        .map(|(key, offer)| (decided_object(key), offer.clone()))
        .collect();
    let along: Vec<(FindingKey, FixOffer)> = offers
        .iter()
        .filter(|(key, offer)| resolved.contains(key) && !matches!(offer, FixOffer::Fix { .. }))
        .filter_map(|(key, _)| Some((key.clone(), written.get(&decided_object(key))?.clone())))
        .collect();
    offers.extend(along);
    offers
}

/// The object about which a finding's decision is.
type DecidedObject = (RelPath, Option<Arc<str>>, Option<RuleDecision>);

fn decided_object(key: &FindingKey) -> DecidedObject {
    let decision = find_rule(key.rule).map(|rule| rule.decision);
    (key.path.clone(), key.subject.object.clone(), decision)
}
