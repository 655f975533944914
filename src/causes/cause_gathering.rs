//! Gathers open findings into root causes: what somebody wrote by object, what nobody wrote by decision.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::case_groups::CaseGroups;
use super::cause_subjects::{CauseSubject, SubjectFinder, SubjectKind, is_test_path, secret_name};
use super::finding_weights::{CauseWeight, SubjectKey, SubjectWeight, WeightTally};
use super::{CauseId, RootCause};
use crate::audit::{DeployedObject, ListedFinding};
use crate::finding::Severity;
use crate::rules::{RuleDecision, find_rule};

/// Gathers all causes of these open findings, in the order of their identities.
pub(super) fn gather_causes(finder: &SubjectFinder, open: &[Arc<ListedFinding>]) -> Vec<RootCause> {
    let mut gathered: BTreeMap<CauseId, CauseDraft> = BTreeMap::new();
    let node_cases = node_cases(open, finder);
    let mut groups = CaseGroups::default();
    let judged: Vec<_> = open
        .iter()
        .map(|listed| {
            let decision = decision_of(listed, &node_cases, finder);
            let subjects = finder.subjects_of(listed, decision);
            if is_case(listed, decision) {
                groups.join(decision, &subjects.iter().map(|subject| &subject.name).collect());
            }
            (listed, decision, subjects)
        })
        .collect();
    for (listed, decision, subjects) in judged {
        for id in cause_ids((listed, decision), &subjects, &groups) {
            let about = subjects.iter().filter(|subject| is_about(&id, &subject.name, &groups));
            let about: Vec<&CauseSubject> = about.collect();
            gathered.entry(id).or_default().add_finding(listed, &about);
        }
    }
    gathered.into_iter().map(|(id, draft)| draft.into_cause(id)).collect()
}

/// The objects that have power over their node. A root user of theirs belongs to that.
fn node_cases(open: &[Arc<ListedFinding>], finder: &SubjectFinder) -> HashSet<Arc<str>> {
    let is_case = |listed: &&Arc<ListedFinding>| own_decision(listed) == RuleDecision::NodePower;
    let cases = open.iter().filter(is_case);
    cases
        .flat_map(|listed| finder.subjects_of(listed, RuleDecision::NodePower))
        .map(|subject| subject.name)
        .collect()
}

pub(super) fn own_decision(listed: &ListedFinding) -> RuleDecision {
    let own = find_rule(listed.key.rule).map_or(RuleDecision::BrokenFile, |rule| rule.decision);
    own.for_severity(listed.severity)
}

fn decision_of(
    listed: &ListedFinding,
    node_cases: &HashSet<Arc<str>>,
    finder: &SubjectFinder,
) -> RuleDecision {
    let own = own_decision(listed);
    let is_of_case = || {
        let subjects = finder.subjects_of(listed, own);
        subjects.iter().all(|subject| node_cases.contains(&subject.name))
    };
    if listed.key.rule == "root-user" && is_of_case() { RuleDecision::NodePower } else { own }
}

/// The identities of what a finding belongs to: a case of the objects in which it stands, or one habit.
fn cause_ids(
    (listed, decision): (&ListedFinding, RuleDecision),
    subjects: &[CauseSubject],
    groups: &CaseGroups,
) -> Vec<CauseId> {
    if !is_case(listed, decision) {
        return vec![CauseId { decision, about: None }];
    }
    if decision == RuleDecision::WrittenSecret {
        return vec![CauseId { decision, about: Some(secret_name(listed)) }];
    }
    let names: BTreeSet<Arc<str>> =
        subjects.iter().map(|subject| groups.lead_of(decision, &subject.name)).collect();
    names.into_iter().map(|name| CauseId { decision, about: Some(name) }).collect()
}

/// True for what somebody wrote: it is a decision about what it stands in.
fn is_case(listed: &ListedFinding, decision: RuleDecision) -> bool {
    decision.is_case() && listed.severity >= Severity::High
}

fn is_about(id: &CauseId, name: &Arc<str>, groups: &CaseGroups) -> bool {
    let is_its = |about: &Arc<str>| *about == groups.lead_of(id.decision, name);
    id.decision == RuleDecision::WrittenSecret || id.about.as_ref().is_none_or(is_its)
}

/// A cause while it is gathered.
#[derive(Default)]
struct CauseDraft {
    findings: Vec<Arc<ListedFinding>>,
    weights: WeightTally,
    /// The files and units in which each subject stands.
    places: BTreeMap<SubjectKey, BTreeSet<String>>,
    workloads: BTreeSet<Arc<str>>,
    dockerfiles: BTreeSet<Arc<str>>,
    is_reachable: bool,
}

impl CauseDraft {
    fn add_finding(&mut self, listed: &Arc<ListedFinding>, subjects: &[&CauseSubject]) {
        self.findings.push(listed.clone());
        for subject in subjects {
            let DeployedObject { fingerprint, is_reachable, .. } = subject.object.unwrap_or_default();
            match subject.kind {
                SubjectKind::Workload => drop(self.workloads.insert(subject.name.clone())),
                SubjectKind::Dockerfile => drop(self.dockerfiles.insert(subject.name.clone())),
                SubjectKind::Other => {}
            }
            let key = (subject.name.clone(), fingerprint);
            self.is_reachable |= is_reachable;
            self.weights.add_weight(key.clone(), listed.key.rule, weigh_subject(listed, subject));
            self.places.entry(key).or_default().insert(place_of(listed));
        }
    }

    fn into_cause(self, id: CauseId) -> RootCause {
        let CauseWeight { severity, halves } = self.weights.total();
        let mut subjects_by_rule: BTreeMap<&'static str, BTreeSet<Arc<str>>> = BTreeMap::new();
        for ((name, _), rule) in self.weights.subjects() {
            subjects_by_rule.entry(rule).or_default().insert(name.clone());
        }
        let mut kinds_by_name: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        self.places.keys().for_each(|(name, _)| *kinds_by_name.entry(name).or_default() += 1);
        RootCause {
            severity,
            weight: halves,
            copies: self.places.values().map(|places| places.len().saturating_sub(1)).sum(),
            differing: kinds_by_name.values().map(|kinds| kinds - 1).sum(),
            is_reachable: self.is_reachable,
            workloads: self.workloads,
            dockerfiles: self.dockerfiles,
            findings: self.findings,
            subjects_by_rule,
            id,
        }
    }
}

/// What an object weighs under the rule of a finding.
pub(super) fn weigh_subject(listed: &ListedFinding, subject: &CauseSubject) -> SubjectWeight {
    let DeployedObject { is_reachable, has_wide_role, .. } = subject.object.unwrap_or_default();
    SubjectWeight {
        severity: listed.severity,
        is_in_tests: is_test_path(listed.key.path.as_str()),
        is_doubled: is_reachable || has_wide_role,
    }
}

/// Where a finding stands: its file, however often.
fn place_of(listed: &ListedFinding) -> String {
    listed.key.path.as_str().to_owned()
}
