//! Keeps how long cleaning up may still take once nobody waits any more, and what could not be removed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time in which all is cleaned up once nobody waits: what is left then is removed at the next start.
const HURRY_TIME: Duration = Duration::from_secs(7);

/// The state of the cleaning of one engine, which its copies share.
#[derive(Clone, Debug, Default)]
pub struct CleaningState {
    shared: Arc<Mutex<CleaningRecord>>,
}

#[derive(Debug, Default)]
struct CleaningRecord {
    ends: Option<Instant>,
    /// What could not be removed, with the reason.
    left: BTreeMap<String, String>,
}

impl CleaningState {
    /// True while there is time: always as long as somebody waits.
    pub(super) fn has_time(&self, is_awaited: &dyn Fn() -> bool) -> bool {
        if is_awaited() {
            return true;
        }
        let now = Instant::now();
        let mut record = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        now < *record.ends.get_or_insert(now + HURRY_TIME)
    }

    /// Notes a thing that could not be removed.
    pub(super) fn note_left(&self, thing: String, reason: String) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).left.insert(thing, reason);
    }

    /// What could not be removed, each thing with the reason.
    #[must_use]
    pub fn left(&self) -> Vec<(String, String)> {
        let record = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        record.left.iter().map(|(thing, reason)| (thing.clone(), reason.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_out_only_once_nobody_waits() {
        let state = CleaningState::default();
        assert!(state.has_time(&|| true));
        assert!(state.has_time(&|| false), "it has begun to run");
        state.shared.lock().expect("nobody panicked").ends = Some(Instant::now());
        assert!(!state.has_time(&|| false) && state.has_time(&|| true));
    }
}
