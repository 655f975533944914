//! Watches the repository, and reports which files have changed after each pause, for the screen.

mod ancestor_watch;
mod event_burst;
mod poll_snapshot;
mod subscriptions;
mod watch_backend;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::RelPath;
use event_burst::EventBurst;
use watch_backend::WatchBackend;

/// A change is reported when nothing more has happened for this long,
const QUIET_PERIOD: Duration = Duration::from_millis(100);
/// or, where something always happens, this long after its first event.
const MAX_DELAY: Duration = Duration::from_millis(500);
/// or this long, where so much happens that all is read again anyway: a checkout is one change.
const MAX_DELAY_OF_LARGE_BURST: Duration = Duration::from_secs(5);
/// The shortest time between two polls, where the system reports no events.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The changes since the last report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChanges {
    /// These files, or what lies in these folders.
    Paths(BTreeSet<RelPath>),
    /// Too many to name, or of what is ignored: read everything again.
    Everything,
}

/// The ways in which a repository is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WatchMode {
    /// Not yet, or not at all, as while the folder is gone.
    #[default]
    Off,
    /// The system reports what changes.
    Events,
    /// The system reports none, and the files are polled every few seconds; the reason, for the screen.
    Polling(String),
    /// A person wants no changes reported for now.
    Paused,
}

/// The mode as the watching thread last knew it.
type SharedMode = Arc<Mutex<WatchMode>>;

/// Watches until it is dropped.
pub struct RepositoryWatch {
    mode: SharedMode,
    stop: Sender<RawEvent>,
}

/// The messages to the watching thread.
enum RawEvent {
    Event(notify::Event),
    /// Events were lost.
    EventsLost,
    Stop,
}

impl RepositoryWatch {
    /// Turns from events to polling when the system's limit is reached, never back; and to nothing and back while the
    /// folder is gone.
    #[must_use]
    pub fn watch_mode(&self) -> WatchMode {
        self.mode.lock().map(|mode| mode.clone()).unwrap_or_default()
    }
}

impl Drop for RepositoryWatch {
    fn drop(&mut self) {
        let _ = self.stop.send(RawEvent::Stop);
    }
}

/// Tells `changed` of each change below `root`, from a thread of its own that sleeps while nothing happens. What is read
/// after this returns is watched already: begin to watch, then scan. Only folders are watched, never single files, since
/// editors that save by renaming would end those; and of folders only those that no ignore file hides.
#[must_use]
pub fn watch_repository(root: &Path, changed: impl Fn(FileChanges) + Send + 'static) -> RepositoryWatch {
    start_watch(root, changed, |root, raw| WatchBackend::from_system(root, raw, POLL_INTERVAL))
}

/// Polls the files `every` so often, where the system is known to report nothing; `why` is for the screen.
#[must_use]
pub fn poll_repository(
    root: &Path,
    why: &str,
    every: Duration,
    changed: impl Fn(FileChanges) + Send + 'static,
) -> RepositoryWatch {
    start_watch(root, changed, |root, _| WatchBackend::with_polling(root, why.to_owned(), every))
}

fn start_watch(
    root: &Path,
    changed: impl Fn(FileChanges) + Send + 'static,
    open: impl FnOnce(&Path, &Sender<RawEvent>) -> WatchBackend,
) -> RepositoryWatch {
    let (send, receive) = channel();
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let mode = SharedMode::default();
    let watching = WatchThread { backend: open(&root, &send), mode: Arc::clone(&mode), on_changes: changed };
    watching.report_mode();
    let thread = std::thread::Builder::new().name("watch".to_owned());
    if thread.spawn(move || watching.run_loop(&receive)).is_err() {
        set_mode(&mode, WatchMode::Off);
    }
    RepositoryWatch { mode, stop: send }
}

struct WatchThread<F> {
    backend: WatchBackend,
    mode: SharedMode,
    on_changes: F,
}

impl<F: Fn(FileChanges)> WatchThread<F> {
    fn run_loop(mut self, receive: &Receiver<RawEvent>) {
        loop {
            let first = match self.backend.poll_interval() {
                None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(every) => receive.recv_timeout(every),
            };
            let change = match first {
                Ok(first) => match gather_burst(receive, first) {
                    Some(burst) => self.backend.process_burst(burst),
                    None => return,
                },
                Err(RecvTimeoutError::Timeout) => self.backend.poll_once(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.report_mode();
            if let Some(change) = change {
                (self.on_changes)(change);
            }
        }
    }

    fn report_mode(&self) {
        set_mode(&self.mode, self.backend.watch_mode());
    }
}

fn set_mode(shared: &SharedMode, mode: WatchMode) {
    if let Ok(mut shared) = shared.lock() {
        *shared = mode;
    }
}

/// Everything that happens until a pause; none when it is time to stop.
fn gather_burst(receive: &Receiver<RawEvent>, first: RawEvent) -> Option<EventBurst> {
    let began = Instant::now();
    let mut burst = EventBurst::default();
    let mut next = Ok(first);
    loop {
        match next {
            Ok(RawEvent::Event(event)) => burst.add_event(event),
            Ok(RawEvent::EventsLost) => burst.has_lost_events = true,
            Err(RecvTimeoutError::Timeout) => return Some(burst),
            Ok(RawEvent::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
        }
        let end = began + if burst.is_large() { MAX_DELAY_OF_LARGE_BURST } else { MAX_DELAY };
        next = receive.recv_timeout(QUIET_PERIOD.min(end.saturating_duration_since(Instant::now())));
    }
}
