//! Spreads work over the processors, for audits and fixes.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{LazyLock, Mutex};

/// Fewer items than this are not worth a thread.
const MIN_PARALLEL_ITEMS: usize = 4;

/// The number of processors, computed once: the system reads files to find it.
static PROCESSOR_COUNT: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// Does the work for each item, on all processors where there are more than a few; the results are in the order of the
/// items.
pub(crate) fn par_map<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let threads = *PROCESSOR_COUNT;
    if items.len() < MIN_PARALLEL_ITEMS || threads < 2 {
        return items.into_iter().map(work).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    let run = || std::iter::from_fn(next).map(|(at, item)| (at, work(item))).collect::<Vec<_>>();
    let mut results: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut results = run();
        for worker in workers {
            results.extend(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    });
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The most results that may wait for the consumer.
const MAX_PENDING_RESULTS: usize = 8;

/// Does the work for each item, and has the results taken one by one, in the order of the items, while it goes on with
/// later ones.
///
/// # Errors
/// The first of `take`; then no more is done.
pub(crate) fn par_map_ordered<I: Send, T: Send, E>(
    items: Vec<I>,
    work: impl Fn(I) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    let run = |done: SyncSender<(usize, T)>| {
        std::iter::from_fn(next).all(|(at, item)| done.send((at, work(item))).is_ok());
    };
    std::thread::scope(|scope| {
        let (done, results) = sync_channel(MAX_PENDING_RESULTS);
        let workers = (0..*PROCESSOR_COUNT).map(|_| done.clone()).map(|done| scope.spawn(|| run(done)));
        let workers: Vec<_> = workers.collect();
        drop(done);
        let taken = deliver_in_order(results, &mut take);
        for worker in workers {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        taken
    })
}

/// Takes each result once all before it are taken.
fn deliver_in_order<T, E>(
    results: Receiver<(usize, T)>,
    take: &mut impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for (at, result) in results {
        early.insert(at, result);
        while let Some(result) = early.remove(&next) {
            take(result)?;
            next += 1;
        }
    }
    Ok(())
}
