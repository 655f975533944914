//! The score: how much of what could be met is met, by weight.

use super::judge::Verdicts;
use crate::rules::{self, Theme, Verdict};
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
        for (id, verdict) in verdicts {
            let Some(rule) = rules::find(id).filter(|rule| rule.theme != Theme::File) else { continue };
            if settings.is_off(rule.id) {
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

/// The mean of the apps' scores, rounded down; none without any.
pub(super) fn mean(scores: &[u8]) -> Option<u8> {
    let sum: usize = scores.iter().map(|score| usize::from(*score)).sum();
    u8::try_from(sum.checked_div(scores.len())?).ok()
}
