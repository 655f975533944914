//! Computes the score for the apps and the repository: the share of applicable rules that are met, by weight.

use super::subject_outcomes::SubjectOutcomes;
use crate::finding::Severity;
use crate::rules::{Rule, RuleOutcome, RuleTheme};
use crate::settings::Settings;

/// The factor of an open finding on an app's score, however much else is met: never above 40, or 70.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ScoreFactor {
    #[default]
    Whole,
    OpenHigh,
    OpenCritical,
}

impl ScoreFactor {
    /// The factor of one open finding.
    pub(super) const fn from_severity(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::OpenCritical,
            Severity::High => Self::OpenHigh,
            Severity::Medium | Severity::Low | Severity::Info => Self::Whole,
        }
    }

    /// The factor in tenths: a plain cap would stick at 70 in most apps and hide what a fix gains.
    const fn as_tenths(self) -> u32 {
        match self {
            Self::Whole => 10,
            Self::OpenHigh => 7,
            Self::OpenCritical => 4,
        }
    }
}

/// The numbers of apps whose score an open finding holds down, by the most severe of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactorCounts {
    /// Apps with an open critical finding: their score is times 0.4.
    pub critical: usize,
    /// Apps with an open high finding and no critical one: their score is times 0.7.
    pub high: usize,
}

/// The weights met and applicable. An unknown outcome counts in neither, nor does a rule that does not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ScoreTally {
    passed_weight: u32,
    applicable_weight: u32,
    factor: ScoreFactor,
}

impl ScoreTally {
    /// Applies the factor of the most severe open finding in the subject.
    pub(super) fn apply_factor(&mut self, factor: ScoreFactor) {
        self.factor = self.factor.max(factor);
    }

    /// Counts each rule once for the subject, however many containers it has. Rules about the file itself never count.
    pub(super) fn add_outcomes(&mut self, verdicts: &SubjectOutcomes, settings: &Settings) {
        for (rule, verdict) in verdicts.iter() {
            let Some(weight) = score_weight(rule, settings) else { continue };
            match verdict {
                RuleOutcome::Pass => {
                    self.passed_weight += weight;
                    self.applicable_weight += weight;
                }
                RuleOutcome::Fail => self.applicable_weight += weight,
                RuleOutcome::NotApplicable | RuleOutcome::Unknown => {}
            }
        }
    }

    /// The same once a rule of that weight, which failed, is met.
    pub(super) const fn with_met(mut self, weight: u32) -> Self {
        self.passed_weight += weight;
        self
    }

    pub(super) fn plus(mut self, other: Self) -> Self {
        self.passed_weight += other.passed_weight;
        self.applicable_weight += other.applicable_weight;
        self.factor = self.factor.max(other.factor);
        self
    }

    /// 0 to 100, rounded down so that only what is wholly met is 100; none where no rule could decide.
    pub(super) fn score(self) -> Option<u8> {
        let percent =
            (10 * self.passed_weight * self.factor.as_tenths()).checked_div(self.applicable_weight)?;
        u8::try_from(percent).ok()
    }
}

/// The weight of a rule in the score; none for one that is off, or about the file itself.
pub(super) fn score_weight(rule: &Rule, settings: &Settings) -> Option<u32> {
    let counts = rule.theme != RuleTheme::File && !settings.is_rule_off(rule.id);
    counts.then(|| settings.severity_of(rule.id).unwrap_or(rule.severity).weight())
}

/// A mean of scores to which more can be added, and from which some can be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ScoreMean {
    sum: usize,
    count: usize,
    factors: FactorCounts,
}

impl ScoreMean {
    /// The mean of apps; an app whose rules all have unknown outcomes is left out.
    pub(super) fn from_tallies(apps: impl IntoIterator<Item = ScoreTally>) -> Self {
        let mut mean = Self::default();
        for app in apps {
            let Some(score) = app.score() else { continue };
            mean.sum += usize::from(score);
            mean.count += 1;
            mean.factors.critical += usize::from(app.factor == ScoreFactor::OpenCritical);
            mean.factors.high += usize::from(app.factor == ScoreFactor::OpenHigh);
        }
        mean
    }

    /// Replaces a part by another.
    pub(super) fn replace_part(&mut self, old: Self, new: Self) {
        self.sum = self.sum + new.sum - old.sum;
        self.count = self.count + new.count - old.count;
        self.factors.critical = self.factors.critical + new.factors.critical - old.factors.critical;
        self.factors.high = self.factors.high + new.factors.high - old.factors.high;
    }

    pub(super) const fn factor_counts(self) -> FactorCounts {
        self.factors
    }

    /// The mean, rounded down; none without any score.
    pub(super) fn score(self) -> Option<u8> {
        u8::try_from(self.sum.checked_div(self.count)?).ok()
    }
}
