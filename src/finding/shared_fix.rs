//! Shares fixes that are alike among findings: the files of a repository mostly ask for the same ones.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use super::Fix;

/// The most fixes that are remembered: what is asked for so often is among the first.
const MAX_SHARED_FIXES: usize = 1024;

thread_local! {
    static SHARED_FIXES: RefCell<HashSet<Arc<Fix>>> = RefCell::default();
}

/// The fix, in the memory of an equal one that this thread made before, if it did.
pub(crate) fn share_fix(mut fix: Fix) -> Arc<Fix> {
    SHARED_FIXES.with_borrow_mut(|known| {
        if let Some(shared) = known.get(&fix) {
            return Arc::clone(shared);
        }
        fix.edits.shrink_to_fit();
        let shared = Arc::new(fix);
        if known.len() >= MAX_SHARED_FIXES {
            known.clear();
        }
        known.insert(Arc::clone(&shared));
        shared
    })
}
