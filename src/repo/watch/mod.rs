//! Watching the repository: which files have changed, once it is quiet.

mod burst;
mod eyes;
mod follow;
mod stamps;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::RelPath;
use burst::Burst;
use eyes::Eyes;

/// A change is told when nothing more has happened for this long,
const QUIET: Duration = Duration::from_millis(100);
/// or, where something always happens, this long after its first event.
const AT_MOST: Duration = Duration::from_millis(500);
/// or this long, where so much happens that all is looked at again anyway: a checkout is one change.
const MUCH_AT_MOST: Duration = Duration::from_secs(5);
/// How often files are looked at, at the most, where the system tells of no events.
const POLL: Duration = Duration::from_secs(2);

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These files, or what lies in these folders.
    Paths(BTreeSet<RelPath>),
    /// Too much to tell, or what is ignored: look at everything again.
    Everything,
}

/// How the repository is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WatchMode {
    /// Not yet, or not at all.
    #[default]
    Off,
    /// The system says when something changes.
    Events,
    /// It does not, and the files are looked at every few seconds; why, for the screen.
    Polling(String),
    /// A person wants to hear of no changes for now.
    Paused,
}

/// Watches until it is dropped.
pub struct Watch {
    silence: Arc<OnceLock<String>>,
    stop: Sender<Raw>,
}

/// What the watching thread is told.
enum Raw {
    Event(notify::Event),
    /// Events were lost.
    Lost,
    Stop,
}

impl Watch {
    /// By events or by polling: the first may turn into the second, when the system's limit is reached; never back.
    #[must_use]
    pub fn mode(&self) -> WatchMode {
        self.silence.get().map_or(WatchMode::Events, |why| WatchMode::Polling(why.clone()))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.stop.send(Raw::Stop);
    }
}

/// Tells `changed` of each change below `root`, from a thread of its own that sleeps while nothing happens. What is read
/// after this returns is watched already: begin to watch, then scan. Only folders are watched, never single files, since
/// editors that save by renaming would end those; and of folders only those that no ignore file hides.
#[must_use]
pub fn watch(root: &Path, changed: impl Fn(Changed) + Send + 'static) -> Watch {
    start(root, changed, |root, raw| Eyes::of_system(root, raw, POLL))
}

/// The same by looking at the files `every` so often, where it is known that the system tells nothing; `why` is for the
/// screen.
#[must_use]
pub fn poll(root: &Path, why: &str, every: Duration, changed: impl Fn(Changed) + Send + 'static) -> Watch {
    start(root, changed, |root, _| Eyes::polling(root, why.to_owned(), every))
}

fn start(
    root: &Path,
    changed: impl Fn(Changed) + Send + 'static,
    open: impl FnOnce(&Path, &Sender<Raw>) -> Eyes,
) -> Watch {
    let (send, receive) = channel();
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let silence = Arc::new(OnceLock::new());
    let watching = WatchThread { eyes: open(&root, &send), silence: Arc::clone(&silence), changed };
    watching.admit();
    let thread = std::thread::Builder::new().name("watch".to_owned());
    if let Err(error) = thread.spawn(move || watching.run(&receive)) {
        let _ = silence.set(format!("nothing is noticed: {error}"));
    }
    Watch { silence, stop: send }
}

/// What the watching thread works with.
struct WatchThread<F> {
    eyes: Eyes,
    silence: Arc<OnceLock<String>>,
    changed: F,
}

impl<F: Fn(Changed)> WatchThread<F> {
    fn run(mut self, receive: &Receiver<Raw>) {
        loop {
            let first = match self.eyes.every() {
                None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(every) => receive.recv_timeout(every),
            };
            let change = match first {
                Ok(first) => match gather(receive, first) {
                    Some(burst) => self.eyes.settle(burst),
                    None => return,
                },
                Err(RecvTimeoutError::Timeout) => self.eyes.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.admit();
            if let Some(change) = change {
                (self.changed)(change);
            }
        }
    }

    /// Says when it has come to polling, and why.
    fn admit(&self) {
        if let WatchMode::Polling(why) = self.eyes.mode() {
            let _ = self.silence.set(why);
        }
    }
}

/// Everything that happens until it is quiet; none when it is time to stop.
fn gather(receive: &Receiver<Raw>, first: Raw) -> Option<Burst> {
    let began = Instant::now();
    let mut burst = Burst::default();
    let mut next = Ok(first);
    loop {
        match next {
            Ok(Raw::Event(event)) => burst.take(event),
            Ok(Raw::Lost) => burst.lost = true,
            Err(RecvTimeoutError::Timeout) => return Some(burst),
            Ok(Raw::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
        }
        let end = began + if burst.is_much() { MUCH_AT_MOST } else { AT_MOST };
        next = receive.recv_timeout(QUIET.min(end.saturating_duration_since(Instant::now())));
    }
}
