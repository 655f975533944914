//! Resolves many references at once, for fixes: registries side by side, each of them gently.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::registry_session::lock_mutex;
use super::{DigestStatus, ReferenceResolver, RegistryError, TagResolution};
use crate::image::Reference;

/// The most requests that run at once, of all registries and of one.
const MAX_REQUESTS: usize = 8;
const MAX_REQUESTS_PER_REGISTRY: usize = 2;

/// The answer to each reference, in the order they are given; a repeated one is queried once. `progress` receives the
/// answered and the total, from whichever thread has the answer.
pub fn resolve_all(
    resolver: &dyn ReferenceResolver,
    references: &[Reference],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<TagResolution, RegistryError>> {
    let key = |reference: &Reference| format!("{}:{}", reference.name(), reference.tag().unwrap_or("latest"));
    query_all(references, key, &|reference| resolver.resolve(reference), progress)
}

/// The state of the digest of each reference, likewise.
pub fn check_all_digests(
    resolver: &dyn ReferenceResolver,
    references: &[Reference],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<DigestStatus, RegistryError>> {
    let key = |reference: &Reference| reference.text().to_owned();
    query_all(references, key, &|reference| resolver.check_digest(reference), progress)
}

/// Queries references of the same key once.
fn query_all<T: Clone + Send>(
    references: &[Reference],
    key: impl Fn(&Reference) -> String,
    ask: &(dyn Fn(&Reference) -> Result<T, RegistryError> + Sync),
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<T, RegistryError>> {
    let mut unlike: BTreeMap<String, usize> = BTreeMap::new();
    for (index, reference) in references.iter().enumerate() {
        unlike.entry(key(reference)).or_insert(index);
    }
    let mut by_host: HashMap<&str, Vec<usize>> = HashMap::new();
    for index in unlike.values() {
        by_host.entry(references[*index].host()).or_default().push(*index);
    }
    let mut lanes: Vec<Vec<usize>> = Vec::new();
    for all in by_host.into_values() {
        lanes.extend(all.chunks(all.len().div_ceil(MAX_REQUESTS_PER_REGISTRY)).map(<[usize]>::to_vec));
    }
    let total = unlike.len();
    let (queue, done) = (Mutex::new(lanes.into_iter()), AtomicUsize::new(0));
    let answers: Mutex<HashMap<usize, Result<T, RegistryError>>> = Mutex::default();
    let work = || {
        loop {
            let Some(lane) = lock_mutex(&queue).next() else { return };
            for index in lane {
                let answer = ask(&references[index]);
                lock_mutex(&answers).insert(index, answer);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..MAX_REQUESTS.min(total) {
            scope.spawn(work);
        }
    });
    let answers = lock_mutex(&answers);
    references
        .iter()
        .map(|reference| {
            let first = unlike.get(&key(reference));
            let answer = first.and_then(|index| answers.get(index)).cloned();
            answer.unwrap_or_else(|| Err(RegistryError::Cancelled { host: reference.host().to_owned() }))
        })
        .collect()
}
