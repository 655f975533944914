//! Keeps the needs of pods for as long as nothing in the repository changes: rules, fixes and their proofs ask for the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::needs::pod::{PodNeeds, PodPlace};
use crate::repo::RelPath;

/// The most pods whose needs are kept at a time. They are asked for in the order of the files, so of very many the first
/// are not asked for again soon.
const MAX_KEPT_PODS: usize = 4096;

/// The needs of pods by their place. A copy begins without any.
#[derive(Debug, Default)]
pub struct PodNeedsMemo {
    kept: Mutex<KeptNeeds>,
}

#[derive(Debug, Default)]
struct KeptNeeds {
    by_path: HashMap<RelPath, HashMap<(usize, usize), Arc<PodNeeds>>>,
    count: usize,
}

impl PodNeedsMemo {
    /// The needs of the pod at a place, found by the first who asks.
    pub(super) fn get_or_find(&self, place: PodPlace<'_>, find: impl FnOnce() -> PodNeeds) -> Arc<PodNeeds> {
        let known = self.lock().by_path.get(place.path).and_then(|pods| pods.get(&place.position)).cloned();
        if let Some(needs) = known {
            return needs;
        }
        let needs = Arc::new(find());
        let mut kept = self.lock();
        if kept.count == MAX_KEPT_PODS {
            *kept = KeptNeeds::default();
        }
        let pods = kept.by_path.entry(place.path.clone()).or_default();
        if pods.insert(place.position, Arc::clone(&needs)).is_none() {
            kept.count += 1;
        }
        needs
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) {
        *self.lock() = KeptNeeds::default();
    }

    fn lock(&self) -> MutexGuard<'_, KeptNeeds> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for PodNeedsMemo {
    fn clone(&self) -> Self {
        Self::default()
    }
}
