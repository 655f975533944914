//! Watching the repository: which files have changed, once it is quiet.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::RelPath;
use super::scan::folders;

/// A change is told when nothing more has happened for this long,
const QUIET: Duration = Duration::from_millis(100);
/// or, where something always happens, this long after its first event.
const AT_MOST: Duration = Duration::from_millis(500);
/// How often files are looked at where the system tells of no events.
const POLL: Duration = Duration::from_secs(2);

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These files, or what lies in these folders.
    Paths(BTreeSet<RelPath>),
    /// Too much to tell, or what is ignored: look at everything again.
    Everything,
}

/// How changes are noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noticing {
    /// The system tells.
    Events,
    /// It does not, and the files are looked at every [`POLL`]; why, for the screen.
    Polling(String),
}

/// Watches until it is dropped.
pub struct Watch {
    pub noticing: Noticing,
    // Dropping the watcher closes the channel that the debouncing thread sleeps on.
    _stop: Sender<Raw>,
}

enum Raw {
    Event(Event),
    Lost,
    Stop,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self._stop.send(Raw::Stop);
    }
}

/// Tells `changed` of each change below `root`, from a thread of its own that sleeps while nothing happens. Only
/// folders are watched, never single files: editors that save by renaming would end those.
#[must_use]
pub fn watch(root: &Path, changed: impl Fn(Changed) + Send + 'static) -> Watch {
    let (send, receive) = channel();
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let (mut watcher, mut noticing) = start(&send);
    let mut watched = BTreeSet::new();
    if let Err(error) = watcher.follow(&root, &root, &mut watched) {
        (watcher, noticing) = (Watcher::polling(&send), Noticing::Polling(reason(&error)));
        watched.clear();
        let _ = watcher.follow(&root, &root, &mut watched);
    }
    let state = Debounce { root, watcher, watched, changed };
    std::thread::spawn(move || state.run(&receive));
    Watch { noticing, _stop: send }
}

fn start(send: &Sender<Raw>) -> (Watcher, Noticing) {
    match RecommendedWatcher::new(sender(send), Config::default()) {
        Ok(watcher) => (Watcher::System(watcher), Noticing::Events),
        Err(error) => (Watcher::polling(send), Noticing::Polling(reason(&error))),
    }
}

fn reason(error: &notify::Error) -> String {
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
        _ => "the system tells of no changes here".to_owned(),
    }
}

/// Passes on what can have changed a file; reading one, as the audit itself does, changes nothing.
fn sender(send: &Sender<Raw>) -> impl Fn(notify::Result<Event>) + Send + 'static {
    let send = send.clone();
    move |event| {
        let raw = match event {
            Ok(event) if event.need_rescan() => Raw::Lost,
            Ok(event) => match event.kind {
                EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write) => return,
                _ => Raw::Event(event),
            },
            Err(_) => Raw::Lost,
        };
        let _ = send.send(raw);
    }
}

enum Watcher {
    System(RecommendedWatcher),
    Polling(PollWatcher),
    None,
}

impl Watcher {
    fn polling(send: &Sender<Raw>) -> Self {
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
        PollWatcher::new(sender(send), config).map_or(Self::None, Self::Polling)
    }

    /// Watches every folder at and below `from` that no ignore file hides.
    fn follow(&mut self, root: &Path, from: &Path, watched: &mut BTreeSet<PathBuf>) -> notify::Result<()> {
        for folder in folders(root, from) {
            if !watched.contains(&folder) {
                match self.watch(&folder) {
                    Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => {
                        return Err(error);
                    }
                    // A folder that went away meanwhile, or may not be read, is no reason to give up on the others.
                    Err(_) => continue,
                    Ok(()) => watched.insert(folder),
                };
            }
        }
        Ok(())
    }

    fn watch(&mut self, folder: &Path) -> notify::Result<()> {
        match self {
            Self::System(watcher) => watcher.watch(folder, RecursiveMode::NonRecursive),
            Self::Polling(watcher) => watcher.watch(folder, RecursiveMode::NonRecursive),
            Self::None => Ok(()),
        }
    }
}

struct Debounce<F> {
    root: PathBuf,
    watcher: Watcher,
    watched: BTreeSet<PathBuf>,
    changed: F,
}

impl<F: Fn(Changed)> Debounce<F> {
    fn run(mut self, receive: &Receiver<Raw>) {
        while let Ok(first) = receive.recv() {
            let mut burst = Burst::default();
            let mut going = self.take(&mut burst, first);
            let end = Instant::now() + AT_MOST;
            while going {
                let left = end.saturating_duration_since(Instant::now());
                match receive.recv_timeout(QUIET.min(left)) {
                    Ok(raw) => going = self.take(&mut burst, raw),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => going = false,
                }
            }
            if !going {
                return;
            }
            let change = self.settle(burst);
            (self.changed)(change);
        }
    }

    /// Whether to go on.
    fn take(&self, burst: &mut Burst, raw: Raw) -> bool {
        match raw {
            Raw::Stop => return false,
            Raw::Lost => burst.everything = true,
            Raw::Event(event) => {
                let folder = matches!(
                    event.kind,
                    EventKind::Create(CreateKind::Folder | CreateKind::Any)
                        | EventKind::Modify(ModifyKind::Name(_))
                );
                for path in event.paths {
                    burst.everything |= path == self.root
                        || path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
                    if folder {
                        burst.folders.insert(path.clone());
                    }
                    burst.paths.insert(path);
                }
            }
        }
        true
    }

    /// Watches what is new, and names what has changed.
    fn settle(&mut self, burst: Burst) -> Changed {
        // A folder that was made, perhaps again under its old name, has lost the watch it had.
        self.watched
            .retain(|folder| folder.is_dir() && !burst.folders.iter().any(|new| folder.starts_with(new)));
        let new = burst.folders.iter().filter(|path| path.is_dir());
        let from: Vec<PathBuf> =
            if burst.everything { vec![self.root.clone()] } else { new.cloned().collect() };
        if burst.everything && !self.watched.contains(&self.root) {
            self.watched.clear();
        }
        for folder in from {
            let _ = self.watcher.follow(&self.root, &folder, &mut self.watched);
        }
        if burst.everything {
            return Changed::Everything;
        }
        Changed::Paths(burst.paths.iter().filter_map(|path| RelPath::below(&self.root, path)).collect())
    }
}

#[derive(Default)]
struct Burst {
    paths: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    everything: bool,
}
