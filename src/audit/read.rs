//! Reading many files at once.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry::{Entry, Look};
use crate::repo::{Candidate, RelPath};

/// Reads the candidates on all processors, and parses those that are not as they are `known`. `progress` is told how
/// many of how many are read.
pub(super) fn all(
    root: &Path,
    candidates: Vec<Candidate>,
    known: &BTreeMap<RelPath, Entry>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Look> {
    let total = candidates.len();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(total);
    let queue = Mutex::new(candidates.into_iter());
    let done = AtomicUsize::new(0);
    let work = || {
        let mut entries = Vec::new();
        while let Some(candidate) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            let known = known.get(&candidate.path);
            entries.extend(Entry::read(root, candidate, known));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        }
        entries
    };
    if threads < 2 {
        return work();
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}
