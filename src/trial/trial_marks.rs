//! Names and labels all that a trial makes, so that whoever cleans up knows what is a trial's, and whose.

use std::sync::atomic::{AtomicU32, Ordering};

/// The label of everything that a trial makes; its value names the trial's owner.
pub(super) const TRIAL_LABEL: &str = "seaworthy.trial";
/// What every name begins with.
const NAME_PREFIX: &str = "seaworthy";

/// The process that runs trials: its number may be another's later, its number and start time never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TrialOwner {
    pid: u32,
    /// In ticks of the system's clock since it was started; 0 where that cannot be told.
    started: u64,
}

impl TrialOwner {
    /// This process.
    #[must_use]
    pub(super) fn current() -> Self {
        let pid = std::process::id();
        Self { pid, started: start_time(pid).unwrap_or_default() }
    }

    /// The value of the label.
    #[must_use]
    pub(super) fn mark(&self) -> String {
        format!("{}-{}", self.pid, self.started)
    }

    fn parse(mark: &str) -> Option<Self> {
        let (pid, started) = mark.trim().split_once('-')?;
        Some(Self { pid: pid.parse().ok()?, started: started.parse().ok()? })
    }

    /// True where that process runs no more. Where this cannot be told, it is taken to run.
    fn is_gone(self) -> bool {
        if !std::path::Path::new("/proc/self/stat").exists() {
            return false;
        }
        start_time(self.pid) != Some(self.started)
    }
}

/// True for what a process that is gone has left behind, by the value of its label.
#[must_use]
pub(super) fn is_left_behind(mark: &str) -> bool {
    TrialOwner::parse(mark).is_some_and(TrialOwner::is_gone)
}

/// The mark with which a name begins: `PID-START-…`.
#[must_use]
pub(super) fn mark_of_name(name: &str) -> String {
    name.split('-').take(2).collect::<Vec<_>>().join("-")
}

/// The time at which a process began, by the 22nd field of its `stat`. The name before it may hold anything, and ends with
/// the last bracket.
fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    // A zombie runs no more.
    let state = fields.next()?;
    fields.nth(18)?.parse().ok().filter(|_| state != "Z" && state != "X")
}

/// A name that nothing else has: of this process, by a number that goes up.
#[must_use]
pub(super) fn unique_name(of: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let owner = TrialOwner::current();
    let plain: String = of.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    format!("{NAME_PREFIX}-{}-{}-{number}-{}", owner.pid, owner.started, plain.to_ascii_lowercase())
        .trim_end_matches('-')
        .to_owned()
}

/// The label with its value.
#[must_use]
pub(super) fn label_words() -> String {
    format!("{TRIAL_LABEL}={}", TrialOwner::current().mark())
}

/// The option that labels.
#[must_use]
pub(super) fn label_option() -> String {
    format!("--label={}", label_words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_there_and_one_of_another_start_is_gone() {
        let own = TrialOwner::current();
        assert_eq!(TrialOwner::parse(&own.mark()), Some(own));
        assert!(!is_left_behind(&own.mark()));
        if own.started > 0 {
            assert!(is_left_behind(&format!("{}-{}", own.pid, own.started + 1)));
            assert!(is_left_behind("4194304-7"), "no process has so high a number");
        }
        for foreign in ["", "x", "1", "a-b", "-"] {
            assert!(!is_left_behind(foreign), "{foreign} is nobody's mark");
        }
    }

    #[test]
    fn names_are_plain_and_never_the_same() {
        let (one, other) = (unique_name("Dép/../loy --rm"), unique_name("Dép/../loy --rm"));
        assert_ne!(one, other);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{one}");
        assert!(one.starts_with("seaworthy-"));
    }
}
