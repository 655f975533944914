//! Keeps the outcome of each rule for one subject, for the score.

use crate::rules::{ALL_RULES, Rule, RuleOutcome};

/// An outcome for each rule in the order of the registry; none where the rule was not run on the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectOutcomes(Box<[Option<RuleOutcome>]>);

impl SubjectOutcomes {
    pub(super) fn new() -> Self {
        Self(vec![None; ALL_RULES.len()].into())
    }

    /// Each rule with the slot for its outcome.
    pub(super) fn outcome_slots(
        &mut self,
    ) -> impl Iterator<Item = (&'static Rule, &mut Option<RuleOutcome>)> {
        ALL_RULES.iter().copied().zip(&mut self.0)
    }

    /// The rules that were run on the subject, with their outcomes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static Rule, RuleOutcome)> {
        ALL_RULES.iter().copied().zip(&self.0).filter_map(|(rule, verdict)| Some((rule, (*verdict)?)))
    }

    /// Keeps of each rule the worse of both outcomes.
    pub(super) fn add_worst(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own = (*own).max(*other));
    }

    /// True where one of these rules has an unknown outcome.
    pub(super) fn any_unknown(&self, rules: &[&str]) -> bool {
        self.iter().any(|(rule, verdict)| verdict == RuleOutcome::Unknown && rules.contains(&rule.id))
    }
}
