//! Counts the trials that go on beside other work, so that a program which ends waits until they have cleaned up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

static ARE_ENDING: AtomicBool = AtomicBool::new(false);
static COUNT: Mutex<usize> = Mutex::new(0);
static ONE_ENDED: Condvar = Condvar::new();

/// A trial that goes on, for as long as this is there.
pub struct RunningTrial {
    _is_private: (),
}

impl RunningTrial {
    #[must_use]
    pub fn begin() -> Self {
        *COUNT.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self { _is_private: () }
    }

    /// True once all are to end.
    #[must_use]
    pub fn are_ending() -> bool {
        ARE_ENDING.load(Ordering::Relaxed)
    }

    /// Has all of them end, and waits for that, at most so long.
    pub fn end_all(patience: Duration) {
        ARE_ENDING.store(true, Ordering::Relaxed);
        let count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        drop(ONE_ENDED.wait_timeout_while(count, patience, |count| *count > 0));
    }
}

impl Drop for RunningTrial {
    fn drop(&mut self) {
        let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.saturating_sub(1);
        ONE_ENDED.notify_all();
    }
}
