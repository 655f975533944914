//! How changes are seen: the system's events for every folder that is not ignored, or a look from time to time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, ErrorKind, EventKind, RecommendedWatcher, Watcher};

use super::burst::Burst;
use super::follow::{await_return, follow, release};
use super::stamps::Stamps;
use super::{Changed, Raw, WatchMode};

pub(super) struct Eyes {
    root: PathBuf,
    source: WatchSource,
    /// How often to look where there are no events.
    every: Duration,
}

/// Where changes are seen, and what that takes.
enum WatchSource {
    Events {
        watcher: RecommendedWatcher,
        watched: BTreeSet<PathBuf>,
        /// Where the root is gone, the nearest folder above it, in which it may come back.
        above: Option<PathBuf>,
    },
    Polling {
        why: String,
        stamps: Stamps,
    },
}

impl Eyes {
    pub(super) fn of_system(root: &Path, raw: &Sender<Raw>, every: Duration) -> Self {
        if is_remote(root) {
            let why = "on a network filesystem others' changes make no events";
            return Self::polling(root, why.to_owned(), every);
        }
        match RecommendedWatcher::new(sender(raw), Config::default()) {
            Ok(watcher) => {
                let source = WatchSource::Events { watcher, watched: BTreeSet::new(), above: None };
                let mut eyes = Self { root: root.to_path_buf(), source, every };
                eyes.follow_or_poll(std::slice::from_ref(&root.to_path_buf()));
                eyes
            }
            Err(error) => Self::polling(root, reason(&error), every),
        }
    }

    pub(super) fn polling(root: &Path, why: String, every: Duration) -> Self {
        let source = WatchSource::Polling { why, stamps: Stamps::of(root) };
        Self { root: root.to_path_buf(), source, every }
    }

    pub(super) fn mode(&self) -> WatchMode {
        match &self.source {
            WatchSource::Events { .. } => WatchMode::Events,
            WatchSource::Polling { why, .. } => WatchMode::Polling(why.clone()),
        }
    }

    /// How often to look; never where there are events.
    pub(super) fn every(&self) -> Option<Duration> {
        match &self.source {
            WatchSource::Events { .. } => None,
            WatchSource::Polling { stamps, .. } => Some(self.every.max(stamps.patience())),
        }
    }

    /// Looks at every file.
    pub(super) fn look(&mut self) -> Option<Changed> {
        let WatchSource::Polling { stamps, .. } = &mut self.source else { return None };
        let new = Stamps::of(&self.root);
        let change = stamps.compare(&new, &self.root);
        *stamps = new;
        change
    }

    /// Watches what is new, and says what has changed.
    pub(super) fn settle(&mut self, burst: Burst) -> Option<Changed> {
        let WatchSource::Events { watcher, watched, above } = &mut self.source else { return self.look() };
        let gone = |folder: &PathBuf| {
            !folder.is_dir() || burst.lost || burst.folders.iter().any(|other| folder.starts_with(other))
        };
        // A folder that moved keeps its watch under its old name, until that is taken back: always before it is watched
        // under the new one, as the system knows it by one number.
        release(watcher, watched, gone);
        if !self.root.is_dir() {
            let was_there = above.is_none();
            await_return(watcher, above, &self.root);
            if !self.root.is_dir() {
                return was_there.then_some(Changed::Everything);
            }
        }
        if let Some(above) = above.take() {
            let _ = watcher.unwatch(&above);
            self.follow_or_poll(std::slice::from_ref(&self.root.clone()));
            return Some(Changed::Everything);
        }
        if burst.is_everything(&self.root) {
            self.follow_or_poll(std::slice::from_ref(&self.root.clone()));
            return Some(Changed::Everything);
        }
        let new: Vec<PathBuf> = burst.folders.iter().filter(|path| path.is_dir()).cloned().collect();
        if !new.is_empty() {
            self.follow_or_poll(&new);
        }
        burst.changed(&self.root)
    }

    /// Watches every folder at and below the `parts` that is not ignored, and none that is; where the system has no
    /// more watches to give, the files are looked at instead.
    fn follow_or_poll(&mut self, parts: &[PathBuf]) {
        let WatchSource::Events { watcher, watched, .. } = &mut self.source else { return };
        if let Err(error) = follow(watcher, watched, &self.root, parts) {
            *self = Self::polling(&self.root, reason(&error), self.every);
        }
    }
}

/// Passes on what can have changed a file; reading one, as the audit itself does, changes nothing.
fn sender(raw: &Sender<Raw>) -> impl Fn(notify::Result<notify::Event>) + Send + 'static {
    let raw = raw.clone();
    move |event| {
        let told = match event {
            Ok(event) if event.need_rescan() => Raw::Lost,
            Ok(event) => match event.kind {
                EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write) => return,
                _ => Raw::Event(event),
            },
            Err(_) => Raw::Lost,
        };
        let _ = raw.send(told);
    }
}

fn reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
        _ => "the system tells of no changes here".to_owned(),
    }
}

/// Whether other machines may change the files: what they do makes no events here (inotify(7), "Limitations"). The
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
