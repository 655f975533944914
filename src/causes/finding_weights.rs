//! Weighs findings for whoever puts them in order: the worst severity first, less in tests, twice what more can reach.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cause_gathering::{own_decision, weigh_subject};
use super::cause_subjects::SubjectFinder;
use crate::audit::{AuditEngine, ListedFinding};
use crate::finding::{FindingKey, Severity};

/// What findings weigh together: the greatest stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CauseWeight {
    /// The worst; one lower for what stands in tests alone.
    pub severity: Severity,
    /// The sum over distinct objects and rules, in halves.
    pub halves: u32,
}

/// The weight of each open finding of a repository, but for those of severity info, which weigh nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingWeights {
    shares: HashMap<FindingKey, Vec<SubjectShare>>,
}

/// What a finding weighs in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SubjectShare {
    subject: SubjectKey,
    weight: SubjectWeight,
}

/// The name of a subject with its fingerprint: the same for copies.
pub(super) type SubjectKey = (Arc<str>, u64);

/// What is known of one object under one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SubjectWeight {
    pub severity: Severity,
    pub is_in_tests: bool,
    /// True where the object can be reached from outside, or its account holds a wide role.
    pub is_doubled: bool,
}

/// The weights of distinct objects under distinct rules, while they are added.
#[derive(Default)]
pub(super) struct WeightTally(BTreeMap<(SubjectKey, &'static str), SubjectWeight>);

impl FindingWeights {
    /// Weighs what is open in an audited repository.
    #[must_use]
    pub fn of_engine(engine: &AuditEngine) -> Self {
        let update = engine.full_update();
        let listed = update.findings.values().flat_map(|list| list.iter());
        let open: Vec<Arc<ListedFinding>> =
            listed.filter(|listed| listed.is_open() && listed.severity > Severity::Info).cloned().collect();
        Self::of_findings(&SubjectFinder::new(engine, &open), &open)
    }

    pub(super) fn of_findings(finder: &SubjectFinder, open: &[Arc<ListedFinding>]) -> Self {
        let weighed = open.iter().filter(|listed| listed.severity > Severity::Info).map(|listed| {
            let subjects = finder.subjects_of(listed, own_decision(listed));
            let shares = subjects.into_iter().map(|subject| {
                let weight = weigh_subject(listed, &subject);
                let fingerprint = subject.object.unwrap_or_default().fingerprint;
                SubjectShare { subject: (subject.name, fingerprint), weight }
            });
            (listed.key.clone(), shares.collect())
        });
        Self { shares: weighed.collect() }
    }

    /// What these findings weigh together; of a finding that stands in several objects only what it weighs in the one
    /// they are about, where it stands in that.
    #[must_use]
    pub fn total<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k FindingKey>,
        about: Option<&str>,
    ) -> CauseWeight {
        let mut tally = WeightTally::default();
        for key in keys {
            let shares = self.shares.get(key).map(Vec::as_slice).unwrap_or_default();
            let is_own = |share: &&SubjectShare| about == Some(&*share.subject.0);
            let has_own = shares.iter().any(|share| is_own(&share));
            for share in shares.iter().filter(|share| !has_own || is_own(share)) {
                tally.add_weight(share.subject.clone(), key.rule, share.weight);
            }
        }
        tally.total()
    }
}

impl WeightTally {
    /// Adds what an object weighs under a rule: the worst of it counts, once.
    pub(super) fn add_weight(&mut self, subject: SubjectKey, rule: &'static str, own: SubjectWeight) {
        let weight = self.0.entry((subject, rule)).or_insert(own);
        weight.severity = weight.severity.max(own.severity);
        weight.is_in_tests &= own.is_in_tests;
        weight.is_doubled |= own.is_doubled;
    }

    pub(super) fn total(&self) -> CauseWeight {
        let severity = self.0.values().map(SubjectWeight::ranked_severity).max();
        let halves = self.0.values().map(|weight| weight.in_halves()).sum();
        CauseWeight { severity: severity.unwrap_or(Severity::Info), halves }
    }

    /// The objects and rules that were added.
    pub(super) fn subjects(&self) -> impl Iterator<Item = (&SubjectKey, &'static str)> {
        self.0.keys().map(|(subject, rule)| (subject, *rule))
    }
}

impl SubjectWeight {
    /// One lower for what stands in tests alone.
    fn ranked_severity(&self) -> Severity {
        if self.is_in_tests { lower_severity(self.severity) } else { self.severity }
    }

    fn in_halves(self) -> u32 {
        let halves = if self.is_in_tests { 1 } else { 2 };
        self.severity.weight() * halves * if self.is_doubled { 2 } else { 1 }
    }
}

/// The severity below; what is low stays low.
const fn lower_severity(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
        Severity::Info => Severity::Info,
    }
}
