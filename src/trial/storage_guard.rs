//! Watches the free space of the engine's storage, since no engine bounds what a container writes there.

use super::container_engine::ContainerEngine;

/// The free space as it was at the start; none where it cannot be told on this machine.
pub(super) struct StorageGuard {
    folder: Option<String>,
    at_start: u64,
    /// The most that may be written during a run, in bytes.
    limit: u64,
}

impl StorageGuard {
    pub(super) fn new(engine: &ContainerEngine, limit: u64) -> Self {
        let folder = engine.storage.clone().filter(|folder| free_bytes(folder).is_some());
        let at_start = folder.as_deref().and_then(free_bytes).unwrap_or_default();
        Self { folder, at_start, limit }
    }

    /// The reason to end a run, where so much has been written.
    pub(super) fn find_breach(&self) -> Option<String> {
        let now = free_bytes(self.folder.as_deref()?)?;
        let written = self.at_start.saturating_sub(now);
        (written > self.limit)
            .then(|| format!("it wrote more than {} to the disk", describe_disk(self.limit)))
    }
}

/// An amount of disk in words.
pub(super) fn describe_disk(bytes: u64) -> String {
    let mebibytes = bytes / (1024 * 1024);
    if mebibytes > 0 && mebibytes.is_multiple_of(1024) {
        format!("{} GiB", mebibytes / 1024)
    } else {
        format!("{mebibytes} MiB")
    }
}

#[cfg(unix)]
fn free_bytes(folder: &str) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &str) -> Option<u64> {
    None
}
