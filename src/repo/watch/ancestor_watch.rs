//! Tells the watcher when a folder above the repository is moved or removed: the system tells nothing of that to a watch
//! on the repository's own folders, which then are others than those of their paths.

use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;

use super::RawEvent;

/// Watches until it is dropped.
pub(super) struct AncestorWatch {
    #[cfg(target_os = "linux")]
    _events: linux::MoveEvents,
}

impl AncestorWatch {
    /// Reports the root as removed when a folder above it is. What else happens in those folders wakes nobody up.
    #[cfg(target_os = "linux")]
    pub(super) fn start_watch(root: &Path, raw: &Sender<RawEvent>) -> io::Result<Self> {
        Ok(Self { _events: linux::MoveEvents::listen(root, raw)? })
    }

    /// Elsewhere no such watch is known.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn start_watch(_: &Path, _: &Sender<RawEvent>) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::Sender;
    use std::{io, thread};

    use notify::event::{EventKind, RemoveKind};
    use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};

    use super::super::RawEvent;

    pub(super) struct MoveEvents {
        inotify: Arc<OwnedFd>,
        watches: Vec<i32>,
        stopped: Arc<AtomicBool>,
    }

    impl MoveEvents {
        pub(super) fn listen(root: &Path, raw: &Sender<RawEvent>) -> io::Result<Self> {
            let inotify = Arc::new(inotify::init(CreateFlags::CLOEXEC)?);
            let flags = WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF | WatchFlags::ONLYDIR;
            let above = root.ancestors().skip(1);
            // A folder that may be passed through, but not be read, cannot be watched.
            let watches: Vec<i32> =
                above.filter_map(|folder| inotify::add_watch(&inotify, folder, flags).ok()).collect();
            if watches.is_empty() {
                return Err(io::ErrorKind::Unsupported.into());
            }
            let watch = Self { inotify, watches, stopped: Arc::default() };
            let (inotify, stopped) = (Arc::clone(&watch.inotify), Arc::clone(&watch.stopped));
            let (root, raw) = (root.to_path_buf(), raw.clone());
            thread::Builder::new().name("ancestors".to_owned()).spawn(move || {
                while let Ok(flags) = read_event(&inotify)
                    && !stopped.load(Ordering::SeqCst)
                {
                    if flags.intersects(ReadFlags::MOVE_SELF | ReadFlags::DELETE_SELF | ReadFlags::UNMOUNT) {
                        let event = notify::Event::new(EventKind::Remove(RemoveKind::Folder));
                        let _ = raw.send(RawEvent::Event(event.add_path(root.clone())));
                    }
                }
            })?;
            Ok(watch)
        }
    }

    impl Drop for MoveEvents {
        fn drop(&mut self) {
            self.stopped.store(true, Ordering::SeqCst);
            // The end of a watch is an event as well: the thread sees it, and ends.
            for watch in &self.watches {
                let _ = inotify::remove_watch(&*self.inotify, *watch);
            }
        }
    }

    /// Waits for the next event.
    fn read_event(inotify: &OwnedFd) -> io::Result<ReadFlags> {
        let mut bytes = [MaybeUninit::uninit(); 1024];
        let mut reader = inotify::Reader::new(inotify, &mut bytes);
        Ok(rustix::io::retry_on_intr(|| reader.next().map(|event| event.events()))?)
    }
}
