//! The score: how much of what could be met is met, by weight.

use super::verdicts::Verdicts;
use crate::rules::{Theme, Verdict};
use crate::settings::Settings;

/// Weights met and applicable. What is unknown is neither, and what a rule has nothing to say of is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    met: u32,
    applicable: u32,
}

impl Tally {
    /// Counts each rule once for the subject, however many containers it has. Rules about the file itself never count.
    pub(super) fn add(&mut self, verdicts: &Verdicts, settings: &Settings) {
        for (rule, verdict) in verdicts.iter() {
            if rule.theme == Theme::File || settings.is_off(rule.id) {
                continue;
            }
            let weight = settings.severity(rule.id).unwrap_or(rule.severity).weight();
            match verdict {
                Verdict::Met => {
                    self.met += weight;
                    self.applicable += weight;
                }
                Verdict::Fires => self.applicable += weight,
                Verdict::Silent | Verdict::Unknown => {}
            }
        }
    }

    pub(super) fn plus(mut self, other: Self) -> Self {
        self.met += other.met;
        self.applicable += other.applicable;
        self
    }

    /// 0 to 100, rounded down so that only what is wholly met is 100; none where nothing could be told.
    pub(super) fn score(self) -> Option<u8> {
        let percent = (100 * self.met).checked_div(self.applicable)?;
        u8::try_from(percent).ok()
    }
}

/// A mean of scores to which more can be added, and from which some can be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mean {
    sum: usize,
    count: usize,
}

impl Mean {
    pub(super) fn of(scores: impl IntoIterator<Item = u8>) -> Self {
        scores.into_iter().fold(Self::default(), |mean, score| Self {
            sum: mean.sum + usize::from(score),
            count: mean.count + 1,
        })
    }

    /// Exchanges a part for another.
    pub(super) fn replace(&mut self, old: Self, new: Self) {
        self.sum = self.sum + new.sum - old.sum;
        self.count = self.count + new.count - old.count;
    }

    /// Rounded down; none without any.
    pub(super) fn score(self) -> Option<u8> {
        u8::try_from(self.sum.checked_div(self.count)?).ok()
    }
}
