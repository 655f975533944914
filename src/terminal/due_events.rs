//! Keeps the times at which the loop sends the app an event of its own: nothing else wakes a program that waits.

use std::time::{Duration, Instant};

use crate::app::AppEvent;

/// The delay before the screen says that something is pending: for quicker work that would only flicker.
const REMINDER_DELAY: Duration = Duration::from_millis(150);
/// The time without a change after which a burst of changes is over: a checkout pauses for less.
const QUIET_DELAY: Duration = Duration::from_millis(700);
/// The time that a toast has the footer's row: enough to read one line.
const TOAST_DELAY: Duration = Duration::from_secs(4);

/// The times at which events are due; none where none is.
#[derive(Debug, Default)]
pub(super) struct DueEvents {
    reminder: Option<Instant>,
    quiet: Option<Instant>,
    toast_end: Option<Instant>,
}

impl DueEvents {
    /// Something is pending from now on.
    pub(super) fn await_reminder(&mut self, now: Instant) {
        self.reminder = self.reminder.or(Some(now + REMINDER_DELAY));
    }

    /// Something changed now, and more may follow.
    pub(super) fn await_quiet(&mut self, now: Instant) {
        self.quiet = Some(now + QUIET_DELAY);
    }

    /// A toast is shown from now on.
    pub(super) fn await_toast_end(&mut self, now: Instant) {
        self.toast_end = Some(now + TOAST_DELAY);
    }

    /// The time of the event that is due next.
    pub(super) fn next_time(&self) -> Option<Instant> {
        [self.reminder, self.quiet, self.toast_end].into_iter().flatten().min()
    }

    /// An event that is due at this time; each comes once.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<AppEvent> {
        let is_due = |time: &mut Option<Instant>| time.take_if(|time| *time <= now).is_some();
        if is_due(&mut self.reminder) {
            Some(AppEvent::ReminderDue)
        } else if is_due(&mut self.quiet) {
            Some(AppEvent::QuietReached)
        } else if is_due(&mut self.toast_end) {
            Some(AppEvent::ToastOver)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_ends_by_itself_and_then_nothing_is_due() {
        let start = Instant::now();
        let mut due = DueEvents::default();
        assert!(due.next_time().is_none() && due.take_due(start).is_none());
        due.await_toast_end(start);
        due.await_quiet(start);
        assert_eq!(due.next_time(), Some(start + QUIET_DELAY));
        assert!(due.take_due(start).is_none());
        assert!(matches!(due.take_due(start + QUIET_DELAY), Some(AppEvent::QuietReached)));
        assert_eq!(due.next_time(), Some(start + TOAST_DELAY));
        // The next toast has its own time.
        due.await_toast_end(start + QUIET_DELAY);
        assert!(due.take_due(start + TOAST_DELAY).is_none());
        let end = start + QUIET_DELAY + TOAST_DELAY;
        assert!(matches!(due.take_due(end), Some(AppEvent::ToastOver)));
        assert!(due.next_time().is_none() && due.take_due(end).is_none());
    }
}
