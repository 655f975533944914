//! Decides by several answers whether a probe is met, as a kubelet does.

use super::launch_probe::ProbeTiming;

/// What the answers to one probe come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ProbeVerdict {
    pub is_met: bool,
    /// The last answer in words; empty where there was none yet.
    pub words: String,
    /// How many answers in a row speak against what holds now.
    against: u32,
}

impl ProbeVerdict {
    /// Takes in an answer; true where anything of this is another then.
    pub(super) fn take(&mut self, timing: ProbeTiming, answer: Result<String, String>) -> bool {
        let (is_well, words) = match answer {
            Ok(words) => (true, words),
            Err(words) => (false, words),
        };
        let needed = if self.is_met { timing.failures } else { timing.successes };
        self.against = if is_well == self.is_met { 0 } else { self.against + 1 };
        let turns = self.against >= needed;
        if turns {
            self.is_met = !self.is_met;
            self.against = 0;
        }
        // One failure among others is not what decides.
        let is_said = turns || (is_well == self.is_met && words != self.words) || self.words.is_empty();
        if is_said {
            self.words = words;
        }
        is_said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_answers_in_a_row_decide_as_the_manifest_says() {
        let timing = ProbeTiming { successes: 2, failures: 3, ..ProbeTiming::default() };
        let mut verdict = ProbeVerdict::default();
        let well = || Ok("200".to_owned());
        let bad = || Err("503".to_owned());
        let mut after = |answer| {
            verdict.take(timing, answer);
            (verdict.is_met, verdict.words.clone())
        };
        assert_eq!(after(bad()), (false, "503".to_owned()));
        assert_eq!(after(well()), (false, "503".to_owned()));
        assert_eq!(after(bad()), (false, "503".to_owned()));
        assert_eq!(after(well()), (false, "503".to_owned()), "a failure between begins anew");
        assert_eq!(after(well()), (true, "200".to_owned()));
        assert_eq!(after(bad()), (true, "200".to_owned()));
        assert_eq!(after(bad()), (true, "200".to_owned()));
        assert_eq!(after(bad()), (false, "503".to_owned()));
    }
}
