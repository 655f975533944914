//! Notices changes for the watcher: by the system's events for every folder that is not ignored, or by polling.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, ErrorKind, EventKind, RecommendedWatcher, Watcher};

use super::ancestor_watch::AncestorWatch;
use super::event_burst::EventBurst;
use super::poll_snapshot::PollSnapshot;
use super::subscriptions::{subscribe_folders, unsubscribe_folders, watch_nearest_parent};
use super::{FileChanges, RawEvent, WatchMode};

pub(super) struct WatchBackend {
    root: PathBuf,
    method: WatchMethod,
    /// The shortest time between two polls where there are no events.
    shortest_interval: Duration,
}

enum WatchMethod {
    Events {
        watcher: RecommendedWatcher,
        subscribed: BTreeSet<PathBuf>,
        /// The nearest folder above the root, where the root is gone: it may come back there.
        parent_watch: Option<PathBuf>,
        /// Tells when a folder above the root is moved, with all that is watched in it.
        ancestor_watch: Option<AncestorWatch>,
        raw: Sender<RawEvent>,
    },
    Polling {
        reason: String,
        snapshot: PollSnapshot,
    },
}

impl WatchBackend {
    pub(super) fn from_system(root: &Path, raw: &Sender<RawEvent>, every: Duration) -> Self {
        if is_remote(root) {
            let why = "on a network filesystem others' changes make no events";
            return Self::with_polling(root, why.to_owned(), every);
        }
        match RecommendedWatcher::new(event_sender(raw), Config::default()) {
            Ok(watcher) => {
                let way = WatchMethod::Events {
                    watcher,
                    subscribed: BTreeSet::new(),
                    parent_watch: None,
                    ancestor_watch: None,
                    raw: raw.clone(),
                };
                let mut eyes = Self { root: root.to_path_buf(), method: way, shortest_interval: every };
                eyes.subscribe_or_poll(std::slice::from_ref(&root.to_path_buf()));
                eyes
            }
            Err(error) => Self::with_polling(root, error_reason(&error), every),
        }
    }

    pub(super) fn with_polling(root: &Path, why: String, every: Duration) -> Self {
        let way = WatchMethod::Polling { reason: why, snapshot: PollSnapshot::capture_files(root) };
        Self { root: root.to_path_buf(), method: way, shortest_interval: every }
    }

    pub(super) fn watch_mode(&self) -> WatchMode {
        match &self.method {
            _ if !self.root.is_dir() => WatchMode::Off,
            WatchMethod::Events { .. } => WatchMode::Events,
            WatchMethod::Polling { reason, .. } => WatchMode::Polling(reason.clone()),
        }
    }

    /// The time between polls; none where there are events.
    pub(super) fn poll_interval(&self) -> Option<Duration> {
        match &self.method {
            WatchMethod::Events { .. } => None,
            WatchMethod::Polling { snapshot: stamps, .. } => {
                Some(self.shortest_interval.max(stamps.rest_before_next()))
            }
        }
    }

    /// Looks at every file.
    pub(super) fn poll_once(&mut self) -> Option<FileChanges> {
        let WatchMethod::Polling { snapshot: stamps, .. } = &mut self.method else { return None };
        let new = PollSnapshot::capture_files(&self.root);
        let change = stamps.changes_until(&new, &self.root);
        *stamps = new;
        change
    }

    /// Subscribes to new folders, and returns the changes.
    pub(super) fn process_burst(&mut self, burst: EventBurst) -> Option<FileChanges> {
        let WatchMethod::Events { watcher, subscribed: watched, parent_watch: above, .. } = &mut self.method
        else {
            return self.poll_once();
        };
        let gone = |folder: &PathBuf| {
            !folder.is_dir()
                || burst.has_lost_events
                || burst.folders.iter().any(|other| folder.starts_with(other))
        };
        // A folder that moved keeps its watch under its old name, until that is taken back: always before it is watched
        // under the new one, as the system knows it by one number.
        unsubscribe_folders(watcher, watched, gone);
        if !self.root.is_dir() {
            let was_there = above.is_none();
            watch_nearest_parent(watcher, above, &self.root);
            if !self.root.is_dir() {
                return was_there.then_some(FileChanges::Everything);
            }
        }
        if let Some(above) = above.take() {
            let _ = watcher.unwatch(&above);
            self.subscribe_or_poll(std::slice::from_ref(&self.root.clone()));
            return Some(FileChanges::Everything);
        }
        if burst.affects_everything(&self.root) {
            self.subscribe_or_poll(std::slice::from_ref(&self.root.clone()));
            return Some(FileChanges::Everything);
        }
        // One that could not be read before may be readable now.
        let unwatched = |path: &&PathBuf| !watched.contains(*path) && path.is_dir();
        let opened: Vec<PathBuf> = burst.with_new_rights.iter().filter(unwatched).cloned().collect();
        let new: Vec<PathBuf> =
            burst.folders.iter().filter(|path| path.is_dir()).cloned().chain(opened).collect();
        if !new.is_empty() {
            self.subscribe_or_poll(&new);
        }
        burst.into_changes(&self.root)
    }

    /// Watches every folder at and below the `parts` that is not ignored, and none that is; where the system has no
    /// more watches to give, the files are polled instead.
    fn subscribe_or_poll(&mut self, parts: &[PathBuf]) {
        let WatchMethod::Events { watcher, subscribed: watched, ancestor_watch, raw, .. } = &mut self.method
        else {
            return;
        };
        if let Err(error) = subscribe_folders(watcher, watched, &self.root, parts) {
            *self = Self::with_polling(&self.root, error_reason(&error), self.shortest_interval);
            return;
        }
        // After the others: watches may be few, and these are wanted least.
        if parts.contains(&self.root) {
            *ancestor_watch = AncestorWatch::start_watch(&self.root, raw).ok();
        }
    }
}

/// Passes on what can have changed a file; reading one, as the audit itself does, changes nothing.
fn event_sender(raw: &Sender<RawEvent>) -> impl Fn(notify::Result<notify::Event>) + Send + 'static {
    let raw = raw.clone();
    move |event| {
        let told = match event {
            Ok(event) if event.need_rescan() => RawEvent::EventsLost,
            Ok(event) => match event.kind {
                EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write) => return,
                _ => RawEvent::Event(event),
            },
            Err(_) => RawEvent::EventsLost,
        };
        let _ = raw.send(told);
    }
}

fn error_reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
        _ => "the system tells of no changes here".to_owned(),
    }
}

/// True when other machines may change the files: their changes make no events here (inotify(7), "Limitations"). The
/// numbers are those of statfs(2): NFS, SMB, CIFS, SMB2, 9P, Ceph, AFS, FUSE.
#[cfg(target_os = "linux")]
fn is_remote(root: &Path) -> bool {
    const REMOTE: [u32; 8] =
        [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x00c3_6400, 0x5346_414f, 0x6573_5546];
    rustix::fs::statfs(root).is_ok_and(|about| u32::try_from(about.f_type).is_ok_and(|f| REMOTE.contains(&f)))
}

#[cfg(not(target_os = "linux"))]
fn is_remote(_: &Path) -> bool {
    false
}
