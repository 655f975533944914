//! What all renders of a repository's charts may do together, whatever each of them may: charts and value sets are many.

use std::sync::atomic::{AtomicU64, Ordering};

use super::rendered_chart::{OriginSegment, RenderedChart};
use crate::template::render_state::WorkDone;

/// Steps of all renders; a repository of a large chart with many value sets takes a hundredth.
const MAX_STEPS: u64 = 60_000_000;

/// Bytes that all renders make on their way, as each of them counts; the same repository takes a fiftieth.
const MAX_BYTES: u64 = 1 << 30;

/// Bytes of what is rendered, which is kept, with the places it comes from.
const MAX_KEPT: u64 = 64 << 20;

/// What is spent by renders that may run beside one another. One that has begun ends within its own bounds.
#[derive(Debug, Default)]
pub struct RenderAllowance {
    steps: AtomicU64,
    bytes: AtomicU64,
    kept: AtomicU64,
}

impl RenderAllowance {
    /// True where no further render is begun.
    pub fn is_spent(&self) -> bool {
        let over = |spent: &AtomicU64, most| spent.load(Ordering::Relaxed) >= most;
        over(&self.steps, MAX_STEPS) || over(&self.bytes, MAX_BYTES) || over(&self.kept, MAX_KEPT)
    }

    /// Takes what a render did, whether it ended well or not.
    pub(super) fn take_work(&self, work: WorkDone) {
        self.steps.fetch_add(work.steps, Ordering::Relaxed);
        self.bytes.fetch_add(work.bytes, Ordering::Relaxed);
    }

    /// Takes the room of what came of a render.
    pub(super) fn take_kept(&self, rendered: &RenderedChart) {
        let sizes = rendered
            .templates
            .iter()
            .map(|template| template.text.len() + size_of_val::<[OriginSegment]>(&template.origin));
        self.kept.fetch_add(sizes.sum::<usize>() as u64, Ordering::Relaxed);
    }
}
