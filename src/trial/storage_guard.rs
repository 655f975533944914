//! Watches the free space of the engine's storage, since no engine bounds what a container writes there.

use super::container_engine::ContainerEngine;

/// The most that may be written during a run, in bytes.
const MAX_WRITTEN: u64 = 1024 * 1024 * 1024;

/// The free space as it was at the start; none where it cannot be told on this machine.
pub(super) struct StorageGuard {
    folder: Option<String>,
    at_start: u64,
}

impl StorageGuard {
    pub(super) fn new(engine: &ContainerEngine) -> Self {
        let folder = engine.storage.clone().filter(|folder| free_bytes(folder).is_some());
        let at_start = folder.as_deref().and_then(free_bytes).unwrap_or_default();
        Self { folder, at_start }
    }

    /// The reason to end a run, where so much has been written.
    pub(super) fn find_breach(&self) -> Option<String> {
        let now = free_bytes(self.folder.as_deref()?)?;
        let written = self.at_start.saturating_sub(now);
        (written > MAX_WRITTEN).then(|| "it wrote more than 1 GiB to the disk".to_owned())
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
